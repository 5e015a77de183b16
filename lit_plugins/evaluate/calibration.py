"""Calibration: whether a model is right as often as it is sure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.evaluate.certainty import entropy
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
from lit_plugins.models.task import NO_LABEL, Task

if TYPE_CHECKING:
    from pandas import DataFrame

_BINS = 15
_LEAST = float(np.finfo(np.float64).tiny)


def calibration(classifiers: Classifiers, table: Table, *, by: str | None = None) -> DataFrame:
    """A table of how well the models' probabilities fit the gold labels.

    Args:
        classifiers: one model, or several by name.
        table: texts with gold labels.
        by: what to slice by, see `slices`.

    Returns:
        A row for each model and slice: `n`, the texts with a label that the model has; `left_out`,
        the other texts; `accuracy`; the means of `confidence` and `entropy` (bits); and the
        columns of `calibration_metrics`.

    Raises:
        UserError: no text has one of a model's labels, labels are numbers that mean different
            classes to different models, or there is no such slice.
    """
    table = table_of(table)
    groups = slices(table, by)
    rows = []
    for name, classifier in labelled_models(classifiers, table).items():
        check_some_known(table, classifier)
        task = classifier.task
        gold = task.gold_indices(table.labels)
        predicted = probabilities(classifier, table.texts)
        for value, places in groups.items():
            known = [place for place in places if gold[place] != NO_LABEL]
            part, truth = predicted[known], gold[known]
            rows.append(
                {
                    "model": name,
                    **slice_cell(by, value),
                    "n": len(known),
                    "left_out": len(places) - len(known),
                    "accuracy": mean(task.predicted(part) == truth),
                    "confidence": mean(task.confidence(part)),
                    "entropy": mean(entropy(part)),
                    **calibration_metrics(task, part, truth),
                }
            )
    return frame(rows)


def calibration_metrics(
    task: Task, probabilities: np.ndarray, gold: np.ndarray
) -> dict[str, float]:
    """Distances of probabilities from the gold labels; 0 is best for each, nan without texts.

    Args:
        task: the classes.
        probabilities: float [texts, classes].
        gold: int [texts], the index of each text's class.

    Returns:
        `brier`: Brier's (1950) score, the squared distance from the one-hot gold label, summed
        over the classes; from 0 to 2. `ece`: the expected calibration error of Guo et al. (2017),
        from 0 to 1. It is the distance between accuracy and mean confidence in 15 equally wide
        bins of confidence, weighted by the number of texts in each bin. `nll`: the mean negative
        log-likelihood of the gold label in nats; a probability of 0 counts as the smallest
        positive normal float64.
    """
    probabilities = np.asarray(probabilities, dtype=np.float64)
    gold = np.asarray(gold, dtype=np.int64)
    if not len(gold):
        return {"brier": np.nan, "ece": np.nan, "nll": np.nan}
    truth = np.eye(probabilities.shape[1])[gold]
    of_gold = probabilities[np.arange(len(gold)), gold]
    return {
        "brier": float(((probabilities - truth) ** 2).sum(axis=1).mean()),
        "ece": _expected_calibration_error(
            task.confidence(probabilities), task.predicted(probabilities) == gold
        ),
        "nll": float(-np.log(np.maximum(of_gold, _LEAST)).mean()),
    }


def reliability(confidence: np.ndarray, right: np.ndarray) -> Mapping[str, np.ndarray]:
    """The 15 bins of a reliability diagram; each bin includes its upper end.

    Args:
        confidence: float [texts], how sure the model is of its predictions.
        right: bool [texts], whether it predicts the gold label.

    Returns:
        `n`: int64 [bins], the number of texts in each bin. `confidence` and `accuracy`: float64
        [bins], their means; nan for an empty bin.
    """
    inner = np.linspace(0, 1, _BINS + 1)[1:-1]
    place = np.searchsorted(inner, confidence, side="left")
    counts = np.bincount(place, minlength=_BINS)
    with np.errstate(invalid="ignore"):
        return {
            "n": counts,
            "confidence": np.bincount(place, confidence, _BINS) / counts,
            "accuracy": np.bincount(place, right, _BINS) / counts,
        }


def _expected_calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    bins = reliability(confidence, right)
    gaps = np.abs(bins["accuracy"] - bins["confidence"])
    return float(np.nansum(bins["n"] * gaps) / len(right))
