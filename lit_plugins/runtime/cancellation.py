"""Work that stops when nobody waits for it any more.

Code that accepts requests says, with `stopping_when`, how to see that a caller has gone. Code that
takes long calls `check` between its steps. Neither needs to know of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_LOOK_UP_S = 0.05  # seconds between two checks while waiting for a lock

_gone: ContextVar[Callable[[], bool] | None] = ContextVar("gone", default=None)


class Stopped(BaseException):
    """Raised where nobody waits for the work any more.

    It is no `Exception`, so that code which logs failures, or tries something else after one, lets
    it pass.
    """


@contextmanager
def stopping_when(gone: Callable[[], bool]) -> Iterator[None]:
    """Lets `check` stop the work that this thread does in the context.

    Args:
        gone: says whether the caller has gone; it is called often and must be quick.
    """
    token = _gone.set(gone)
    try:
        yield
    finally:
        _gone.reset(token)


def check() -> None:
    """Returns unless it is known that nobody waits for the work.

    Raises:
        Stopped: the caller has gone.
    """
    gone = _gone.get()
    if gone is not None and gone():
        raise Stopped


@contextmanager
def held(lock: Any) -> Iterator[None]:
    """Holds a lock under which others work for long.

    Args:
        lock: a `threading.Lock` or `RLock`.

    Raises:
        Stopped: the caller has gone while waiting for the lock.
    """
    while not lock.acquire(timeout=_LOOK_UP_S):
        check()
    try:
        yield
    finally:
        lock.release()
