"""Contrast consistency: how a model judges pairs of similar texts with opposite meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.errors import UserError
from lit_plugins.evaluate.inputs import (
    Classifiers,
    Table,
    check_some_known,
    labelled_models,
    probabilities,
    slices,
    table_of,
)
from lit_plugins.evaluate.tables import frame, mean, slice_cell
from lit_plugins.models.task import NO_LABEL

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of texts with a gold label each.

    Attributes:
        places: int64 [pairs, 2], the indices of each pair's texts in the table.
        both_right: bool [pairs], whether the model is right about both texts.
        changed: bool [pairs], whether the model predicts different classes for the two texts.
        left_out: names of the pairs that do not consist of two texts with labels of the model.
    """

    places: np.ndarray
    both_right: np.ndarray
    changed: np.ndarray
    left_out: tuple[str, ...]


def judge_pairs(pairs: Sequence[object], predicted: np.ndarray, gold: np.ndarray) -> Pairs:
    """Finds the pairs, such as those of contrast sets (Gardner et al., 2020), and judges each.

    Args:
        pairs: for each text the name of its pair, or "" for none.
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
    classifiers: Classifiers, table: Table, *, column: str = "pair", by: str | None = None
) -> DataFrame:
    """A table of contrast consistency: how models judge similar texts with opposite meaning.

    Args:
        classifiers: one model, or several by name.
        table: texts with gold labels.
        column: the column that names each text's pair, or holds "" for none.
        by: what to slice by, see `slices`; a pair is in each slice that has one of its texts.

    Returns:
        A row for each model and slice: `n`, the number of pairs; `left_out`, the number of pairs
        that do not consist of two texts with labels of the model; `both_right`, the share of pairs
        with both texts predicted right; `changed`, the share of pairs with different predictions.

    Raises:
        UserError: there is no such column or slice, no text has one of a model's labels, or labels
            are numbers that mean different classes to different models.
    """
    table = table_of(table)
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
        pairs = judge_pairs(names, predicted, classifier.task.gold_indices(table.labels))
        for value, places in groups.items():
            here = np.isin(pairs.places, places).any(axis=1)
            left_out = {str(names[place]) for place in places}.intersection(pairs.left_out)
            rows.append(
                {
                    "model": name,
                    **slice_cell(by, value),
                    "n": int(here.sum()),
                    "left_out": len(left_out),
                    "both_right": mean(pairs.both_right[here]),
                    "changed": mean(pairs.changed[here]),
                }
            )
    return frame(rows)
