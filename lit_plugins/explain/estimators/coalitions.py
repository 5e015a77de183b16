"""Pairs of a coalition and its complement: how many of each size are drawn, and their weights.

Lundberg and Lee (2017, "A unified approach to interpreting model predictions") compute Shapley
values of n players as a linear regression on coalitions S that are weighted by

    w(S) = (n - 1) / (binomial(n, |S|) * |S| * (n - |S|)),

so that the coalitions of one size s together weigh in proportion to 1 / (s * (n - s)). Covert and
Lee (2021, "Improving KernelSHAP") show that the error is smaller if each coalition is taken
together with its complement. The regression then depends only on the difference of the two values.

**The draw.** Pairs are drawn by size, in proportion to 1 / sqrt(s * (n - s)), until all of a size
are taken. A Shapley value is a sum of all differences, whose weights are 1 / (s * binomial(n, s))
and -1 / ((n - s) * binomial(n, s)), for members and others. Their squares add up to

    n / (s * (n - s) * binomial(n, s)^2).

What no regression foresees of a difference has about the same variance at each size. The part of
the error that it leaves is then least if a size is drawn in proportion to binomial(n, s) times the
square root of that sum (Neyman, 1934, "On the two different aspects of the representative method").
KernelSHAP draws in proportion to the weights themselves, so that small coalitions come too often.

`make bench ARGS="--only accuracy games"` compares the resulting scores with exact Shapley values.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

_PAIRS_A_PLAYER = 2
_MANY = 2**40


def pairs_within(players: int, evaluations: int) -> int:
    """Number of pairs to take for a budget of evaluations.

    The budget includes the full and the empty coalition. Where it suffices, all pairs are taken.
    At least two pairs a player are taken whatever the budget, since fewer would give only noise.
    """
    all_pairs = 2 ** max(players - 1, 0) - 1
    return min(all_pairs, max((evaluations - 2) // 2, _PAIRS_A_PLAYER * players))


def draw_pairs(players: int, count: int, generator: np.random.Generator) -> np.ndarray:
    """Draws pairs without replacement, by size as the module's text says.

    The order spreads sizes evenly, so the first pairs are a fair draw as well: one may stop early.

    Args:
        players: number of players.
        count: number of pairs, at least one a size and at most all that exist.
        generator: source of randomness.

    Returns:
        bool [pairs, players], the smaller coalition of each pair; where both are of equal size,
        either of them.
    """
    sizes = np.arange(1, players // 2 + 1)
    totals = np.array(
        [min(comb(players, size), _MANY) for size in range(1, players // 2 + 1)], dtype=np.int64
    ) // (1 + (2 * sizes == players))  # a half's complement is a half, too
    shares = np.sqrt(sizes * (players - sizes)) * _shares(sizes, players)
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

    The weight of all pairs of one size is spread over those that were drawn.

    Args:
        members: the first of the pairs that `draw_pairs` gave, bool [pairs, players].
    """
    players = members.shape[1]
    sizes = members.sum(1)
    drawn = np.bincount(sizes, minlength=players + 1)
    return _shares(sizes, players) / drawn[sizes]


def _shares(sizes: np.ndarray, players: int) -> np.ndarray:
    """The weight of all pairs of a size, up to a factor that all sizes share."""
    return 1 / (sizes * (players - sizes) * (1.0 + (2 * sizes == players)))


def _allocate(shares: np.ndarray, totals: np.ndarray, count: int) -> np.ndarray:
    """Numbers of pairs by size, one at least: each further one goes where shares / counts is most.

    No size gets more than its total.
    """
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
    all_members = _all_of_size(players, size)
    drawn = [members.tobytes() not in left_out for members in all_members]
    return generator.permutation(all_members[drawn])


def _all_of_size(players: int, size: int) -> np.ndarray:
    # Of two complementary halves, the one with player 0 stands for both.
    with_first = [(0, *rest) for rest in combinations(range(1, players), size - 1)]
    chosen = with_first if 2 * size == players else list(combinations(range(players), size))
    all_members = np.zeros((len(chosen), players), dtype=bool)
    np.put_along_axis(all_members, np.array(chosen), True, axis=1)
    return all_members


def _balanced(
    players: int, size: int, count: int, generator: np.random.Generator
) -> dict[bytes, np.ndarray]:
    """Draws different coalitions of a size in which all players occur about equally often.

    They are cut from random permutations of the players.

    Returns:
        bool [players] by its bytes.
    """
    # Two large coalitions cut from one permutation are nearly each other's complement and tell
    # the same, so only one is cut.
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
