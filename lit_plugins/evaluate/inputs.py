"""Inputs of evaluations: models by name, texts with gold labels, and slices of texts."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from lit_plugins.data import Cell, LoadReport, TextTable, load_table
from lit_plugins.data.columns import tidy_column
from lit_plugins.data.in_memory import TableObject, is_table
from lit_plugins.data.labels import classes_of_labels, is_number, written_label
from lit_plugins.errors import UserError
from lit_plugins.lexicon.phenomena import PHENOMENA
from lit_plugins.models.predictor import Predictor, rows_of
from lit_plugins.models.shared_labels import SharedLabels, share_labels
from lit_plugins.models.task import NO_LABEL
from lit_plugins.runtime.batching import Progress
from lit_plugins.text.given import Texts, check_texts

Classifiers = Predictor | Mapping[str, Predictor]
"""One model, or several by the names that the tables give them."""

Table: TypeAlias = TextTable | Texts | TableObject
"""Texts with their labels and columns, in any form that `table_of` takes."""

_AT_ONCE = 128
"""Number of texts whose rows are held in memory together."""

_MOST_SLICES = 50
"""Most different values of a column that texts can be sliced by."""

_KEYS = (
    *("metric", "model", "first", "second", "method", "missing", "other", "rule", "target", "word"),
    *("n", "of", "accuracy"),
)
"""Columns that the tables use themselves, which no slice may be named after."""


def texts(
    texts: Texts,
    labels: Iterable[str | float | None] | None = None,
    **columns: Sequence[Cell | Sequence[float]],
) -> TextTable:
    """A table of texts in memory.

    Args:
        texts: texts as written: a list, a numpy array or a pandas Series.
        labels: the gold label of each text, or None for a text without one. All labels together
            say which class each of them means, see `lit_plugins.data.labels.read_labels`.
        columns: more columns, such as `pair` or `rationale`, with a cell for each text; a list of
            numbers is stored as a string.

    Raises:
        UserError: a text is no string, a column's length differs from that of `texts`, or it
            holds other objects.
    """
    checked = check_texts(texts)
    count = len(checked)
    gold = list(labels) if labels is not None else [None] * count
    for name, cells in {"labels": gold, **columns}.items():
        if len(cells) != count:
            raise UserError(
                f"There are {len(cells)} values in {name} for {count} texts; give one a text."
            )
    tidied = {}
    for name, cells in columns.items():
        column = tidy_column([_written(cell) for cell in cells])
        if column is None:
            raise UserError(f"The column {name!r} holds objects; give strings, numbers or lists.")
        tidied[name] = column
    written = list(map(written_label, gold))
    return TextTable(
        name="texts",
        texts=tuple(checked),
        labels=tuple(written),
        label_names=tuple(dict.fromkeys(filter(None, written))) or None,
        columns={name: cells for name, (_, cells) in tidied.items()},
        kinds={name: kind for name, (kind, _) in tidied.items()},
        rows=tuple(range(1, count + 1)),
        report=LoadReport("texts", count, count),
        description="",
    )


def table_of(data: Table) -> TextTable:
    """A table from any form that evaluations take.

    Args:
        data: a table; a DataFrame or a `datasets.Dataset`, whose columns are found by their names
            as `load_table` finds them; or texts without labels. A warning names rows that are left
            out.

    Raises:
        UserError: the columns cannot be found, or a text is no string.
    """
    if isinstance(data, TextTable):
        return data
    if not is_table(data):
        return texts(data)
    table = load_table(data)
    if table.report.kept < table.report.read:
        warnings.warn(" ".join(table.report.sentences()), stacklevel=3)
    return table


def shared_models(classifiers: Classifiers) -> SharedLabels[Predictor]:
    """Models by name, under common class names; a single model goes by its own name."""
    if isinstance(classifiers, Mapping):
        return share_labels(classifiers)
    return share_labels({getattr(classifiers, "name", "model"): classifiers})


def models(classifiers: Classifiers) -> Mapping[str, Predictor]:
    """Models by name from `shared_models`, for tables that need no gold labels."""
    return shared_models(classifiers).classifiers


def labelled_models(classifiers: Classifiers, table: TextTable) -> Mapping[str, Predictor]:
    """Models by name from `shared_models`, for tables that need gold labels.

    Raises:
        UserError: see `check_gold_named`.
    """
    shared = shared_models(classifiers)
    check_gold_named(table, shared)
    return shared.classifiers


def check_gold_named(table: TextTable, shared: SharedLabels[Predictor]) -> None:
    """Refuses numeric gold labels if a number means different classes to different models.

    Raises:
        UserError: a label is a number and in no class name, and the models' classes differ in
            names or order.
    """
    if not shared.apart and shared.in_order:
        return
    named: set[str | None] = {None}
    for model in shared.classifiers.values():
        # In a set, which has no order, a number stands for a class only by its name.
        classes = classes_of_labels(table.labels, frozenset(model.task.labels))
        named.update(
            label for label, name in zip(table.labels, classes, strict=True) if name is not None
        )
    for label in table.labels:
        if label not in named and is_number(label):
            raise UserError(
                f"The gold label {label!r} of {table.name!r} is a number, and the models' classes "
                "differ in names or order, so its class is ambiguous; give gold labels by "
                "name, or the models the same names with labels=."
            )


def probabilities(classifier: Predictor, texts: Sequence[str]) -> np.ndarray:
    """The model's probabilities, float64 [texts, classes]."""
    logits = classifier.logits(rows_of(classifier, texts))
    return classifier.task.chances(logits.astype(np.float64))


def probabilities_by_part(
    classifier: Predictor, texts: Sequence[str], progress: Progress | None = None
) -> np.ndarray:
    """The model's probabilities, float64 [texts, classes], with only a part of the rows in memory.

    Args:
        classifier: the model.
        texts: texts as written.
        progress: called with (texts done, texts in all) after each part.
    """
    chances = [np.zeros((0, len(classifier.task.labels)))]
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        chances.append(probabilities(classifier, part))
        if progress is not None:
            progress(start + len(part), len(texts))
    return np.concatenate(chances)


def check_some_known(table: TextTable, classifier: Predictor) -> None:
    """Refuses a table whose labels are all none of the model's.

    Raises:
        UserError: no text has a label, or no text's label is one of the model's.
    """
    present = [label for label in table.labels if label is not None]
    if not present:
        raise UserError(
            f"The table {table.name!r} has no labels; give gold labels to compare with."
        )
    if (classifier.task.gold_indices(present) == NO_LABEL).all():
        raise UserError(
            f"No label of {table.name!r} (such as {present[0]!r}) is one of the model's: "
            f"{', '.join(classifier.task.labels)}; load it with label_names set to them."
        )


def slices(table: TextTable, by: str | None) -> dict[Cell, list[int]]:
    """Groups the texts by a column, their labels or a linguistic phenomenon.

    Args:
        table: the texts.
        by: a column of the table, else "label", else one of `PHENOMENA`; None for all texts as
            one group.

    Returns:
        The indices of each group's texts, by value. A phenomenon's values keep their declared
        order; other values are sorted.

    Raises:
        UserError: there is no such column or phenomenon, it has more than 50 different values, or
            it shares its name with a column that the tables use themselves.
    """
    if by is None:
        return {"": list(range(len(table.texts)))}
    if by in _KEYS:
        raise UserError(f"The tables use the column name {by!r} themselves; rename your column.")
    cells: Sequence[Cell]
    order: Sequence[Cell] = ()
    if by in table.columns:
        cells = table.columns[by]
    elif by == "label":
        cells = [label or "" for label in table.labels]
    elif by in PHENOMENA:
        cells = [PHENOMENA[by].find(text) for text in table.texts]
        order = PHENOMENA[by].values
    else:
        raise UserError(
            f"There is no column {by!r} to slice by; choose from "
            f"{', '.join([*table.columns, 'label', *PHENOMENA])}."
        )
    groups: dict[Cell, list[int]] = {}
    for place, cell in enumerate(cells):
        groups.setdefault(cell, []).append(place)
    if len(groups) > _MOST_SLICES:
        raise UserError(
            f"The column {by!r} has {len(groups)} different values, which are too many slices; "
            f"choose one with at most {_MOST_SLICES}."
        )
    values = [value for value in order if value in groups] or sorted(groups)
    return {value: groups[value] for value in values}


def _written(cell: object) -> object:
    if isinstance(cell, (list, tuple, np.ndarray)):
        return " ".join(str(number) for number in cell)
    return cell.item() if isinstance(cell, np.generic) else cell
