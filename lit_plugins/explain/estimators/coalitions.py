"""Coalitions in complementary pairs, drawn as KernelSHAP weighs them.

Lundberg and Lee (2017) get Shapley values as a weighted linear regression on coalitions; Covert and
Lee (2021) show that a coalition is best taken together with its complement. Of such a pair only
the difference of its two values matters.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

_PAIRS_A_PLAYER = 2
_MANY = 2**40


def pairs_within(players: int, evaluations: int) -> int:
    """How many pairs to take for a budget of evaluations, the full and empty coalition included.

    All there are if the budget is enough for that; at least two a player, whatever the budget,
    since the values would be made of noise otherwise.
    """
    all_pairs = 2 ** max(players - 1, 0) - 1
    return min(all_pairs, max((evaluations - 2) // 2, _PAIRS_A_PLAYER * players))


def draw_pairs(players: int, count: int, generator: np.random.Generator) -> np.ndarray:
    """Draws pairs without replacement, for each size as many as its weight in the regression asks.

    The first so many of them are a fair draw too, so that one may stop early.

    Args:
        players: number of players.
        count: number of pairs, at least one a size and at most all there are.
        generator: source of randomness.

    Returns:
        bool [pairs, players]: of each pair the smaller coalition, or one of two that are as large.
    """
    sizes = np.arange(1, players // 2 + 1)
    totals = np.array(
        [min(comb(players, size), _MANY) for size in range(1, players // 2 + 1)], dtype=np.int64
    ) // (1 + (2 * sizes == players))  # in the middle a complement has the same size
    shares = _shares(sizes, players)
    counts = _allocate(shares, totals, count)
    members = [
        _of_size(players, size, drawn, total, generator)
        for size, drawn, total in zip(sizes, counts, totals, strict=True)
    ]
    turns = [np.arange(drawn) / share for drawn, share in zip(counts, shares, strict=True)]
    order = np.argsort(np.concatenate([[], *turns]), kind="stable")
    return np.concatenate([np.zeros((0, players), dtype=bool), *members])[order]


def kernel_weights(members: np.ndarray) -> np.ndarray:
    """Weights of drawn pairs in KernelSHAP's regression, float64 [pairs].

    Args:
        members: some of what `draw_pairs` gave, bool [pairs, players].
    """
    players = members.shape[1]
    sizes = members.sum(1)
    drawn = np.bincount(sizes, minlength=players + 1)
    return _shares(sizes, players) / drawn[sizes]


def _shares(sizes: np.ndarray, players: int) -> np.ndarray:
    return 1 / (sizes * (players - sizes) * (1.0 + (2 * sizes == players)))


def _allocate(shares: np.ndarray, totals: np.ndarray, count: int) -> np.ndarray:
    counts = np.ones(len(shares), dtype=np.int64)
    for _ in range(count - len(counts)):
        counts[np.argmax(np.where(counts < totals, shares / counts, 0.0))] += 1
    return counts


def _of_size(
    players: int, size: int, count: int, total: int, generator: np.random.Generator
) -> np.ndarray:
    if 2 * count <= total:
        return np.array(list(_balanced(players, size, count, generator).values()))
    left_out = _balanced(players, size, total - count, generator)
    every = _every(players, size)
    return generator.permutation(every[[members.tobytes() not in left_out for members in every]])


def _every(players: int, size: int) -> np.ndarray:
    # Of a coalition and its complement of the same size, the one with player 0 stands for both.
    first = [(0, *rest) for rest in combinations(range(1, players), size - 1)]
    chosen = first if 2 * size == players else list(combinations(range(players), size))
    every = np.zeros((len(chosen), players), dtype=bool)
    np.put_along_axis(every, np.array(chosen), True, axis=1)
    return every


def _balanced(
    players: int, size: int, count: int, generator: np.random.Generator
) -> dict[bytes, np.ndarray]:
    """Different coalitions by their bytes, cut from permutations so that players take turns."""
    # Two that are cut from one permutation but fill most of it are nearly each other's complement
    # and say the same, so of a larger size one is taken.
    starts = range(0, players - size + 1, size if 3 * size <= players else players)
    drawn: dict[bytes, np.ndarray] = {}
    while len(drawn) < count:
        order = generator.permutation(players)
        for start in starts:
            members = np.zeros(players, dtype=bool)
            members[order[start : start + size]] = True
            if 2 * size == players and not members[0]:
                members = ~members
            if len(drawn) < count:
                drawn.setdefault(members.tobytes(), members)
    return drawn
