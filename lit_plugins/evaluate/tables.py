"""Helpers for the tables of evaluations: frames, slice columns, means and progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from lit_plugins.data import Cell
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


def frame(content: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> DataFrame:
    """A pandas table of rows, or of columns by name."""
    import pandas  # slow to import, and much of the package does not need it

    return pandas.DataFrame(content)


def slice_cell(by: str | None, value: Cell) -> dict[str, Cell]:
    """The cell that names a row's slice; an empty mapping if the texts are not sliced."""
    return {} if by is None else {by: value}


def mean(values: np.ndarray | Sequence[float]) -> float:
    """The mean of all values that are not nan; nan if there are none."""
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    return float(known.mean()) if len(known) else float("nan")


class Parts:
    """Combined progress of work that is done in parts.

    Args:
        progress: called with (steps done, steps in all); None to report nothing.
        total: the number of steps of all parts.
    """

    def __init__(self, progress: Progress | None, total: int):
        """Starts with no step done."""
        self._progress = progress
        self._total = total
        self._done = 0

    def next(self, size: int) -> Progress:
        """The progress callback of the next part, which has `size` steps."""
        before = self._done
        self._done += size

        def progress(done: int, total: int) -> None:
            if self._progress is not None:
                self._progress(before + done, self._total)

        return progress
