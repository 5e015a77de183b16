"""Counts and lists in the sentences about data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 row`, `2 rows`, `1,200 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(names: Iterable[str], most: int = 20) -> str:
    """A list of at most `most` names on one line: `a, b, c and 4 more`."""
    names = [" ".join(name.split()) for name in names]
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def numbered(rows: Sequence[int], unit: str) -> str:
    """A list of row numbers: `4, 17, 230 and 27 more`, or `lines 4, 17` if they count lines."""
    lead = {("line", True): "line ", ("line", False): "lines "}.get((unit, len(rows) == 1), "")
    return lead + listed(map(str, rows), most=10)


def grouped(reasons: Iterable[tuple[int, str]], unit: str) -> str:
    """A list of reasons, most frequent first: `2 not UTF-8 (lines 4, 9), 1 not JSON (line 7)`.

    Args:
        reasons: the number of each row, and its reason.
        unit: what the row numbers count.
    """
    rows: dict[str, list[int]] = {}
    for row, reason in reasons:
        rows.setdefault(reason, []).append(row)
    by_count = sorted(rows.items(), key=lambda group: -len(group[1]))
    return listed(
        (f"{len(group):,} {reason} ({numbered(group, unit)})" for reason, group in by_count),
        most=6,
    )
