"""CSV and TSV files, of which every line that is no good row is found and numbered."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from lit_plugins.data.files import is_utf8, not_utf8
from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation

Record = tuple[int, list[str] | None]
"""The line on which a row begins, and its fields; None where the line could not be read."""

_READ_AGAIN = 4
_LOOK_UP = 1000


def read_delimited(data: bytes, title: str, delimiter: str) -> Rows:
    """Read a table in UTF-8 whose first line names the columns.

    CSV (comma) is read as RFC 4180 says, and strictly: a field that begins with a quote ends with
    one. Whether a TSV (tab) is quoted differs from writer to writer. Here a line of a TSV is
    unquoted unless the header has quotes or the line looks just as a writer that quotes would have
    written it, so that `"Great," they said` keeps its quotes.

    A row is malformed when its quotes are broken, its number of fields is not that of the header,
    a field is longer than 131,072 characters, or it has zero bytes. (Bytes that are not UTF-8 pass
    as lone surrogates, for the caller to find.) After broken quotes, reading goes on with the next
    line; in a file of so many that it would be read more than about five times over, a row then is
    one line. Blank lines are no rows; columns without a name are dropped.

    Raises:
        UserError: the first line names no columns, or one of them twice.
    """
    # Line ends inside quotes belong to the text, so none is translated here.
    lines = list(io.StringIO(data.decode("utf-8", "surrogateescape"), newline=""))
    first = next(line for line in lines if line.strip("\r\n"))
    unquoted = delimiter == "\t" and '"' not in first
    records = (
        _tab_records(lines, width=first.count("\t") + 1)
        if unquoted
        else _quoted_records(lines, delimiter)
    )
    names = _header(next(records, (1, None))[1], title)
    numbers: list[int] = []
    malformed: list[int] = []
    kept: list[list[str]] = []
    for at, (number, fields) in enumerate(records):
        if at % _LOOK_UP == 0:
            cancellation.check()
        if fields is None or len(fields) != len(names) or any("\0" in field for field in fields):
            malformed.append(number)
        else:
            numbers.append(number)
            kept.append(fields)
    columns = {name: [fields[place] for fields in kept] for place, name in enumerate(names) if name}
    return Rows(columns, numbers, malformed, unit="line", typed=False)


def _header(fields: list[str] | None, title: str) -> list[str]:
    names = [field.strip() for field in fields or []]
    if not any(names):
        raise UserError(f"{title} names no columns: write their names into its first line.")
    if not all(map(is_utf8, names)):
        raise not_utf8(f"The first line of {title}")
    twice = {name for name, times in Counter(names).items() if name and times > 1}
    if twice:
        raise UserError(
            f"The first line of {title} names the column {listed(map(repr, sorted(twice)))} twice: "
            "give each column its own name."
        )
    return names


def _quoted_records(lines: list[str], delimiter: str) -> Iterator[Record]:
    start = 0
    patience = _READ_AGAIN * len(lines)
    while start < len(lines):
        begin = start
        end = len(lines) if patience > 0 else start + 1
        reader = csv.reader(_between(lines, start, end), delimiter=delimiter, strict=True)
        try:
            for fields in reader:
                if fields:
                    yield begin + 1, fields
                begin = start + reader.line_num
            start = end
        except csv.Error:
            yield begin + 1, None
            patience -= start + reader.line_num - begin - 1
            start = begin + 1


def _tab_records(lines: list[str], width: int) -> Iterator[Record]:
    start = 0
    patience = _READ_AGAIN * len(lines)
    while start < len(lines):
        line = lines[start].rstrip("\r\n")
        end = len(lines) if patience > 0 else start + 1
        quoted, read = _as_quoted(lines, start, end, width) if '"' in line else (None, 1)
        if line:
            yield start + 1, quoted or line.split("\t")
        used = read if quoted else 1
        patience -= read - used
        start += used


def _as_quoted(lines: list[str], start: int, end: int, width: int) -> tuple[list[str] | None, int]:
    """A quoting writer's row of `width` fields that begins at `start`, and how many lines it took.

    None where the lines are not what `csv.writer` makes of the fields it would find.
    """
    reader = csv.reader(_between(lines, start, end), delimiter="\t", strict=True)
    try:
        fields = next(reader)
    except (csv.Error, StopIteration):
        return None, reader.line_num
    if len(fields) != width:
        return None, reader.line_num
    written = io.StringIO()
    csv.writer(written, delimiter="\t").writerow(fields)
    read = "".join(_between(lines, start, start + reader.line_num))
    same = written.getvalue().rstrip("\r\n") == read.rstrip("\r\n")
    return fields if same else None, reader.line_num


def _between(lines: list[str], start: int, end: int) -> Iterator[str]:
    # Unlike a slice, this costs nothing where reading begins anew after every malformed line.
    return (lines[place] for place in range(start, end))
