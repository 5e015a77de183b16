"""Work that stops when nobody waits for it any more.

Whoever takes a request says how to see that its caller has gone; whatever takes long asks between
one step and the next. Neither knows of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_gone: ContextVar[Callable[[], bool] | None] = ContextVar("gone", default=None)


class Stopped(BaseException):
    """Nobody waits for the work any more.

    No `Exception`: what logs failures, or tries something else after one, must let it pass.
    """


@contextmanager
def stopping_when(gone: Callable[[], bool]) -> Iterator[None]:
    """Lets `check` stop what this thread does inside.

    Args:
        gone: says quickly whether the caller has gone.
    """
    token = _gone.set(gone)
    try:
        yield
    finally:
        _gone.reset(token)


def check() -> None:
    """Goes on if somebody waits for the work, or if nobody has said how to see that.

    Raises:
        Stopped: the caller has gone.
    """
    gone = _gone.get()
    if gone is not None and gone():
        raise Stopped
