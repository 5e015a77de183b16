"""CSV and TSV files; malformed rows are reported with their line numbers and the reasons."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from lit_plugins.data.encodings import checked_encoding
from lit_plugins.data.headers import header_names
from lit_plugins.data.rows import Rows
from lit_plugins.data.separators import SEPARATORS, Record, chosen_separator, declared_separator
from lit_plugins.data.unnamed_field import named_fields
from lit_plugins.data.wording import counted
from lit_plugins.runtime import cancellation

LONGEST_FIELD = 10_000_000
"""Most characters of a field; more are probably rows behind a quote that was never closed."""

_TOO_LONG = f"with a field of more than {LONGEST_FIELD:,} characters"
_ZERO_BYTE = "with a zero byte"
_BROKEN_QUOTE = "with a broken quote"

_READ_AGAIN = 4
"""How many times over a file with broken quotes may be read again before rows are single lines."""

_LOOK_UP = 1000
"""Number of rows between two checks for cancellation."""

_HEAD = 1000
"""Number of first lines by which the separator is chosen."""


def read_delimited(data: bytes, title: str, delimiter: str) -> Rows:
    """Reads a UTF-8 table whose first line names the columns.

    The first line may declare the separator, as in `sep=;`; the second one then names the columns.
    Another common separator than `delimiter` is taken if the rows fit it better, see
    `chosen_separator`; a note says so. Rows may all have one field more than the header, see
    `named_fields`; a note says so, too.

    Fields are read strictly by RFC 4180: a field that begins with a quote must end with one.
    Writers of tab-separated files differ on quoting. A line of such a file therefore counts as
    unquoted, unless the header has quotes or the line is exactly what a quoting writer would have
    written. This keeps the quotes of `"Great," they said`.

    A row is malformed if its quotes are broken, its number of fields differs from the header's, a
    field is longer than `LONGEST_FIELD`, it contains zero bytes, or it equals a header of several
    names. Bytes that are not UTF-8 become lone surrogates, which the caller must find. After broken
    quotes, reading resumes at the next line. If a file has so many broken quotes that it would be
    read about five times over, every following row is a single line. Blank lines are skipped, and
    columns without a name are dropped.

    Args:
        data: the file's bytes, without a byte order mark.
        title: how error messages call the file.
        delimiter: the separator that belongs to the file's ending.

    Raises:
        UserError: the first line names no columns, names one twice, or no name or row is UTF-8.
    """
    if csv.field_size_limit() < LONGEST_FIELD:  # of the process; it is only ever raised
        csv.field_size_limit(LONGEST_FIELD)
    # Line ends inside quotes belong to the text, so newlines are not translated here.
    lines = list(io.StringIO(data.decode("utf-8", "surrogateescape"), newline=""))
    first = next(place for place, line in enumerate(lines) if line.strip("\r\n"))
    declared = declared_separator(lines[first])
    if declared is not None:
        lines[first] = "\n"  # a blank line is skipped, and the others keep their numbers
    header = next((line for line in lines if line.strip("\r\n")), "")
    separator = chosen_separator(
        declared or delimiter, header, lambda other: _records(lines[:_HEAD], other)
    )
    records = _records(lines, separator)
    fields = next(records, (1, []))[1]
    names = header_names(fields, title)
    read = []
    for count, record in enumerate(records):
        if count % _LOOK_UP == 0:
            cancellation.check()
        read.append(record)
    notes: tuple[str, ...] = ()
    if declared is not None or separator != delimiter:
        known = SEPARATORS.get(separator, repr(separator))
        notes = (f"The fields were read as separated by {known}.",)
    named = named_fields([row for _, row in read if isinstance(row, list)], len(names))
    width, place = len(names), slice(None)
    if named is not None:
        place, note = named
        width, notes = len(names) + 1, (*notes, note)
    numbers: list[int] = []
    reasons: dict[int, str] = {}
    kept: list[list[str]] = []
    for number, row in read:
        if isinstance(row, str):
            reasons[number] = row
        elif fault := _fault(row, width, fields):
            reasons[number] = fault
        else:
            numbers.append(number)
            kept.append(row[place])
    rows = Rows(
        {name: [row[index] for row in kept] for index, name in enumerate(names) if name},
        numbers,
        list(reasons),
        reasons,
        unit="line",
        typed=False,
        notes=notes,
    )
    return checked_encoding(rows, data, title)


def _fault(row: list[str], width: int, header: Sequence[str]) -> str | None:
    """Why a row cannot be used; None if it can."""
    if len(row) != width:
        return f"with {counted(len(row), 'field')} instead of {width}"
    if any("\0" in field for field in row):
        return _ZERO_BYTE
    if any(len(field) > LONGEST_FIELD for field in row):
        return _TOO_LONG
    return "equal to the header" if row == header and len(row) > 1 else None


def _records(lines: list[str], separator: str) -> Iterator[Record]:
    if separator == "\t":
        first = next((line for line in lines if line.strip("\r\n")), "")
        if '"' not in first:
            return _tab_records(lines, width=first.count("\t") + 1)
    return _quoted_records(lines, separator)


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
        except csv.Error as error:
            yield begin + 1, _reason(error)
            patience -= start + reader.line_num - begin - 1
            start = begin + 1


def _reason(error: csv.Error) -> str:
    said = str(error)
    if "field limit" in said:
        return _TOO_LONG
    return _ZERO_BYTE if "NUL" in said else _BROKEN_QUOTE


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
    """Tries to read a quoted row of `width` fields, or one more, that begins at line `start`.

    Returns:
        The fields, and the number of lines that were read. The fields are None unless
        `csv.writer` would write them exactly as the lines have them.
    """
    reader = csv.reader(_between(lines, start, end), delimiter="\t", strict=True)
    try:
        fields = next(reader)
    except (csv.Error, StopIteration):
        return None, reader.line_num
    if len(fields) not in (width, width + 1):  # see `unnamed_field`
        return None, reader.line_num
    written = io.StringIO()
    csv.writer(written, delimiter="\t").writerow(fields)
    read = "".join(_between(lines, start, start + reader.line_num))
    same = written.getvalue().rstrip("\r\n") == read.rstrip("\r\n")
    return fields if same else None, reader.line_num


def _between(lines: list[str], start: int, end: int) -> Iterator[str]:
    # A slice would copy the rest of the file each time reading resumes after a malformed line.
    return (lines[place] for place in range(start, end))
