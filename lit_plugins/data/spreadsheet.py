"""Tables as CSV whose cells no spreadsheet runs as formulas, whatever divides its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Number
from typing import Any

_SIGNS = "=+\\-@\uff1d\uff0b\uff0d\uff20"

FORMULA = f"[{_SIGNS}\t\r\n]"
"""Pattern of the first character of cells that spreadsheets run as formulas.

It includes full-width signs, which spreadsheets of East Asian locales accept.
"""

_FORMULA = re.compile(FORMULA)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
# In most of Europe, spreadsheets divide lines at semicolons. Then quotes around the whole cell do
# not hold it together, and what follows a semicolon, tab or line end in it begins a cell.
_INSIDE = re.compile(f"([;\t\r\n])(?=[\"']*[{_SIGNS}])")
_MARKED_INSIDE = re.compile(f"([;\t\r\n])'(?=[\"']*[{_SIGNS}])")


def inert(cell: Any) -> Any:
    """The cell, with apostrophes where parts of a text would run as formulas.

    One stands before a text that begins like a formula, and before each such part behind a
    semicolon, tab or line end. Numbers, and texts that are numbers, stay as they are.
    """
    if cell is None or isinstance(cell, Number):
        return cell
    text = inert_inside(str(cell))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def inert_inside(text: str) -> str:
    """The text, with an apostrophe before each part that begins like a formula but the first."""
    return _INSIDE.sub(r"\1'", text)


def unmarked_inside(text: str) -> str:
    """The text of which `inert_inside` made this one."""
    return _MARKED_INSIDE.sub(r"\1", text)


def as_csv(
    names: Sequence[str], rows: Iterable[Mapping[str, Any]], *, header: bool = True
) -> bytes:
    """Writes rows as CSV in UTF-8, each ended by a newline.

    Args:
        names: the names of the columns, in order.
        rows: cells by column name; a cell that is missing or None is empty.
        header: whether the first line has the names of the columns.
    """
    lines: list[Sequence[Any]] = [names] if header else []
    lines += [[row.get(name) for name in names] for row in rows]
    return "".join(map(_line, lines)).encode()


def _line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    # With this line end, csv quotes carriage returns too; unquoted, they would split a text.
    csv.writer(text, lineterminator="\r\n").writerow(map(inert, cells))
    return text.getvalue().removesuffix("\r\n") + "\n"
