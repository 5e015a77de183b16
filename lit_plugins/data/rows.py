"""The rows of a source as they were read, before anything is judged or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Rows:
    """Columns of equal length, row by row as in the source.

    Attributes:
        columns: cells by column name; a missing cell is None.
        numbers: the row number of each row, which counts what `unit` says.
        malformed: row numbers of what could not be read as a row; they are not in `columns`.
        unit: "line" (of the file, the header being line 1) or "row".
        typed: whether cells have types of their own; in CSV and TSV all are strings.
        class_names: names of the numbers 0, 1, … in columns that declare them.
        unread: columns that were not read because they hold lists, objects or bytes.
    """

    columns: Mapping[str, Sequence[object]]
    numbers: Sequence[int]
    malformed: Sequence[int] = ()
    unit: Literal["line", "row"] = "row"
    typed: bool = True
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
