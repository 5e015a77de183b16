"""What every evaluation's table has: rows of a model, a slice and a number of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lit_plugins.data import Cell
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


def frame(content: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> DataFrame:
    """Rows, or columns by name, as a pandas table."""
    import pandas  # takes long to load, and much of the package does without

    return pandas.DataFrame(content)


def slice_cell(by: str | None, value: Cell) -> dict[str, Cell]:
    """The cell that says which slice a row is of; none where all texts are one."""
    return {} if by is None else {by: value}


def mean(values: np.ndarray | Sequence[float]) -> float:
    """The mean of what is no nan; nan for nothing."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else float("nan")


class Parts:
    """One count of work that is done in parts, each with a progress of its own."""

    def __init__(self, progress: Progress | None, total: int):
        """Counts up to `total`; says nothing where there is no `progress`."""
        self._progress = progress
        self._total = total
        self._done = 0

    def next(self, size: int) -> Progress:
        """The progress of the next part, of so many."""
        before = self._done
        self._done += size

        def progress(done: int, total: int) -> None:
            if self._progress is not None:
                self._progress(before + done, self._total)

        return progress
