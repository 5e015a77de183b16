"""Length-sorted batches with a token budget, and what to do when one does not fit in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import torch

from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.turns import in_turn

Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with (rows done, rows in all) after every batch."""

_MOST_PADDING = 0.1


def plan_batches(
    lengths: Sequence[int], batch_tokens: int, *, equal_lengths: bool = False
) -> Iterator[list[int]]:
    """Groups rows of like length.

    Args:
        lengths: tokens of each row.
        batch_tokens: the most tokens a batch may have, padding included; a longer row is alone.
        equal_lengths: whether a batch may hold rows of one length only, so that nothing is padded.

    Yields:
        Indices into `lengths`, longest rows first, so that memory runs out at once or never.
    """
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable").tolist()
    batch: list[int] = []
    for index in order:
        if batch:
            longest = lengths[batch[0]]
            floor = longest if equal_lengths else (1 - _MOST_PADDING) * longest - 1
            if (len(batch) + 1) * longest > batch_tokens or lengths[index] < floor:
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

    A batch that runs out of memory, or whose rows the model does not take together, is halved and
    tried again, down to one row.

    Args:
        lengths: tokens of each row.
        compute: takes indices into `lengths`, gives one result a row.
        batch_tokens: as in `plan_batches`.
        equal_lengths: as in `plan_batches`.
        progress: told of every batch that is done.

    Raises:
        UserError: one row alone does not fit in memory.
        Stopped: the caller has gone; `stopping` says how that is known.
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
            # Outside the handler: the traceback would keep the failed batch's tensors alive.
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            middle = len(failed) // 2
            waiting += [failed[middle:], failed[:middle]]
    return [results[index] for index in range(len(lengths))]


_HALVING_HELPS = (
    # On the CPU torch raises a plain RuntimeError that only its words tell apart.
    "can't allocate memory",
    "out of memory",
    # BART's kind refuses a batch in which one text has "</s>" written in it.
    "same number of <eos> tokens",
)


def _halving_helps(error: BaseException) -> bool:
    return isinstance(error, (MemoryError, torch.OutOfMemoryError)) or any(
        words in str(error) for words in _HALVING_HELPS
    )
