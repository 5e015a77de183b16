"""Values that are computed once, however often and by how many threads they are asked for."""

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
    """A bounded cache that computes each value once, even if many threads ask at the same time."""

    def __init__(self, max_bytes: int, nbytes: Callable[[Value], int]):
        """Makes an empty cache.

        Args:
            max_bytes: the most bytes that it may take up.
            nbytes: gives the bytes that a value takes up.
        """
        self._nbytes = nbytes
        self._known: BoundedCache[Value] = BoundedCache(max_bytes)
        self._coming: dict[Hashable, Future[Value | None]] = {}
        self._lock = Lock()

    def get(
        self, keys: Sequence[Hashable], compute: Callable[[Sequence[int]], Iterable[Value]]
    ) -> list[Value]:
        """One value for each key, in order.

        Args:
            keys: each names all that its value depends on; keys may repeat.
            compute: takes indices into `keys` and gives a value for each, in order, none of them
                None. If it fails or is stopped, the values that it gave before are kept.
        """
        values: dict[Hashable, Value] = {}
        place = {key: index for index, key in enumerate(keys)}
        while len(values) < len(place):
            mine, others = self._claim([key for key in place if key not in values], values)
            if mine:
                self._compute(mine, partial(compute, [place[key] for key in mine]), values)
            if others:
                in_turn(_nothing)  # so that waiting for others' work counts as a turn
            for key, future in others.items():
                value_or_none = _awaited(future)
                # None: the other thread failed or was stopped, so this one tries next.
                if value_or_none is not None:
                    values[key] = value_or_none
        return [values[key] for key in keys]

    def _claim(
        self, wanted: Sequence[Hashable], values: dict[Hashable, Value]
    ) -> tuple[list[Hashable], dict[Hashable, Future[Value | None]]]:
        """Adds known values to `values`.

        Returns:
            The keys that this thread has to compute, and futures of those that others compute.
        """
        mine: list[Hashable] = []
        others = {}
        with self._lock:
            for key in wanted:
                known = self._known.get(key)
                if known is not None:
                    values[key] = known
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
        values: dict[Hashable, Value],
    ) -> None:
        try:
            for key, value in zip(keys, compute(), strict=True):
                values[key] = value
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
