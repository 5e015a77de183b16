"""`Interactions`: how far each two words act together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Interactions:
    """Shapley interactions of all pairs of words: the second order of 2-SII.

    An interaction is positive where two words together add more than each of them alone, on average
    over the other words; `estimators.pair_interactions` has the definition.

    Attributes:
        values: float64 [words, words], in the unit of the scores. The matrix is symmetric, and its
            diagonal is 0, as are the pairs with words that the model does not see.
        error: float64 [words, words], estimated standard errors of `values`, 0 for exact ones.
    """

    values: np.ndarray
    error: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.values, self.error):
            array.setflags(write=False)

    def strongest(self, n: int | None = None) -> list[tuple[int, int]]:
        """Indices of the `n` pairs (None for all) with the largest values of either sign.

        The largest comes first, and the earlier word of each pair.
        """
        first, second = np.triu_indices(len(self.values), 1)
        order = np.argsort(-np.abs(self.values[first, second]), kind="stable")[:n]
        return list(zip(first[order].tolist(), second[order].tolist(), strict=True))

    def among(self, words: Sequence[int], count: int) -> Interactions:
        """The same interactions among more words, whose further pairs have none.

        Args:
            words: the new index of each word.
            count: number of words then.
        """
        values, error = np.zeros((2, count, count))
        places = np.ix_(words, words)
        values[places], error[places] = self.values, self.error
        return Interactions(values, error)
