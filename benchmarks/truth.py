"""Shapley values as the reference for every method: from all coalitions, or by plain KernelSHAP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np

from benchmarks.workloads import Case
from lit_plugins.models.classifier import TextClassifier

MOST_WORDS = 12
RUNS = 8
"""Independent runs of KernelSHAP."""


def game(classifier: TextClassifier, case: Case) -> np.ndarray:
    """Computes the target's probability for each set of kept words, float64 [2 ** visible words].

    Bit i of an index says whether the i-th visible word is kept; all other words are masked.
    """
    players = len(case.encoded.visible_words)
    indices = np.arange(2**players)[:, np.newaxis]
    return _values(classifier, case, indices >> np.arange(players) & 1 == 1)


def _values(classifier: TextClassifier, case: Case, members: np.ndarray) -> np.ndarray:
    """Computes the target's probability for sets of kept words, bool [sets, visible words]."""
    keep = np.ones((len(members), len(case.encoded.words)), dtype=bool)
    keep[:, list(case.encoded.visible_words)] = members
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


@dataclass(frozen=True, eq=False)
class Reference:
    """Shapley values to compare with.

    Attributes:
        scores: float64 [words].
        error: their standard errors, float64 [words]; 0 where the values are exact.
    """

    scores: np.ndarray
    error: np.ndarray

    @property
    def relative_error(self) -> float:
        """The L2 norm of the standard errors, relative to that of the scores."""
        return float(np.linalg.norm(self.error) / np.linalg.norm(self.scores))


def truth(classifier: TextClassifier, case: Case, evaluations: int) -> Reference:
    """Computes the words' Shapley values.

    They are exact for up to `MOST_WORDS` visible words. For more, they come from plain KernelSHAP,
    not from this package's own estimator, which is what they judge.
    """
    visible = list(case.encoded.visible_words)
    scores, error = np.zeros((2, len(case.encoded.words)))
    if len(visible) <= MOST_WORDS:
        scores[visible] = shapley_values(game(classifier, case))
    else:
        scores[visible], error[visible] = kernel_shap(
            lambda members: _values(classifier, case, members), len(visible), evaluations
        )
    return Reference(scores, error)


def kernel_shap(
    values: Callable[[np.ndarray], np.ndarray], players: int, evaluations: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Shapley values by paired KernelSHAP (Covert and Lee, 2021), and their standard errors.

    Several runs are independent of each other. Their mean counts, and its error follows from how
    far they lie apart.

    Args:
        values: gives the values of coalitions, bool [coalitions, players].
        players: number of players.
        evaluations: number of coalitions in all runs together.
        seed: the seed that draws the coalitions.
    """
    random = np.random.default_rng(seed)
    empty, full = values(np.array([[False] * players, [True] * players]))
    runs = [
        _kernel_shap_run(values, players, evaluations // (2 * RUNS), full - empty, random)
        for _ in range(RUNS)
    ]
    return np.mean(runs, 0), np.std(runs, 0, ddof=1) / np.sqrt(RUNS)


def _kernel_shap_run(
    values: Callable[[np.ndarray], np.ndarray],
    players: int,
    pairs: int,
    total: float,
    random: np.random.Generator,
) -> np.ndarray:
    sizes = np.arange(1, players)
    chances = 1 / (sizes * (players - sizes))
    drawn = random.choice(sizes, pairs, p=chances / chances.sum())
    order = random.permuted(np.tile(np.arange(players), (pairs, 1)), axis=1)
    members = order < drawn[:, np.newaxis]
    inside, outside = np.split(values(np.concatenate([members, ~members])), 2)
    signs = np.where(members, 1.0, -1.0)
    # The sum of the values is kept by a Lagrange multiplier.
    system = np.ones((players + 1, players + 1))
    system[:players, :players] = signs.T @ signs
    system[players, players] = 0
    right = np.append(signs.T @ (inside - outside), total)
    return np.linalg.solve(system, right)[:players]


def relative_error(scores: np.ndarray, exact: np.ndarray) -> float:
    """Computes the L2 norm of the scores' errors, relative to that of the exact scores."""
    return float(np.linalg.norm(scores - exact) / np.linalg.norm(exact))
