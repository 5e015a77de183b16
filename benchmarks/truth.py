"""Shapley values by their definition, from all coalitions, to measure every method against."""

from __future__ import annotations

from math import factorial

import numpy as np

from benchmarks.workloads import Case
from lit_plugins import explain
from lit_plugins.models.classifier import TextClassifier

MOST_WORDS = 12


def game(classifier: TextClassifier, case: Case) -> np.ndarray:
    """The target's probability with each set of words kept, float64 [2 ** visible words].

    Bit i of an index says whether the i-th visible word is there; the others are masked.
    """
    visible = list(case.encoded.visible_words)
    indices = np.arange(2 ** len(visible))
    keep = np.ones((len(indices), len(case.encoded.words)), dtype=bool)
    keep[:, visible] = indices[:, np.newaxis] >> np.arange(len(visible)) & 1
    rows = [case.encoded.masked(kept, classifier.mask_id) for kept in keep]
    return classifier.task.chances(classifier.logits(rows))[:, case.target].astype(np.float64)


def shapley_values(values: np.ndarray) -> np.ndarray:
    """A game's Shapley values, float64 [players]: weighted means of marginal contributions."""
    players = len(values).bit_length() - 1
    indices = np.arange(len(values))
    sizes = np.array([bin(index).count("1") for index in indices])
    weights = np.array(
        [factorial(size) * factorial(players - size - 1) for size in range(players)]
    ) / factorial(players)
    scores = np.zeros(players)
    for player in range(players):
        without = indices[indices >> player & 1 == 0]
        gains = values[without | 1 << player] - values[without]
        scores[player] = weights[sizes[without]] @ gains
    return scores


def truth(classifier: TextClassifier, case: Case, evaluations: int) -> np.ndarray:
    """The words' Shapley values, float64 [words]: exact, or of a long text from a long run."""
    if len(case.encoded.visible_words) <= MOST_WORDS:
        scores = np.zeros(len(case.encoded.words))
        scores[list(case.encoded.visible_words)] = shapley_values(game(classifier, case))
        return scores
    (found,) = explain(
        classifier, [case.text], "shapley", case.target, evaluations=evaluations, tolerance=0
    )
    return found.scores


def relative_error(scores: np.ndarray, exact: np.ndarray) -> float:
    """The relative distance in L2."""
    return float(np.linalg.norm(scores - exact) / np.linalg.norm(exact))
