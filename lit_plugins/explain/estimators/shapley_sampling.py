"""Shapley values of several games that are played in rounds, until they are precise enough.

The first round takes max(32, 2 n) pairs of coalitions of a game's n players, and each further
round half as many again as were taken so far. A game ends when all pairs of its budget are taken,
or as soon as its scores phi are very likely within the tolerance (Euclidean norms):

    P(|phi - exact| <= tolerance * |phi|) >= 0.99.

With the standard errors e of the scores (`shapley_process`), |phi - exact|^2 is about |e|^2 / f
times a chi-squared variable with f = |e|^4 / sum_i e_i^4 degrees of freedom, which has the right
mean and variance (Satterthwaite, 1946, "An approximate distribution of estimates of variance
components"). A game is looked at after each round and ends at the first good look, so the share of
early ends that are truly within the tolerance is a little less than 99 %.

Where the budget covers all 2^n coalitions the scores are exact (`least_squares`).

`make bench ARGS="--only accuracy shap"` shows errors by budget, and times beside shap's.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from lit_plugins.explain.estimators.coalitions import draw_pairs, pairs_within
from lit_plugins.explain.interactions import Interactions
from lit_plugins.options import Boolean, Integer, Number, seed_option
from lit_plugins.runtime.lock_step import lock_step
from lit_plugins.runtime.turns import in_turn

Worths = Callable[[Sequence[int], Sequence[np.ndarray]], Sequence[np.ndarray]]
"""Gives the values of coalitions, float64 [coalitions] for each game.

It takes indices of games and, for each of them, coalitions, bool [coalitions, players]."""

INTERACTIONS = Boolean(
    "interactions",
    False,
    "Whether to compute for each pair of words how far the two act together; it takes no further "
    "masked texts.",
)

SAMPLING_OPTIONS = (
    Integer(
        "evaluations",
        500,
        "The most masked texts to run the model on; a long text gets at least 4 per word. If all "
        "2^n masked texts of n words fit, all are run, and the values are exact.",
        low=32,
        high=10000,
    ),
    Number(
        "tolerance",
        0.02,
        "Sampling stops once the scores are very likely off by at most this share of their size; "
        "0 to use all evaluations.",
        low=0,
        high=1,
    ),
    seed_option("Which masked texts are drawn where not all are."),
    INTERACTIONS,
)

_FIRST_PAIRS = 32
_GROWTH = 1.5
_UNLIKELY = 0.01
_ROUNDING = 1e-6
"""Smaller differences of logits or probabilities are float32's rounding."""


@dataclass(frozen=True, eq=False)
class Shapley:
    """The Shapley values of one game.

    Attributes:
        scores: float64 [players]; they add up to the full coalition's value minus `base_value`.
        error: float64 [players], their standard errors; 0 where they are exact.
        base_value: the empty coalition's value.
        evaluations: number of coalitions whose values were computed, the full one included.
        wanted: number of coalitions in the whole draw. It exceeds the budget only for many
            players.
        interactions: the interactions of all pairs of players, if they were asked for.
    """

    scores: np.ndarray
    error: np.ndarray
    base_value: float
    evaluations: int
    wanted: int
    interactions: Interactions | None = None


def sample(
    full: Sequence[float],
    players: Sequence[int],
    worths: Worths,
    *,
    evaluations: int,
    tolerance: float,
    seed: int,
    interactions: bool = False,
) -> list[Shapley]:
    """Shapley values of several games, whose coalitions are evaluated together.

    Args:
        full: the full coalition's value in each game.
        players: number of players in each game.
        worths: gives the values of coalitions.
        evaluations: as in `SAMPLING_OPTIONS`.
        tolerance: as in `SAMPLING_OPTIONS`.
        seed: as in `SAMPLING_OPTIONS`. A game's values do not depend on the games beside it.
        interactions: as in `SAMPLING_OPTIONS`.
    """
    games = [
        _game(whole, count, evaluations, tolerance, seed, interactions)
        for whole, count in zip(full, players, strict=True)
    ]
    return list(lock_step(games, worths))


def _game(
    full: float, players: int, evaluations: int, tolerance: float, seed: int, interactions: bool
) -> Generator[np.ndarray, np.ndarray, Shapley]:
    """Asks for the coalitions of one game until its values are exact or near enough."""
    drawn = draw_pairs(players, pairs_within(players, evaluations), np.random.default_rng(seed))
    base_value = float((yield np.zeros((1, players), dtype=bool))[0])
    differences = sums = np.zeros(0)
    while True:
        done = len(differences)
        members = drawn[done : _next_round(done, players, len(drawn), tolerance)]
        inside, outside = np.split((yield np.concatenate([members, ~members])), 2)
        differences = np.concatenate([differences, inside - outside])
        sums = np.concatenate([sums, inside + outside])
        known = len(differences)
        # For many coalitions this takes as long as running a batch, and as many cores.
        scores, error = in_turn(partial(_values, drawn[:known], differences, full - base_value))
        small = max(tolerance * float(np.linalg.norm(scores)), _ROUNDING)
        if known == len(drawn) or _likely_distance(error) <= small:
            return Shapley(
                scores=scores,
                error=error,
                base_value=base_value,
                evaluations=2 * known + 2,
                wanted=2 * len(drawn) + 2,
                interactions=in_turn(
                    partial(_interactions, drawn[:known], sums, full + base_value, scores)
                )
                if interactions
                else None,
            )


def _likely_distance(error: np.ndarray) -> float:
    """The distance of scores from the exact ones that is exceeded with a probability of 1 %."""
    from scipy.special import chdtri

    size = np.linalg.norm(error)
    if size == 0:
        return 0.0
    degrees = 1 / ((error / size) ** 4).sum()
    return float(size * np.sqrt(chdtri(degrees, _UNLIKELY) / degrees))


def _next_round(done: int, players: int, count: int, tolerance: float) -> int:
    """The number of pairs, of `count`, that are taken after the next round."""
    if tolerance == 0 or _all_pairs(players, count):
        return count
    end = max(_FIRST_PAIRS, 2 * players, int(_GROWTH * done))
    return end if _GROWTH * end < count else count


def _all_pairs(players: int, count: int) -> bool:
    return count == pairs_within(players, 2**players)


def _values(
    members: np.ndarray, differences: np.ndarray, total: float
) -> tuple[np.ndarray, np.ndarray]:
    players = members.shape[1]
    if players == 0:
        return np.zeros(0), np.zeros(0)
    from lit_plugins.explain.estimators.shapley_regression import least_squares, regress

    if _all_pairs(players, len(members)):
        return least_squares(members, differences, total), np.zeros(players)
    return regress(members, differences, total)


def _interactions(
    members: np.ndarray, sums: np.ndarray, whole: float, scores: np.ndarray
) -> Interactions:
    from lit_plugins.explain.estimators.pair_interactions import enumerated, estimated

    if _all_pairs(members.shape[1], len(members)):
        values = enumerated(members, sums, whole)
        return Interactions(values, np.zeros_like(values))
    return Interactions(*estimated(members, sums, whole, scores))
