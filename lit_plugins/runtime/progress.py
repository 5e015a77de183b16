"""Progress of long requests, for the page that waits for their results.

Code that accepts a request opens a run under the name that the page gave it. Code that takes long
calls `tell` with its progress. Neither needs to know of the other.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Any

_MOST_RUNS = 64
_LONGEST_NAME = 64


@dataclass
class Run:
    """The progress of one request.

    Attributes:
        done: number of texts that are done.
        total: number of all texts; 0 before the work has begun.
        notes: sentences that go with the result.
    """

    done: int = 0
    total: int = 0
    notes: list[str] = field(default_factory=list)

    def advance(self, done: int, total: int) -> None:
        """Sets how many texts are done, of how many."""
        self.done, self.total = done, total

    def add_note(self, sentence: str) -> None:
        """Adds a sentence, once."""
        if sentence and sentence not in self.notes:
            self.notes.append(sentence)


_current: ContextVar[Run | None] = ContextVar("run", default=None)


def tell(done: int, total: int) -> None:
    """Reports how many texts are done to the open run, if there is one."""
    run = _current.get()
    if run is not None:
        run.advance(done, total)


def note(sentence: str) -> None:
    """Adds a sentence that users should read with the result to the open run, if there is one."""
    run = _current.get()
    if run is not None:
        run.add_note(sentence)


class Runs:
    """The latest runs by name, also those that have ended; safe for many threads."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def running(self, name: Any) -> Iterator[None]:
        """Opens a run for the work that this thread does in the context.

        Args:
            name: what `get` finds the run by. A run without a proper name is found by nobody.
        """
        run = Run()
        if isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME:
            with self._lock:
                self._runs[name] = run
                while len(self._runs) > _MOST_RUNS:
                    self._runs.popitem(last=False)
        token = _current.set(run)
        try:
            yield
        finally:
            _current.reset(token)

    def get(self, name: str) -> dict[str, Any] | None:
        """A run as a dictionary for JSON; None if there is none of that name."""
        with self._lock:
            run = self._runs.get(name)
        return asdict(run) if run is not None else None
