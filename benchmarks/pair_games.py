"""Errors and coverage of the interactions of pairs of words, where all values are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np

from benchmarks import games as known
from benchmarks.accuracy import SIGMAS
from benchmarks.games import Accuracy, Game, error_rows, play

_EXACT = 1e-9


def table(
    games: Sequence[Game], budgets: Sequence[int], seeds: int, python: str, folder: Path
) -> Iterator[str]:
    """Yields the table's lines; the arguments are those of `games.table`."""
    ours = [accuracy_of(games, budget, seeds) for budget in budgets]
    of_pairs = [Game(game.values, interactions(game.values)) for game in games]
    peers, remark = known.peer_errors(of_pairs, budgets, seeds, python, folder)
    yield from error_rows("`shapley`, pairs", budgets, ours, peers)
    yield ""
    yield remark


def accuracy_of(games: Sequence[Game], evaluations: int, seeds: int) -> Accuracy:
    """Measures this package's estimator of interactions."""
    exact = [interactions(game.values) for game in games]
    squared, covered = [], []
    for seed in range(seeds):
        found = play(games, evaluations, 0.0, seed, interactions=True)
        for game, true in zip(found, exact, strict=True):
            assert game.interactions is not None
            pairs = np.triu_indices(len(true), 1)
            off = np.abs(game.interactions.values - true)[pairs]
            squared.append(np.mean(off**2))
            covered.append(np.mean(off <= SIGMAS * game.interactions.error[pairs] + _EXACT))
    return Accuracy(float(np.mean(squared)), float(np.mean(covered)))


def interactions(values: np.ndarray) -> np.ndarray:
    """All pairs' interactions by the definition of Grabisch and Roubens (1999).

    Args:
        values: float64 [2 ** players]; bit i of an index says whether player i is a member.

    Returns:
        float64 [players, players].
    """
    index = np.arange(len(values))
    players = len(values).bit_length() - 1
    sizes = ((index[:, np.newaxis] >> np.arange(players)) & 1).sum(1)
    ways = np.array([comb(players - 2, size) for size in range(players - 1)])
    found = np.zeros((players, players))
    for one, other in combinations(range(players), 2):
        first, second = 1 << one, 1 << other
        without = index[(index & (first | second)) == 0]
        gains = values[without | first | second] + values[without]
        gains = gains - values[without | first] - values[without | second]
        found[one, other] = found[other, one] = gains @ (1 / ways[sizes[without]])
    return found / (players - 1)
