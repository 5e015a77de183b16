"""Tables as CSV whose cells no spreadsheet runs as formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"
"""Pattern of the first character of cells that spreadsheets run as formulas.

It includes full-width signs, which spreadsheets of East Asian locales accept.
"""

_FORMULA = re.compile(FORMULA)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def inert(cell: Any) -> Any:
    """The cell, with an apostrophe before a text that would run as a formula.

    Numbers, and texts that are numbers, stay as they are.
    """
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


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
