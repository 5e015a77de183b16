"""What loading gives: a table of texts, and a report of what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lit_plugins.data.wording import counted, numbered

Kind = Literal["category", "text", "number", "boolean"]
Cell = str | int | float | bool


@dataclass(frozen=True)
class LoadReport:
    """What loading left out or found noteworthy.

    `read` is the number of data rows in the source (blank lines are none), `kept` that of the
    table. A row is left out for one reason, the first of these: malformed (a wrong number of
    fields, broken quotes or JSON, not UTF-8, a text that is not a string), empty (no text, or only
    white space), an unknown label, a duplicate (an earlier row has the same text and label).
    The tuples hold row numbers, counted as `TextTable.rows` says.

    Attributes:
        source: the source as it was asked for.
        unlabelled: rows that were kept without a label, in a table that has labels.
        notes: whole sentences about the table.
        unit: what the row numbers count.
    """

    source: str
    read: int
    kept: int
    duplicates: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()
    unknown_labels: tuple[int, ...] = ()
    malformed: tuple[int, ...] = ()
    unlabelled: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    unit: Literal["line", "row"] = "row"

    @property
    def usable(self) -> int:
        """The number of rows that nothing speaks against: `kept`, before `max_examples`."""
        left_out = (self.duplicates, self.empty, self.unknown_labels, self.malformed)
        return self.read - sum(map(len, left_out))

    def sentences(self) -> list[str]:
        """One plain sentence for each thing to know; none where every row was kept.

        At most ten row numbers are named: "3 rows have an empty text and were left out:
        lines 4, 17, 230.".
        """
        said = []
        for rows, one, many in (
            (self.malformed, "is malformed and was left out", "are malformed and were left out"),
            (
                self.empty,
                "has an empty text and was left out",
                "have an empty text and were left out",
            ),
            (
                self.unknown_labels,
                "has an unknown label and was left out",
                "have an unknown label and were left out",
            ),
            (
                self.duplicates,
                "repeats an earlier text and label and was left out",
                "repeat an earlier text and label and were left out",
            ),
            (self.unlabelled, "has no label and was kept", "have no label and were kept"),
        ):
            if rows:
                verb = one if len(rows) == 1 else many
                said.append(f"{counted(len(rows), 'row')} {verb}: {numbered(rows, self.unit)}.")
        if self.kept < self.usable:
            said.append(
                f"A sample of {self.kept:,} of the {self.usable:,} usable rows was kept, in their "
                "order."
            )
        return [*said, *self.notes]


@dataclass(frozen=True)
class TextTable:
    """Texts as they were written, their labels, and the other columns; n rows everywhere.

    Attributes:
        name: a short name of letters, digits, `.`, `_` and `-` only.
        texts: n texts, never empty, exactly as in the source.
        labels: n names out of `label_names`; None where the row had no label.
        label_names: the names that labels may have, in the order of their numbers; None when the
            table has no labels.
        columns: the other columns, n cells each. A column holds strings ("" where a cell was
            missing), numbers or booleans throughout; lists and objects are not kept.
        kinds: the kind of each of `columns`: "category" (at most 50 distinct strings of at most
            40 characters), "text" (other strings), "number" or "boolean".
        rows: where each text stands in the source, counted from 1. In CSV, TSV and JSON lines it
            is the line of the file on which the row begins, so the header is line 1; in Parquet,
            a JSON array and a dataset it is the row.
        report: what was left out.
        description: one sentence for the page.
    """

    name: str
    texts: tuple[str, ...]
    labels: tuple[str | None, ...]
    label_names: tuple[str, ...] | None
    columns: Mapping[str, tuple[Cell, ...]]
    kinds: Mapping[str, Kind]
    rows: tuple[int, ...]
    report: LoadReport
    description: str
