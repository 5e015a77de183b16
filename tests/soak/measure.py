"""What a process of this machine takes up, while it takes it up."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HAS_PROC = Path("/proc/self/statm").exists()


@dataclass(frozen=True)
class Footprint:
    """One moment of a process.

    Attributes:
        seconds: since the watch began.
        mib: resident memory.
        threads: how many it has.
        descriptors: how many files and sockets it has open.
    """

    seconds: float
    mib: float
    threads: int
    descriptors: int


def footprint(pid: int | str, began: float = 0.0) -> Footprint:
    """A process now, or "self"."""
    folder = Path(f"/proc/{pid}")
    pages = int((folder / "statm").read_text().split()[1])
    return Footprint(
        seconds=time.perf_counter() - began,
        mib=pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        threads=len(os.listdir(folder / "task")),
        descriptors=len(os.listdir(folder / "fd")),
    )


class Watch:
    """Footprints of a process, one after another, as long as its block runs."""

    def __init__(self, pid: int, every_s: float = 0.25):
        self.seen: list[Footprint] = []
        self._pid = pid
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        began = time.perf_counter()
        while True:
            self.seen.append(footprint(self._pid, began))
            if self._ended.wait(self._every_s):
                return
