"""CSV and TSV files; malformed rows are reported with their line numbers."""

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
"""The number of the line on which a row begins, and its fields; None if they cannot be read."""

_READ_AGAIN = 4
"""How many times over a file with broken quotes may be read again before rows are single lines."""

_LOOK_UP = 1000
"""Number of rows between two checks for cancellation."""


def read_delimited(data: bytes, title: str, delimiter: str) -> Rows:
    """Reads a UTF-8 table whose first line names the columns.

    CSV (comma) is read strictly by RFC 4180: a field that begins with a quote must end with one.
    Writers of TSV (tab) differ on quoting. A line of a TSV therefore counts as unquoted, unless
    the header has quotes or the line is exactly what a quoting writer would have written. This
    keeps the quotes of `"Great," they said`.

    A row is malformed if its quotes are broken, its number of fields differs from the header's, a
    field is longer than 131,072 characters, or it contains zero bytes. Bytes that are not UTF-8
    become lone surrogates, which the caller must find. After broken quotes, reading resumes at the
    next line. If a file has so many broken quotes that it would be read about five times over,
    every following row is a single line. Blank lines are skipped, and columns without a name are
    dropped.

    Args:
        data: the file's bytes, without a byte order mark.
        title: how error messages call the file.
        delimiter: a comma or a tab.

    Raises:
        UserError: the first line names no columns, names one twice, or is not UTF-8.
    """
    # Line ends inside quotes belong to the text, so newlines are not translated here.
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
    for count, (number, fields) in enumerate(records):
        if count % _LOOK_UP == 0:
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
    """Tries to read a quoted row of `width` fields that begins at line `start`.

    Returns:
        The fields, and the number of lines that were read. The fields are None unless
        `csv.writer` would write them exactly as the lines have them.
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
    # A slice would copy the rest of the file each time reading resumes after a malformed line.
    return (lines[place] for place in range(start, end))
