"""Batches of a model that may turn out to change itself while they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from lit_plugins.runtime.batching import Progress, run_batches

Result = TypeVar("Result")


class MayChange(Protocol):
    """A model that knows whether a pass has changed it, as `Network` and `Forward`."""

    @property
    def changes_itself(self) -> bool:
        """Whether a pass has changed the model so far; see `steady_model`."""


def run_steadily(
    model: MayChange,
    lengths: Sequence[int],
    compute: Callable[[list[int]], Sequence[Result]],
    batch_tokens: int,
    *,
    equal_lengths: bool,
    progress: Progress | None = None,
) -> list[Result]:
    """Runs batches as `run_batches` does, and again without padding if a pass changes the model.

    A model that changes itself may compute by a batch's longest row: some rotary positions have
    other frequencies from a number of tokens on ("longrope", "dynamic"), for all rows of the batch.
    The short rows of a trial do not show that, so it may come out late.

    Args:
        model: the model that `compute` runs.
        lengths, compute, batch_tokens, progress: as in `run_batches`.
        equal_lengths: whether rows of different lengths never share a batch.
    """
    if not equal_lengths and not model.changes_itself:
        results = run_batches(lengths, compute, batch_tokens, progress=progress)
        if not model.changes_itself:
            return results
    return run_batches(lengths, compute, batch_tokens, equal_lengths=True, progress=progress)
