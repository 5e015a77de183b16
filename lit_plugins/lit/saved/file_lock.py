"""A lock that threads and processes share by a file; nobody waits for it without end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation

PATIENCE_S = 5.0
"""Default number of seconds to wait for a lock."""

_LOOK_UP_S = 0.01  # seconds between two tries to get the lock
_FLAGS = os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class FileLock:
    """The lock of one file. Processes share it by a second file beside it that ends in `.lock`."""

    def __init__(self, path: Path, patience_s: float = PATIENCE_S):
        """Notes the path; the second file is made at first use.

        Args:
            path: the file that is locked.
            patience_s: seconds to wait for the lock. Whoever comes after somebody has waited in
                vain does not wait at all, until the lock is free again. So a process that was
                stopped while it held the lock costs one request its time, not each of them.
        """
        self._name = path.name
        self._path = path.with_name(f"{path.name}.lock")
        self._patience_s = patience_s
        self._threads = threading.Lock()
        self._was_in_vain = False

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Waits until no other thread or process has the lock, then keeps them out.

        Raises:
            UserError: others kept the lock for too long.
            OSError: the file system gives no lock.
            Stopped: the caller has gone while waiting.
        """
        ends = time.monotonic() + (0.0 if self._was_in_vain else self._patience_s)
        self._wait(lambda: self._threads.acquire(timeout=_LOOK_UP_S), ends)
        try:
            file = os.open(self._path, _FLAGS, 0o600)
            try:
                self._wait(lambda: _locks(file), ends)
                self._was_in_vain = False
                yield
            finally:
                os.close(file)
        finally:
            self._threads.release()

    def _wait(self, succeeds: Callable[[], bool], ends: float) -> None:
        while not succeeds():
            if time.monotonic() >= ends:
                self._was_in_vain = True
                raise UserError(
                    f"The file {self._name} of the data folder is in use by another program of the "
                    "server: try again soon; if that does not help, have the program ended there."
                )
            cancellation.check()


def _locks(file: int) -> bool:
    """Locks an open file; returns False a moment later if another process has the lock."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_LOOK_UP_S)
        return False
    return True
