"""The best and the worst order to mask a text's words in, between which any order's AOPC lies.

Edin et al. (2025, Normalized AOPC) divide by them, so that values compare across models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lit_plugins.evaluate.masked_play import Play

_POINTS = 32
_ROUNDING = 1e-5
"""Limits that are nearer than this differ by float32's rounding only."""


@dataclass(frozen=True)
class Limits:
    """A text's least and greatest AOPC over all orders of its words.

    Attributes:
        lower: of the order that keeps the probability as high as it goes.
        upper: of the order that brings it down fastest.
        exact: whether all orders were looked at; otherwise a search found the limits, and the
            true ones may be further apart.
    """

    lower: float
    upper: float
    exact: bool

    def normalise(self, aopc: float) -> float:
        """Where an AOPC lies between the limits, from 0 to 1; nan where they are the same.

        An order that is better than what the search found counts as the best.
        """
        width = self.upper - self.lower
        if not width > _ROUNDING:
            return float("nan")
        return float(np.clip((aopc - self.lower) / width, 0, 1))


def masked_counts(words: int) -> np.ndarray:
    """After how many masked words the model is asked: 1 to all, or 32 evenly spaced, int64."""
    points = min(words, _POINTS)
    return np.round(np.linspace(0, words, points + 1)[1:]).astype(np.int64)


def find_limits(words: int, whole: float, budget: int) -> Play[Limits]:
    """Searches for a text's limits.

    All sets of words are run where there are no more than the budget, and the orders are exact
    then. Otherwise it is a beam search, as wide as the budget allows, which adds to each order
    every word that is left; where even one order's are too many, a word's place is looked for
    less often than at every step.

    Args:
        words: number of words that can be masked.
        whole: the target's probability for the text as it stands.
        budget: about how many masked versions to run; a long text needs 1 a word and 64 at least.
    """
    if words < 20 and 2**words <= budget:
        least, most = yield from _exact(words)
        exact = True
    else:
        counts = masked_counts(words)
        width = budget // words**2
        ends = []
        for sign in (1.0, -1.0):
            if width and len(counts) == words:
                total = yield from _beam(words, width, sign)
            else:
                total = yield from _greedy(words, counts, budget, sign)
            ends.append(total)
        least, most = ends
        exact = False
    points = max(len(masked_counts(words)), 1)
    return Limits(lower=whole - most / points, upper=whole - least / points, exact=exact)


def _exact(words: int) -> Play[tuple[float, float]]:
    """Least and greatest sum of probabilities along any order, over all sets of masked words."""
    sets = np.arange(2**words)
    masked = (sets[:, np.newaxis] >> np.arange(words)) & 1 == 1
    values = yield ~masked
    sizes = masked.sum(axis=1)
    totals = []
    for sign in (1, -1):
        total = np.where(sets == 0, 0.0, np.inf)
        for size in range(1, words + 1):
            at = sets[sizes == size]
            # A set is best reached from the best of the sets that lack one of its words.
            before = [
                np.where(masked[at, word], total[at & ~(1 << word)], np.inf)
                for word in range(words)
            ]
            total[at] = sign * values[at] + np.min(before, axis=0)
        totals.append(sign * float(total[-1]))
    return totals[0], totals[1]


def _beam(words: int, width: int, sign: float) -> Play[float]:
    """The least sum of `sign` times the probability that a beam of orders finds, times `sign`."""
    masked = np.zeros((1, words), dtype=bool)
    totals = np.zeros(1)
    for _ in range(words):
        state, word = np.nonzero(~masked)
        grown = masked[state]
        grown[np.arange(len(word)), word] = True
        values = yield ~grown
        reached = totals[state] + sign * values
        order = np.argsort(reached, kind="stable")
        # Of orders of the same words only the best can lead to the best.
        _, first = np.unique(grown[order], axis=0, return_index=True)
        kept = order[np.sort(first)[:width]]
        masked, totals = grown[kept], reached[kept]
    return sign * float(totals.min())


def _greedy(words: int, counts: np.ndarray, budget: int, sign: float) -> Play[float]:
    """As `_beam`, for one order whose words are ranked anew a few times only."""
    rounds = int(np.clip((budget - 2 * len(counts)) // words, 1, len(counts)))
    masked = np.zeros(words, dtype=bool)
    total = 0.0
    for part in np.array_split(counts, rounds):
        left = np.flatnonzero(~masked)
        singles = np.tile(masked, (len(left), 1))
        singles[np.arange(len(left)), left] = True
        ranks = left[np.argsort(sign * (yield ~singles), kind="stable")]
        taken = int(masked.sum())
        rows = np.tile(masked, (len(part), 1))
        for row, count in zip(rows, part, strict=True):
            row[ranks[: count - taken]] = True
        total += float((yield ~rows).sum())
        masked = rows[-1]
    return total
