"""How far long requests are, for the page that waits for them to ask.

Whoever takes a request opens a run under the name that the page gave it; whatever takes long tells
how far it is. Neither knows of the other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

_MOST = 64
_LONGEST_NAME = 64


@dataclass
class Run:
    """What is known of one request.

    Attributes:
        done: texts that are done.
        total: texts in all; 0 before the work has begun.
        notes: sentences that go with the result.
    """

    done: int = 0
    total: int = 0
    notes: list[str] = field(default_factory=list)


_current: ContextVar[Run | None] = ContextVar("run", default=None)


def tell(done: int, total: int) -> None:
    """Says how many texts are done, if anyone wants to know."""
    run = _current.get()
    if run is not None:
        run.done, run.total = done, total


def note(sentence: str) -> None:
    """Says what a user should know of the result, if anyone wants to know."""
    run = _current.get()
    if run is not None and sentence and sentence not in run.notes:
        run.notes.append(sentence)


class Runs:
    """The latest runs by name, those that have ended included; safe for many threads."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def running(self, name: Any) -> Iterator[None]:
        """What this thread does inside can be asked for under that name, if it is one."""
        run = Run()
        if isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME:
            with self._lock:
                self._runs[name] = run
                while len(self._runs) > _MOST:
                    self._runs.popitem(last=False)
        token = _current.set(run)
        try:
            yield
        finally:
            _current.reset(token)

    def get(self, name: str) -> dict[str, Any] | None:
        """A run as JSON takes it; None if there is none of that name."""
        with self._lock:
            run = self._runs.get(name)
        return asdict(run) if run is not None else None
