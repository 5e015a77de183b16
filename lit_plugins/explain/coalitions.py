"""KernelSHAP's coalitions in complementary pairs, and the least squares that gives the values.

Lundberg and Lee (2017) get Shapley values as a weighted linear regression on coalitions; Covert and
Lee (2021) show that a coalition is best taken together with its complement. Of such a pair only
the difference of its two values matters: v(S) - v(not S) is regressed on +1 for players in S and
-1 for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

_PAIRS_A_PLAYER = 2
_MANY = 2**40
_LEAST_FREEDOM = 0.05


@dataclass(frozen=True, eq=False)
class Pairs:
    """Some coalitions, each of which stands for itself and its complement.

    Attributes:
        members: bool [pairs, players].
        weights: float64 [pairs], the weight in the regression.
        unseen: float64 [pairs], the share of the pairs of this size that were not drawn; 0 where
            all were.
    """

    members: np.ndarray
    weights: np.ndarray
    unseen: np.ndarray


def pairs_within(players: int, evaluations: int) -> int:
    """How many pairs to take for a budget of evaluations, the full and empty coalition included.

    All there are if the budget is enough for that; at least two a player, whatever the budget,
    since the regression would be made of noise otherwise.
    """
    all_pairs = 2 ** max(players - 1, 0) - 1
    return min(all_pairs, max((evaluations - 2) // 2, _PAIRS_A_PLAYER * players))


def draw_pairs(players: int, count: int, generator: np.random.Generator) -> Pairs:
    """Draws pairs without replacement, for each size as many as its weight in the regression asks.

    Args:
        players: number of players.
        count: number of pairs, at least one a size and at most all there are.
        generator: source of randomness; not touched when all pairs are taken.
    """
    sizes = np.arange(1, players // 2 + 1)
    halved = 2 * sizes == players  # there the complement has the same size
    totals = np.array(
        [min(comb(players, size), _MANY) for size in range(1, players // 2 + 1)], dtype=np.int64
    ) // (1 + halved)
    shares = 1 / (sizes * (players - sizes) * (1.0 + halved))
    counts = _allocate(shares, totals, count)
    members = [
        _of_size(players, size, drawn, total, generator)
        for size, drawn, total in zip(sizes, counts, totals, strict=True)
    ]
    return Pairs(
        np.concatenate([np.zeros((0, players), dtype=bool), *members]),
        np.repeat(shares / np.maximum(counts, 1), counts),
        np.repeat(1 - counts / totals, counts),
    )


def solve(pairs: Pairs, differences: np.ndarray, total: float) -> tuple[np.ndarray, np.ndarray]:
    """Shapley values and their standard errors.

    The regression keeps the values' sum exact. The errors come from its residuals, each as if its
    pair had been left out (as in White's HC3), and shrink to 0 as a size's pairs are exhausted.

    Args:
        pairs: what was drawn.
        differences: float64 [pairs], the value of each coalition minus its complement's.
        total: the full coalition's value minus the empty one's.

    Returns:
        Two arrays, float64 [players].
    """
    signs = np.where(pairs.members, 1.0, -1.0)
    weighted = signs * pairs.weights[:, np.newaxis]
    # The sum of the values is fixed, so a penalty on it changes nothing but keeps this invertible.
    inverse = np.linalg.inv(signs.T @ weighted + 1.0)
    along = inverse.sum(1) / inverse.sum()
    projected = inverse - np.outer(along, inverse.sum(0))
    scores = projected @ (weighted.T @ differences) + along * total
    influence = weighted @ projected
    leverage = (influence * signs).sum(1)
    residuals = (differences - signs @ scores) / np.maximum(1 - leverage, _LEAST_FREEDOM)
    variance = (pairs.unseen * residuals**2) @ influence**2
    return scores, np.sqrt(variance)


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
    return every[[members.tobytes() not in left_out for members in every]]


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
