"""Batches of rows of similar length within a token budget, halved where memory runs out.

Rows are sorted by length, longest first. A batch takes the next row of length l as long as

    (rows + 1) * longest <= batch_tokens    and    more * (longest - l) <= 64,

where `more` is how many rows could still join the batch. So one batch becomes two only where that
spares more padding than a batch costs beside its tokens: the weights are read once more.

`make bench ARGS="--only growth rates"` shows time and memory by number and length of texts, and the
share of the machine's best rate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.memory import give_back_gpu_memory, ran_out
from lit_plugins.runtime.turns import in_turn

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with (rows done, all rows) after every batch."""

_COST_OF_A_BATCH = 64
"""Number of tokens that take as long as a batch does beside its tokens."""


def plan_batches(
    lengths: Sequence[int], batch_tokens: int, *, equal_lengths: bool = False
) -> Iterator[list[int]]:
    """Groups rows of similar length.

    Args:
        lengths: number of tokens of each row.
        batch_tokens: the most tokens in a batch, padding included. A longer row is a batch alone.
        equal_lengths: whether all rows of a batch must have one length, so that nothing is padded.

    Yields:
        Indices into `lengths`. The longest rows come first, so that memory runs out at once or
        never.
    """
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable").tolist()
    allowed = 0 if equal_lengths else _COST_OF_A_BATCH
    batch: list[int] = []
    for place, index in enumerate(order):
        if batch:
            longest = lengths[batch[0]]
            more = min(batch_tokens // longest - len(batch), len(order) - place)
            if more < 1 or more * (longest - lengths[index]) > allowed:
                yield batch
                batch = []
        batch.append(index)
    if batch:
        yield batch


def run_batches(
    lengths: Sequence[int],
    compute: Callable[[list[int]], Sequence[Result]],
    batch_tokens: int,
    *,
    equal_lengths: bool = False,
    progress: Progress | None = None,
) -> list[Result]:
    """Runs `compute` on batches of rows and returns its results in the caller's order.

    A batch that runs out of memory, or whose rows the model refuses to take together, is halved
    and tried again, down to one row.

    Args:
        lengths: number of tokens of each row.
        compute: takes indices into `lengths` and gives one result a row.
        batch_tokens: as in `plan_batches`.
        equal_lengths: as in `plan_batches`.
        progress: called after every batch.

    Raises:
        UserError: a single row does not fit in memory.
        Stopped: nobody waits for the results any more (see `cancellation`).
    """
    results: dict[int, Result] = {}
    for planned in plan_batches(lengths, batch_tokens, equal_lengths=equal_lengths):
        waiting = [planned]
        while waiting:
            cancellation.check()
            batch = waiting.pop()
            try:
                computed = in_turn(partial(compute, batch))
                results.update(zip(batch, computed, strict=True))
            except (MemoryError, RuntimeError, ValueError) as error:
                if not _halving_helps(error):
                    raise
                if len(batch) == 1:
                    raise UserError(
                        f"A text of {lengths[batch[0]]} tokens does not fit in memory; "
                        "set a smaller max_length."
                    ) from error
                failed = batch
            else:
                if progress is not None:
                    progress(len(results), len(lengths))
                continue
            # Not in the handler, where the traceback keeps the failed batch's tensors alive.
            give_back_gpu_memory()
            middle = len(failed) // 2
            waiting += [failed[middle:], failed[:middle]]
    return [results[index] for index in range(len(lengths))]


def _halving_helps(error: BaseException) -> bool:
    # BART and its relatives refuse a batch in which one text has "</s>" written in it.
    return ran_out(error) or "same number of <eos> tokens" in str(error)
