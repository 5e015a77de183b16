"""Return of freed memory to the system."""

from __future__ import annotations

import ctypes
import gc
import sys
import threading

_EVERY_S = 5.0  # seconds between two returns, at least


def give_back() -> None:
    """Makes glibc return freed memory to the system; does nothing without glibc.

    After large texts, and tensors of many different sizes, glibc keeps up to gigabytes unused.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl does not have it
        if trim is not None:
            trim(ctypes.c_size_t(0))


class Returns:
    """A thread that gives memory back soon after requests have ended, also after the last one."""

    def __init__(self) -> None:
        """Makes the thread; it starts with the first request that ends."""
        self._ended = threading.Event()
        self._pause = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def after_request(self) -> None:
        """Notes that a request has ended."""
        self._ended.set()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="memory", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._ended.wait()
            self._pause.wait(_EVERY_S)
            self._ended.clear()
            gc.collect()  # errors and their tracebacks refer to each other
            give_back()
