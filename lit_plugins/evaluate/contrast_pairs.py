"""Contrast consistency: pairs of texts that differ little and mean the opposite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from lit_plugins.evaluate.inputs import (
    Classifiers,
    check_some_known,
    labelled_models,
    probabilities,
    slices,
)
from lit_plugins.evaluate.tables import frame, mean, slice_cell
from lit_plugins.models.task import NO_LABEL

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of texts with a gold label each.

    Attributes:
        places: int64 [pairs, 2], where the texts of each pair stand.
        both_right: bool [pairs], whether the model is right about both.
        changed: bool [pairs], whether it predicts different classes.
        left_out: names of pairs that are not made of two texts with labels that the model has.
    """

    places: np.ndarray
    both_right: np.ndarray
    changed: np.ndarray
    left_out: tuple[str, ...]


def judge_pairs(pairs: Sequence[object], predicted: np.ndarray, gold: np.ndarray) -> Pairs:
    """Finds the pairs, as of contrast sets (Gardner et al., 2020), and what becomes of each.

    Args:
        pairs: for each text the name of its pair, "" for none.
        predicted: int [texts], the predicted class.
        gold: int [texts], the gold class, or -1 for none.
    """
    members: dict[str, list[int]] = {}
    for place, pair in enumerate(pairs):
        if str(pair):
            members.setdefault(str(pair), []).append(place)
    whole = {
        pair: places
        for pair, places in members.items()
        if len(places) == 2 and all(gold[place] != NO_LABEL for place in places)
    }
    places = np.array(list(whole.values()), dtype=np.int64).reshape(-1, 2)
    said = np.asarray(predicted)[places]
    return Pairs(
        places=places,
        both_right=(said == np.asarray(gold)[places]).all(axis=1),
        changed=said[:, 0] != said[:, 1],
        left_out=tuple(pair for pair in members if pair not in whole),
    )


def contrast(
    classifiers: Classifiers, table: TextTable, *, column: str = "pair", by: str | None = None
) -> DataFrame:
    """A table of contrast consistency: pairs of texts that differ little and mean the opposite.

    Args:
        classifiers: one model, or several by name.
        table: texts with gold labels.
        column: the column that names each text's pair, "" for none.
        by: what to slice by, see `slices`; a pair is in each slice that one of its texts is in.

    Returns:
        A row a model and slice: `n` pairs; `left_out`, pairs that are not made of two texts with
        labels that the model has; `both_right`, the share of pairs of which it is right about
        both texts; `changed`, the share of which it predicts different classes.

    Raises:
        UserError: there is no such column or slice, no text has one of a model's labels, or labels
            are numbers that mean different classes to different models.
    """
    if column not in table.columns:
        raise UserError(
            f"There is no column {column!r} of pairs; name one of "
            f"{', '.join(table.columns) or 'a table that has one'} with column."
        )
    groups = slices(table, by)
    names = table.columns[column]
    rows = []
    for name, classifier in labelled_models(classifiers, table).items():
        check_some_known(table, classifier)
        predicted = classifier.task.predicted(probabilities(classifier, table.texts))
        found = judge_pairs(names, predicted, classifier.task.gold_indices(table.labels))
        for value, places in groups.items():
            here = np.isin(found.places, places).any(axis=1)
            left_out = {str(names[place]) for place in places}.intersection(found.left_out)
            rows.append(
                {
                    "model": name,
                    **slice_cell(by, value),
                    "n": int(here.sum()),
                    "left_out": len(left_out),
                    "both_right": mean(found.both_right[here]),
                    "changed": mean(found.changed[here]),
                }
            )
    return frame(rows)
