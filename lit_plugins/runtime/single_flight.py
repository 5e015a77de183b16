"""Results that were asked for before, or are being computed for somebody else right now."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

from lit_plugins.runtime import cancellation
from lit_plugins.runtime.bounded_cache import BoundedCache
from lit_plugins.runtime.turns import in_turn

Value = TypeVar("Value")

_LOOK_UP_S = 0.05


class Once(Generic[Value]):
    """A bounded cache in which each value is computed once, however many ask at once."""

    def __init__(self, max_bytes: int, nbytes: Callable[[Value], int]):
        """Makes an empty cache.

        Args:
            max_bytes: the most memory that it may take up.
            nbytes: how much a value takes up.
        """
        self._nbytes = nbytes
        self._known: BoundedCache[Value] = BoundedCache(max_bytes)
        self._coming: dict[Hashable, Future[Value | None]] = {}
        self._lock = Lock()

    def get(
        self, keys: Sequence[Hashable], compute: Callable[[Sequence[int]], Iterable[Value]]
    ) -> list[Value]:
        """One value a key.

        Args:
            keys: all that a value depends on; the same key may stand there twice.
            compute: takes indices into `keys`, gives a value each, in order, none of them None.
                What is ready when it fails or is stopped is kept.
        """
        found: dict[Hashable, Value] = {}
        place = {key: index for index, key in enumerate(keys)}
        while len(found) < len(place):
            mine, others = self._claim([key for key in place if key not in found], found)
            if mine:
                self._compute(mine, partial(compute, [place[key] for key in mine]), found)
            if others:
                in_turn(_nothing)  # who waits for work takes a place among those who work
            for key, future in others.items():
                value_or_none = _awaited(future)
                # None: whoever computed it failed or was stopped, so this one has to try.
                if value_or_none is not None:
                    found[key] = value_or_none
        return [found[key] for key in keys]

    def _claim(
        self, wanted: Sequence[Hashable], found: dict[Hashable, Value]
    ) -> tuple[list[Hashable], dict[Hashable, Future[Value | None]]]:
        """Adds what is known to `found`; the rest is this thread's to compute, or another's."""
        mine: list[Hashable] = []
        others = {}
        with self._lock:
            for key in wanted:
                known = self._known.get(key)
                if known is not None:
                    found[key] = known
                elif key in self._coming:
                    others[key] = self._coming[key]
                else:
                    mine.append(key)
                    self._coming[key] = Future()
        return mine, others

    def _compute(
        self,
        keys: Sequence[Hashable],
        compute: Callable[[], Iterable[Value]],
        found: dict[Hashable, Value],
    ) -> None:
        try:
            for key, value in zip(keys, compute(), strict=True):
                found[key] = value
                self._known.put(key, value, self._nbytes(value))
                self._give(key, value)
        finally:
            for key in keys:
                self._give(key, None)

    def _give(self, key: Hashable, value: Value | None) -> None:
        with self._lock:
            future = self._coming.pop(key, None)
        if future is not None:
            future.set_result(value)


def _nothing() -> None:
    pass


def _awaited(future: Future[Value | None]) -> Value | None:
    while not wait([future], _LOOK_UP_S).done:
        cancellation.check()
    return future.result()
