"""What a process of this machine takes up, while it takes it up."""

from __future__ import annotations

import http.client
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.clients import percentile

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


class Health:
    """What `/healthz` takes, one request after another, as long as its block runs.

    Attributes:
        seconds: of each request, until its answer.
        statuses: all that were answered.
    """

    def __init__(self, address: str, every_s: float = 0.2):
        self.seconds: list[float] = []
        self.statuses: set[int] = set()
        self._host = urlsplit(address).netloc
        self._every_s = every_s
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> Health:
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._ended.set()
        self._thread.join()

    def __str__(self) -> str:
        p50, p95 = (percentile(self.seconds, percent) * 1000 for percent in (50, 95))
        return (
            f"/healthz: p50 {p50:.0f} ms, p95 {p95:.0f} ms, at most {max(self.seconds):.2f} s "
            f"({len(self.seconds)})"
        )

    def _ask(self) -> None:
        while True:
            begun = time.perf_counter()
            connection = http.client.HTTPConnection(self._host, timeout=120)
            connection.request("GET", "/healthz")
            self.statuses.add(connection.getresponse().status)
            connection.close()
            self.seconds.append(time.perf_counter() - begun)
            if self._ended.wait(self._every_s):
                return
