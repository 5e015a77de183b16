"""Work on a model in turns, where many ask it at once.

Whoever takes requests says how turns are given; whatever runs a model does so batch by batch, each
in a turn. Neither knows of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Result = TypeVar("Result")

Give = Callable[[Callable[[], Any]], Any]
"""Calls what it is given when its turn has come, and returns or raises what that does."""

_give: ContextVar[Give | None] = ContextVar("give", default=None)


@contextmanager
def given_by(give: Give) -> Iterator[None]:
    """Lets `give` say when the batches are run that this thread asks for inside."""
    token = _give.set(give)
    try:
        yield
    finally:
        _give.reset(token)


def in_turn(work: Callable[[], Result]) -> Result:
    """Runs one batch when its turn has come: at once where nobody gives turns."""
    give = _give.get()
    return work() if give is None else give(work)
