"""Separators of a delimited file: which character stands between its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

Record = tuple[int, list[str] | str]
"""The number of the line on which a row begins; its fields, or why they cannot be read."""

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
"""Separators in common use, with their names in messages."""

_SAMPLE = 100
"""Number of rows after the header that decide between separators."""

_DECLARED = re.compile(r'"?sep=(.)"?[,;\t|]*[\r\n]*', re.IGNORECASE)


def declared_separator(first_line: str) -> str | None:
    """The separator that a first line such as `sep=;` declares, as spreadsheets write it."""
    declaration = _DECLARED.fullmatch(first_line)
    return declaration[1] if declaration else None


def chosen_separator(usual: str, header: str, records: Callable[[str], Iterator[Record]]) -> str:
    """Chooses the separator with which most rows have as many fields as the header.

    Another separator than the usual one must give the header at least two fields. It must fit more
    rows than the usual one or, where that leaves the header in one field, at least half the rows.

    Args:
        usual: the separator that the file declares, or that belongs to its ending.
        header: the line that names the columns.
        records: reads the file with a separator, the header first.
    """
    others = [separator for separator in SEPARATORS if separator != usual and separator in header]
    if not others:
        return usual
    width, most, _ = _fitting(records(usual))
    chosen = usual
    for separator in others:
        other, fitting, rows = _fitting(records(separator))
        least = max(1, (rows + 1) // 2) if width < 2 and chosen == usual else most + 1
        if other >= 2 and fitting >= least:
            chosen, most = separator, fitting
    return chosen


def _fitting(records: Iterator[Record]) -> tuple[int, int, int]:
    """The header's number of fields, the number of rows that fit it, and that of all rows read.

    If no row has as many fields, those with one more fit: `unnamed_field` says why.
    """
    (_, header), *sample = islice(records, _SAMPLE + 1)
    width = len(header) if isinstance(header, list) else 0
    widths = [len(fields) if isinstance(fields, list) else 0 for _, fields in sample]
    return width, widths.count(width) or widths.count(width + 1), len(sample)
