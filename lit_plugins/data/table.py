"""Results of loading: a table of texts, and a report of the rows that were left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lit_plugins.data.wording import counted, grouped, numbered

Kind = Literal["category", "text", "number", "boolean"]
Cell = str | int | float | bool


@dataclass(frozen=True)
class LoadReport:
    """A report of the rows that loading left out, and other notes on the table.

    A row is left out for the first reason that applies: it is malformed, its text is empty, its
    label is unknown, or it is a duplicate. The tuples hold row numbers, counted as in
    `TextTable.rows`.

    Attributes:
        source: the source's name as the user wrote it.
        read: the number of data rows in the source, without blank lines.
        kept: the number of rows in the table.
        duplicates: rows with the text and label of an earlier row.
        empty: rows without a text, or with only white space.
        unknown_labels: rows with an unknown label.
        malformed: rows with a wrong number of fields, broken quotes or JSON, bytes that are not
            UTF-8, or a text that is not a string.
        reasons: why rows are malformed, by number, in words such as "with 2 fields instead of 3".
        unlabelled: rows that were kept without a label, in a table that has labels.
        notes: whole sentences about the table.
        unit: what the row numbers count.
        text_column: the name of the column of texts; "" if they come from no column.
        label_column: the name of the column of labels; None for none.
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
    text_column: str = ""
    label_column: str | None = None
    reasons: Mapping[int, str] = field(default_factory=dict)

    @property
    def taken(self) -> str:
        """A sentence on which columns hold the texts and the labels; "" for texts of no column."""
        if not self.text_column:
            return ""
        label = f"column {self.label_column!r}" if self.label_column is not None else "none"
        return f"Texts: column {self.text_column!r}; labels: {label}."

    @property
    def usable(self) -> int:
        """The number of rows that were not left out, before `max_examples` limits them."""
        left_out = (self.duplicates, self.empty, self.unknown_labels, self.malformed)
        return self.read - sum(map(len, left_out))

    def sentences(self) -> list[str]:
        """Sentences for the user, one for each reason and note.

        A sentence names at most ten row numbers: "3 rows have an empty text and were left out:
        lines 4, 17, 230.". The list is empty if every row was kept and there are no notes.
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
                said.append(f"{counted(len(rows), 'row')} {verb}: {self._which(rows)}.")
        if self.kept < self.usable:
            said.append(
                f"A sample of {self.kept:,} of the {self.usable:,} usable rows was kept, in their "
                "order."
            )
        return [*said, *self.notes]

    def _which(self, rows: Sequence[int]) -> str:
        if not any(row in self.reasons for row in rows):
            return numbered(rows, self.unit)
        reasons = ((row, self.reasons.get(row, "for another reason")) for row in rows)
        return grouped(reasons, self.unit)


@dataclass(frozen=True)
class TextTable:
    """A table of n texts as written, their labels, and other columns.

    Attributes:
        name: a short name of letters, digits, `.`, `_` and `-` only.
        texts: n texts, never empty, exactly as in the source.
        labels: n names out of `label_names`; None for a row without a label.
        label_names: the possible labels, in the order of their numbers; None if the table has no
            labels.
        columns: the other columns, with n cells each. All cells of a column are strings ("" for a
            missing cell), numbers or booleans; lists and objects are not kept.
        kinds: the kind of each of `columns`: "category" (at most 50 distinct strings of at most
            40 characters), "text" (other strings), "number" or "boolean".
        rows: the position of each text in the source, counted from 1. In CSV, TSV and JSON lines
            it is the line on which the row begins, where the header is line 1; in Parquet, a JSON
            array and a dataset it is the row.
        report: the report of the rows that were left out.
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

    def without(self, indices: Collection[int]) -> TextTable:
        """The table without the texts of some indices."""
        kept = [index for index in range(len(self.texts)) if index not in indices]
        return replace(
            self,
            texts=tuple(self.texts[index] for index in kept),
            labels=tuple(self.labels[index] for index in kept),
            columns={
                name: tuple(cells[index] for index in kept) for name, cells in self.columns.items()
            },
            rows=tuple(self.rows[index] for index in kept),
        )
