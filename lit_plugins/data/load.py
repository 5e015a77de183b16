"""Loading of tables: keeps a source's usable rows and reports the rows that it leaves out."""

from __future__ import annotations

import os
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lit_plugins.data.columns import (
    RATIONALE,
    choose_columns,
    label_candidates,
    tidy_column,
    written_lists,
)
from lit_plugins.data.headers import header_notes
from lit_plugins.data.in_memory import TableObject
from lit_plugins.data.labels import Labels, read_labels
from lit_plugins.data.rows import Rows
from lit_plugins.data.sources import Source, open_source
from lit_plugins.data.table import Cell, Kind, LoadReport, TextTable
from lit_plugins.data.wording import grouped, listed
from lit_plugins.errors import UserError
from lit_plugins.text.given import is_utf8


def load_table(
    source: str | os.PathLike[str] | TableObject,
    *,
    split: str | None = None,
    config: str | None = None,
    text_column: str | None = None,
    label_column: str | None = None,
    label_names: Collection[str] | None = None,
    max_examples: int | None = None,
) -> TextTable:
    """Loads texts, their labels and other columns, and reports the rows that were left out.

    Args:
        source: one of: `reviews` (part of the package); `sst2` (SST-2 on the hub); the path of a
            .csv, .tsv, .jsonl, .ndjson, .json or .parquet file; a folder of such files, or one
            written by `save_to_disk` of `datasets`; the name of a dataset on the Hugging Face hub;
            a pandas DataFrame; a `datasets.Dataset`, or a DatasetDict of which one split is read.
            A path that exists takes precedence over a dataset on the hub.
        split: the split of a dataset or folder; by default validation, else test, else train.
        config: the configuration of a dataset that has several.
        text_column: by default guessed, see `choose_columns`.
        label_column: by default guessed; "none" for no labels.
        label_names: the wanted labels, usually a model's, in the order of their numbers. In a set
            of labels, which has no order, a number stands for a label only if it is in the label's
            name. By default the labels of the source, see `read_labels`.
        max_examples: the most rows to keep. If there are more usable rows, a sample is drawn with
            a fixed seed (0) and keeps the order of the source, so that the same source and number
            always give the same rows.

    Raises:
        UserError: the source, a column, a split or a number is wrong, or no usable row is left.
    """
    if max_examples is not None and max_examples < 1:
        raise UserError(f"The number of examples cannot be {max_examples}: give 1 or more.")
    found = open_source(source, split, config, max_examples)
    rows = found.rows
    if not rows.numbers and not rows.malformed:
        raise UserError(f"{found.title} has no rows: give a file or split that has some.")
    if not rows.columns:
        raise UserError(
            f"No row of {found.title} can be read{_because(rows, rows.reasons)}: mend the file, or "
            "check that its ending is right."
        )
    text, label = choose_columns(rows, found.title, text_column, label_column)
    judged = _judge(found, text, label, label_names)
    if label_column is None and label is None:
        judged = replace(judged, notes=judged.notes + _candidates(rows, text))
    kept = judged.kept
    if max_examples is not None and len(kept) > max_examples:
        kept = sorted(random.Random(0).sample(kept, max_examples))
    return _table(
        found,
        judged,
        kept,
        str(source) if isinstance(source, str | os.PathLike) else found.name,
        text,
        label,
    )


def with_label_names(table: TextTable, label_names: Collection[str]) -> TextTable:
    """A table under wanted label names, as far as its labels say which of them they mean.

    Args:
        table: the table.
        label_names: the wanted labels, as for `load_table`.

    Returns:
        The table itself if it has no labels or has these names already, or if its labels do not
        match them.
    """
    if table.label_names is None or set(table.label_names) <= set(label_names):
        return table
    try:
        labels = read_labels(
            table.labels, column="label", title=repr(table.name), label_names=label_names
        )
    except UserError:
        return table
    notes = (*table.report.notes, *labels.notes)
    return replace(
        table,
        labels=tuple(labels.values),
        label_names=labels.names,
        report=replace(table.report, notes=notes),
    )


@dataclass(frozen=True)
class _Judged:
    """The judged rows of a source.

    Attributes:
        kept, empty, unknown, duplicates: indices into `Rows`, by outcome.
        malformed: why rows are malformed, by their indices into `Rows`.
        labels: the label of each row, or None.
        label_names, notes: as in `Labels`.
    """

    kept: list[int]
    malformed: Mapping[int, str]
    empty: list[int]
    unknown: list[int]
    duplicates: list[int]
    labels: Sequence[str | None]
    label_names: tuple[str, ...] | None
    notes: tuple[str, ...]


def _judge(
    found: Source, text: str, label: str | None, label_names: Collection[str] | None
) -> _Judged:
    rows, texts = found.rows, found.rows.columns[text]
    broken = _not_utf8(rows)
    malformed: dict[int, str] = {}
    empty: list[int] = []
    sound: list[int] = []
    for place, cell in enumerate(texts):
        if place in broken:
            malformed[place] = "not UTF-8"
        elif not (cell is None or isinstance(cell, str)):
            malformed[place] = "with a text that is no string"
        elif cell is None or not cell.strip():
            empty.append(place)
        else:
            sound.append(place)
    if not sound:
        reasons = dict(rows.reasons)
        reasons |= {rows.numbers[place]: reason for place, reason in malformed.items()}
        reasons |= {rows.numbers[place]: "with an empty text" for place in empty}
        raise UserError(
            f"No row of {found.title} is left{_because(rows, reasons)}: {_mend(rows)}, or choose "
            "another column with --text-column."
        )
    read = _labels(found, label, sound, label_names)
    labels: list[str | None] = [None] * len(texts)
    for place, name in zip(sound, read.values, strict=True):
        labels[place] = name
    unknown = [sound[index] for index in sorted(read.unknown)]
    kept: dict[tuple[object, str | None], int] = {}
    duplicates = []
    unfit = set(unknown)
    for place in sound:
        if place in unfit:
            continue
        if kept.setdefault((texts[place], labels[place]), place) != place:
            duplicates.append(place)
    return _Judged(
        kept=list(kept.values()),
        malformed=malformed,
        empty=empty,
        unknown=unknown,
        duplicates=duplicates,
        labels=labels,
        label_names=read.names,
        notes=read.notes,
    )


def _because(rows: Rows, reasons: Mapping[int, str]) -> str:
    return f", {grouped(sorted(reasons.items()), rows.unit)}" if reasons else ""


def _mend(rows: Rows) -> str:
    if rows.malformed and not rows.typed:
        return (
            "mend these lines (a field with a separator or a quote in it needs double quotes, and "
            "each quote in it is doubled; a first column without a name needs one in the header)"
        )
    return "mend the file"


def _candidates(rows: Rows, text: str) -> tuple[str, ...]:
    names = label_candidates(rows, text)
    if not names:
        return ()
    return (f"No column of labels was found; candidates: {listed(map(repr, names), most=5)}.",)


def _not_utf8(rows: Rows) -> set[int]:
    return {
        place
        for cells in rows.columns.values()
        for place, cell in enumerate(cells)
        if isinstance(cell, str) and not is_utf8(cell)
    }


def _labels(
    found: Source, label: str | None, sound: list[int], label_names: Collection[str] | None
) -> Labels:
    rows = found.rows
    if label is None:
        return Labels([None] * len(sound), frozenset(), None)
    cells = rows.columns[label]
    return read_labels(
        [cells[place] for place in sound],
        column=label,
        title=found.title,
        class_names=rows.class_names.get(label),
        label_names=label_names or None,
    )


def _table(
    found: Source, judged: _Judged, kept: list[int], source: str, text: str, label: str | None
) -> TextTable:
    rows = found.rows
    columns: dict[str, tuple[Cell, ...]] = {}
    kinds: dict[str, Kind] = {}
    unshown = list(rows.unread)
    for name, cells in rows.columns.items():
        if name in (text, label):
            continue
        if name == RATIONALE:
            cells = written_lists(cells)
        tidied = tidy_column(
            _named([cells[place] for place in kept], rows.class_names.get(name)), rows.typed
        )
        if tidied is None:
            unshown.append(name)
        else:
            kinds[name], columns[name] = tidied
    notes = (*found.notes, *rows.notes, *header_notes(rows), *judged.notes)
    if unshown:
        notes += (
            f"These columns hold lists, objects or bytes and are not shown: {listed(unshown)}.",
        )

    def numbers(places: Iterable[int]) -> tuple[int, ...]:
        return tuple(rows.numbers[place] for place in places)

    labelled = judged.label_names is not None
    report = LoadReport(
        source=source,
        read=len(rows.numbers) + len(rows.malformed),
        kept=len(kept),
        duplicates=numbers(judged.duplicates),
        empty=numbers(judged.empty),
        unknown_labels=numbers(judged.unknown),
        malformed=tuple(sorted((*rows.malformed, *numbers(judged.malformed)))),
        unlabelled=numbers([place for place in kept if labelled and judged.labels[place] is None]),
        notes=notes,
        unit=rows.unit,
        text_column=text,
        label_column=label,
        reasons={
            **rows.reasons,
            **{rows.numbers[place]: reason for place, reason in judged.malformed.items()},
        },
    )
    labels = f"labelled {listed(judged.label_names)}" if judged.label_names else "without labels"
    return TextTable(
        name=found.name,
        texts=tuple(str(rows.columns[text][place]) for place in kept),
        labels=tuple(judged.labels[place] for place in kept),
        label_names=judged.label_names,
        columns=columns,
        kinds=kinds,
        rows=numbers(kept),
        report=report,
        description=f"{len(kept):,} {found.about}, {labels}.",
    )


def _named(cells: Sequence[object], class_names: Sequence[str] | None) -> Sequence[object]:
    """The cells of a column that declares classes, with names in place of their numbers."""
    if class_names is None:
        return cells
    # In CSV files a number is a string, and names may stand in its place.
    read = [int(cell) if isinstance(cell, str) and cell.isdecimal() else cell for cell in cells]
    named = dict(enumerate(class_names))
    return [named.get(cell) if isinstance(cell, int) else cell for cell in read]
