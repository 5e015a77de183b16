"""Tables as CSV that a spreadsheet shows, and does not run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMULA = "[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"
"""What begins so is computed: also by the wide signs, where those are how people write."""

_FORMULA = re.compile(FORMULA)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def inert(cell: Any) -> Any:
    """The cell, with an apostrophe before a text that would be a formula; numbers stay numbers."""
    if isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def as_csv(
    names: Sequence[str], rows: Iterable[Mapping[str, Any]], *, header: bool = True
) -> bytes:
    """Rows as CSV in UTF-8, a line each.

    Args:
        names: of the columns, in order.
        rows: cells by column; one that is missing or None is empty.
        header: whether the names stand above.
    """
    lines: list[Sequence[Any]] = [names] if header else []
    lines += [[row.get(name) for name in names] for row in rows]
    return "".join(map(_line, lines)).encode()


def _line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    # With this end it puts quotes around a carriage return, too: else half a text would be a row.
    csv.writer(text, lineterminator="\r\n").writerow(map(inert, cells))
    return text.getvalue().removesuffix("\r\n") + "\n"
