"""Limits of AOPC: its values for the best and the worst order in which to mask a text's words.

Every order's AOPC lies between these limits. Edin et al. (2025, Normalized AOPC) rescale by them,
which makes values comparable across models.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lit_plugins.evaluate.masked_play import Play

_POINTS = 32
"""Most steps at which a curve is measured, however many words the text has."""

_ROUNDING = 1e-5
"""Limits closer together than this differ only by float32's rounding."""


@dataclass(frozen=True)
class Limits:
    """A text's least and greatest AOPC over all orders of its words.

    Attributes:
        lower: the AOPC of the order that keeps the probability highest.
        upper: the AOPC of the order that lowers the probability fastest.
        exact: whether all orders were considered. Otherwise a search found the limits, and the
            true limits may be further apart.
    """

    lower: float
    upper: float
    exact: bool

    def normalise(self, aopc: float) -> float:
        """The position of an AOPC between the limits, from 0 to 1; nan where they are equal.

        Values beyond the limits, which a search may have missed, are clipped.
        """
        width = self.upper - self.lower
        if not width > _ROUNDING:
            return float("nan")
        return float(np.clip((aopc - self.lower) / width, 0, 1))


def masked_counts(words: int) -> np.ndarray:
    """Numbers of masked words to run the model on: 1 to all, or 32 evenly spaced, int64."""
    points = min(words, _POINTS)
    return np.round(np.linspace(0, words, points + 1)[1:]).astype(np.int64)


def find_limits(words: int, whole: float, budget: int) -> Play[Limits]:
    """Searches for a text's limits.

    If the budget covers all subsets of the words, the model is run on each of them and the limits
    are exact. Otherwise a beam search extends each order by every remaining word, with a beam as
    wide as the budget allows. If the budget does not even cover a beam of one order, or the text
    has more than 32 words, a greedy search ranks the remaining words only a few times.

    Args:
        words: number of words that can be masked.
        whole: the target's probability for the unmasked text.
        budget: about how many masked versions to run. A long text needs one for each word, and at
            least 64.
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
    """The least and greatest sum of probabilities along any order, over all sets of masked words.

    Dynamic programming over sets: best(S) = p(S) + min over w in S of best(S without w).
    """
    sets = np.arange(2**words)
    masked = (sets[:, np.newaxis] >> np.arange(words)) & 1 == 1
    values = yield ~masked
    sizes = masked.sum(axis=1)
    totals = []
    for sign in (1, -1):
        total = np.where(sets == 0, 0.0, np.inf)
        for size in range(1, words + 1):
            larger = sets[sizes == size]
            # The best order to a set extends the best order to one of its subsets of size - 1.
            before = [
                np.where(masked[larger, word], total[larger & ~(1 << word)], np.inf)
                for word in range(words)
            ]
            total[larger] = sign * values[larger] + np.min(before, axis=0)
        totals.append(sign * float(total[-1]))
    return totals[0], totals[1]


def _beam(words: int, width: int, sign: float) -> Play[float]:
    """Beam search for the order with the least sum of probabilities, or the greatest.

    Args:
        words: number of words that can be masked.
        width: number of orders to keep at each step.
        sign: 1 to search for the least sum, -1 for the greatest.

    Returns:
        The sum of probabilities along the order.
    """
    masked = np.zeros((1, words), dtype=bool)
    totals = np.zeros(1)
    for _ in range(words):
        state, word = np.nonzero(~masked)
        grown = masked[state]
        grown[np.arange(len(word)), word] = True
        values = yield ~grown
        reached = totals[state] + sign * values
        order = np.argsort(reached, kind="stable")
        # Among orders of the same words, only the best can become the best complete order.
        _, first = np.unique(grown[order], axis=0, return_index=True)
        kept = order[np.sort(first)[:width]]
        masked, totals = grown[kept], reached[kept]
    return sign * float(totals.min())


def _greedy(words: int, counts: np.ndarray, budget: int, sign: float) -> Play[float]:
    """Greedy search with the result of `_beam`: one order, whose words are ranked a few times."""
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
