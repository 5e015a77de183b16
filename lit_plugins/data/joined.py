"""Rows of several files or splits as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError


def joined(parts: Sequence[tuple[str, Rows]], title: str) -> Rows:
    """The rows of all parts, one after the other.

    A single part stays as it is. In several, rows are numbered from 1 through all parts, and the
    reasons of malformed rows say where they are.

    Args:
        parts: names of files or splits, and their rows.
        title: how error messages call the whole.

    Raises:
        UserError: parts have different columns or classes.
    """
    if len(parts) == 1:
        return parts[0][1]
    first_name, first = parts[0]
    for name, rows in parts:
        if rows.columns.keys() != first.columns.keys() or rows.class_names != first.class_names:
            raise UserError(
                f"{first_name} and {name} of {title} have different columns or classes "
                f"({listed(first.columns, most=5)}; {listed(rows.columns, most=5)}): give one of "
                "them by itself."
            )
    numbers: list[int] = []
    reasons: dict[int, str] = {}
    before = 0
    for name, rows in parts:
        places = {row: before + place for place, row in enumerate(_all_numbers(rows), start=1)}
        before += len(places)
        numbers += [places[row] for row in rows.numbers]
        firsts: dict[str, int] = {}
        for row in sorted(rows.malformed):
            reason = rows.reasons.get(row, "for another reason")
            first_row = firsts.setdefault(reason, row)
            reasons[places[row]] = f"{reason} in {name}, first in {rows.unit} {first_row}"
    return Rows(
        columns={
            column: [cell for _, rows in parts for cell in rows.columns[column]]
            for column in first.columns
        },
        numbers=numbers,
        malformed=list(reasons),
        reasons=reasons,
        typed=any(rows.typed for _, rows in parts),
        class_names=first.class_names,
        unread=tuple(dict.fromkeys(column for _, rows in parts for column in rows.unread)),
        notes=tuple(dict.fromkeys(note for _, rows in parts for note in rows.notes)),
    )


def selected(rows: Rows, start: int, stop: int) -> Rows:
    """The rows from `start` to before `stop`, counted from 0 with the malformed ones."""
    among = set(_all_numbers(rows)[start:stop])
    places = [place for place, row in enumerate(rows.numbers) if row in among]
    return replace(
        rows,
        columns={name: [cells[place] for place in places] for name, cells in rows.columns.items()},
        numbers=[rows.numbers[place] for place in places],
        malformed=[row for row in rows.malformed if row in among],
    )


def _all_numbers(rows: Rows) -> list[int]:
    return sorted([*rows.numbers, *rows.malformed])
