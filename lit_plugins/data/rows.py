"""Raw rows of a source, before any are judged or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Rows:
    """Columns of equal length, with rows in the order of the source.

    Attributes:
        columns: cells by column name; a missing cell is None.
        numbers: the number of each row in the source, counted in `unit`.
        malformed: the numbers of rows that could not be read, which `columns` leaves out.
        reasons: why malformed rows could not be read, by number, in words that follow "1 row":
            "with 2 fields instead of 3", "not JSON".
        unit: "line" (of the file, where the header is line 1) or "row".
        typed: whether cells have types of their own; in CSV and TSV all are strings.
        class_names: names of the numbers 0, 1, … in columns that declare them.
        unread: names of columns that were not read because they hold lists, objects or bytes.
        notes: whole sentences on how the source was read.
    """

    columns: Mapping[str, Sequence[object]]
    numbers: Sequence[int]
    malformed: Sequence[int] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)
    unit: Literal["line", "row"] = "row"
    typed: bool = True
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
