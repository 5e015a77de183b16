"""How the sentences of this room count and list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`, `1,200 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Iterable[str], most: int = 20) -> str:
    """`a, b, c and 4 more` on one line, with at most `most` names spelt out."""
    names = [" ".join(name.split()) for name in names]
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def numbered(rows: Sequence[int], unit: str) -> str:
    """`4, 17, 230 and 27 more`, led by `line` or `lines` where the numbers count lines."""
    lead = {("line", True): "line ", ("line", False): "lines "}.get((unit, len(rows) == 1), "")
    return lead + listed(map(str, rows), most=10)
