"""A cache of bounded size in bytes, which drops the least recently used values first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")

_ENTRY_OVERHEAD = 512  # keys, array headers and dictionary slots, roughly


class BoundedCache(Generic[Value]):
    """Values by key, up to a number of bytes; safe for many threads."""

    def __init__(self, max_bytes: int):
        """Makes an empty cache of at most `max_bytes` bytes."""
        self.max_bytes = max_bytes
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """Bytes that all entries take up."""
        return self._bytes

    def get(self, key: Hashable) -> Value | None:
        """The value, now the most recently used one, or None if the key is unknown."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def items(self) -> list[tuple[Any, Value]]:
        """All keys and values, the least recently used first."""
        with self._lock:
            return [(key, value) for key, (value, _) in self._entries.items()]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        """Keeps a value of `nbytes` bytes, unless it is larger than the whole cache."""
        size = nbytes + _ENTRY_OVERHEAD
        with self._lock:
            if key in self._entries:
                self._bytes -= self._entries.pop(key)[1]
            if size > self.max_bytes:
                return
            self._entries[key] = (value, size)
            self._bytes += size
            while self._bytes > self.max_bytes:
                _, (_, freed) = self._entries.popitem(last=False)
                self._bytes -= freed
