"""Comparison of two models: their predictions of the same texts, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from lit_plugins.evaluate.certainty import correctness, entropy
from lit_plugins.evaluate.inputs import (
    Classifiers,
    Table,
    check_gold_named,
    probabilities,
    shared_models,
    slices,
    table_of,
)
from lit_plugins.evaluate.tables import frame, mean, slice_cell
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.shared_labels import SharedLabels
from lit_plugins.models.task import NO_LABEL, Task

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two models on some texts.

    Attributes:
        agree: bool [texts], whether both predict the same class.
        target: int64 [texts], the class whose probabilities are compared: the gold label's where
            there is one, otherwise the first model's prediction.
        difference: float64 [texts], the target's probability by the first model minus that by the
            second, from -1 to 1.
        divergence: float64 [texts], the Jensen-Shannon divergence (Lin, 1991) of both models'
            probabilities in bits: 0 where they are equal, 1 where they are disjoint.
        right: for each text which model predicts the gold label: "both", "neither", one model's
            name, or "" without a gold label.
    """

    agree: np.ndarray
    target: np.ndarray
    difference: np.ndarray
    divergence: np.ndarray
    right: tuple[str, ...]


def compare(
    task: Task,
    first: np.ndarray,
    second: np.ndarray,
    gold: np.ndarray,
    names: tuple[str, str] = ("first", "second"),
) -> Comparison:
    """Compares two models' probabilities of the same texts.

    Args:
        task: the classes.
        first, second: float [texts, classes], with the same classes in the same order; see
            `align_classes`.
        gold: int [texts], the index of the gold class, or -1 for none.
        names: what the models are called in `right`.
    """
    first, second = (np.asarray(chances, dtype=np.float64) for chances in (first, second))
    gold = np.asarray(gold, dtype=np.int64)
    predicted, by_second = task.predicted(first), task.predicted(second)
    target = np.where(gold < 0, predicted, gold)
    texts = np.arange(len(gold))
    both = (entropy(first) + entropy(second)) / 2
    divergence = np.clip(entropy((first + second) / 2) - both, 0, 1)
    outcomes = ("neither", *names, "both")
    right = [
        "" if label < 0 else outcomes[int(first_said == label) + 2 * int(second_said == label)]
        for first_said, second_said, label in zip(predicted, by_second, gold, strict=True)
    ]
    return Comparison(
        agree=predicted == by_second,
        target=target,
        difference=first[texts, target] - second[texts, target],
        divergence=divergence,
        right=tuple(right),
    )


def align_classes(
    probabilities: np.ndarray, labels: Sequence[str], wanted: Sequence[str]
) -> np.ndarray:
    """Reorders a model's classes to match another model's.

    Args:
        probabilities: float [texts, classes].
        labels: the names of those classes.
        wanted: the same names, regardless of case, in the wanted order.

    Returns:
        float [texts, classes], in the wanted order.

    Raises:
        UserError: the names differ in more than case.
    """
    if tuple(labels) == tuple(wanted):
        return probabilities
    names, order = list(labels), list(wanted)
    if sorted(names) != sorted(order):
        names, order = ([label.casefold() for label in listed] for listed in (names, order))
    if len(set(names)) < len(names) or sorted(names) != sorted(order):
        raise UserError(
            f"The classes {', '.join(labels)} cannot be compared with {', '.join(wanted)}; give "
            "both models the same names with with_labels."
        )
    return probabilities[:, [names.index(label) for label in order]]


def comparison(classifiers: Classifiers, table: Table, *, by: str | None = None) -> DataFrame:
    """A table of how each pair of models differs.

    Args:
        classifiers: at least two models by name, with the same classes.
        table: texts; gold labels are used where there are any.
        by: what to slice by, see `slices`.

    Returns:
        A row for each pair of models (`first`, `second`) and slice: `n`, the number of texts;
        `agreement`, the share on which both predict the same class; `difference`, the mean of the
        target's probability by the first model minus that by the second; `distance`, the mean of
        the absolute difference; `divergence`, the mean Jensen-Shannon divergence in bits;
        `labelled`, the texts with a label that the models have. `both_right`, `first_right` (only
        the first), `second_right` (only the second) and `neither_right` are shares of the labelled
        texts.

    Raises:
        UserError: there are fewer than two models, their classes differ, or gold labels are
            numbers and the models have their classes in different orders.
    """
    table = table_of(table)
    groups = slices(table, by)
    compared, _, gold = _compare_all(_comparable(classifiers, table, 2), table)
    rows = []
    for (first, second), pair in compared.items():
        right = np.array(pair.right, dtype=object)
        for value, places in groups.items():
            labelled = [place for place in places if gold[place] != NO_LABEL]
            shares = {
                "both_right": "both",
                "first_right": first,
                "second_right": second,
                "neither_right": "neither",
            }
            rows.append(
                {
                    "first": first,
                    "second": second,
                    **slice_cell(by, value),
                    "n": len(places),
                    "agreement": mean(pair.agree[places]),
                    "difference": mean(pair.difference[places]),
                    "distance": mean(np.abs(pair.difference[places])),
                    "divergence": mean(pair.divergence[places]),
                    "labelled": len(labelled),
                    **{name: mean(right[labelled] == who) for name, who in shares.items()},
                }
            )
    return frame(rows)


def by_text(classifiers: Classifiers, table: Table) -> DataFrame:
    """A table of texts: each model's prediction, and how each pair of models differs.

    Args:
        classifiers: one model, or several by name with the same classes.
        table: texts; gold labels are used where there are any.

    Returns:
        A row for each text: `text` and `label`; for each model NAME `NAME predicted`, `NAME
        confidence`, `NAME entropy` (bits) and `NAME correct` (1, 0 or nan); for each pair of models
        `FIRST-SECOND agree`, `… difference`, `… divergence` and `… right`, as in `Comparison`.

    Raises:
        UserError: the models' classes differ, or gold labels are numbers and the models have their
            classes in different orders.
    """
    table = table_of(table)
    columns: dict[str, Any] = {"text": table.texts, "label": table.labels}
    shared = _comparable(classifiers, table, 1)
    task = shared.task
    compared, by_model, gold = _compare_all(shared, table)
    for name, chances in by_model.items():
        predicted = task.predicted(chances)
        columns[f"{name} predicted"] = [task.labels[index] for index in predicted]
        columns[f"{name} confidence"] = task.confidence(chances)
        columns[f"{name} entropy"] = entropy(chances)
        columns[f"{name} correct"] = correctness(predicted, gold)
    for (first, second), pair in compared.items():
        columns[f"{first}-{second} agree"] = pair.agree
        columns[f"{first}-{second} difference"] = pair.difference
        columns[f"{first}-{second} divergence"] = pair.divergence
        columns[f"{first}-{second} right"] = pair.right
    return frame(columns)


def _comparable(classifiers: Classifiers, table: TextTable, least: int) -> SharedLabels[Predictor]:
    """The models under their common class names, checked to be at least `least` and comparable."""
    shared = shared_models(classifiers)
    count = len(shared.classifiers)
    if count < least:
        raise UserError(
            f"A comparison needs {least} models and there are {count}; give them by name, "
            "such as {'a': classifier, 'b': other}."
        )
    shared.check_comparable()
    check_gold_named(table, shared)
    return shared


def _compare_all(
    shared: SharedLabels[Predictor], table: TextTable
) -> tuple[dict[tuple[str, str], Comparison], dict[str, np.ndarray], np.ndarray]:
    """Compares every pair of models.

    Returns:
        The comparison of each pair by both names; each model's probabilities, float [texts,
        classes], in the order of the shared classes; the gold indices, int [texts].
    """
    chances = {
        name: align_classes(probabilities(model, table.texts), model.task.labels, shared.labels)
        for name, model in shared.classifiers.items()
    }
    gold = shared.task.gold_indices(table.labels)
    pairs = {
        (first, second): compare(
            shared.task, chances[first], chances[second], gold, (first, second)
        )
        for first, second in combinations(chances, 2)
    }
    return pairs, chances, gold
