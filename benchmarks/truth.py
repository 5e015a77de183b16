"""Exact Shapley values, computed from all coalitions, as the reference for every method."""

from __future__ import annotations

from math import factorial

import numpy as np

from benchmarks.workloads import Case
from lit_plugins import explain
from lit_plugins.models.classifier import TextClassifier

MOST_WORDS = 12


def game(classifier: TextClassifier, case: Case) -> np.ndarray:
    """Computes the target's probability for each set of kept words, float64 [2 ** visible words].

    Bit i of an index says whether the i-th visible word is kept; all other words are masked.
    """
    visible = list(case.encoded.visible_words)
    indices = np.arange(2 ** len(visible))
    keep = np.ones((len(indices), len(case.encoded.words)), dtype=bool)
    keep[:, visible] = indices[:, np.newaxis] >> np.arange(len(visible)) & 1
    rows = [case.encoded.masked(kept, classifier.mask_id) for kept in keep]
    return classifier.task.chances(classifier.logits(rows))[:, case.target].astype(np.float64)


def shapley_values(values: np.ndarray) -> np.ndarray:
    """Computes a game's Shapley values, float64 [players], weighted means of marginal gains."""
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
    """Computes the words' Shapley values, float64 [words].

    They are exact for up to `MOST_WORDS` visible words; for more, they come from one long run.
    """
    if len(case.encoded.visible_words) <= MOST_WORDS:
        scores = np.zeros(len(case.encoded.words))
        scores[list(case.encoded.visible_words)] = shapley_values(game(classifier, case))
        return scores
    (explanation,) = explain(
        classifier, [case.text], "shapley", case.target, evaluations=evaluations, tolerance=0
    )
    return explanation.scores


def relative_error(scores: np.ndarray, exact: np.ndarray) -> float:
    """Computes the L2 norm of the scores' errors, relative to that of the exact scores."""
    return float(np.linalg.norm(scores - exact) / np.linalg.norm(exact))
