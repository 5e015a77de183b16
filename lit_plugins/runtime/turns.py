"""Turns on a model that many requests use at once.

Code that accepts requests says, with `given_by`, how turns are given. Code that runs a model calls
`in_turn` for each batch. Neither needs to know of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Result = TypeVar("Result")

Give = Callable[[Callable[[], Any]], Any]
"""Calls its argument when the turn has come, and returns or raises what the argument does."""

_give: ContextVar[Give | None] = ContextVar("give", default=None)


@contextmanager
def given_by(give: Give) -> Iterator[None]:
    """Lets `give` decide when batches run that this thread asks for in the context."""
    token = _give.set(give)
    try:
        yield
    finally:
        _give.reset(token)


def in_turn(work: Callable[[], Result]) -> Result:
    """Runs one batch when its turn has come; at once if nobody gives turns."""
    give = _give.get()
    return work() if give is None else give(work)
