"""A process's memory."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_kib() -> float:
    """The most memory that this process has held so far, in KiB."""
    # Where it is there; getrusage counts what the parent held before it started this process, too.
    known = _status("VmHWM:")
    if known is not None:
        return known
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024 if sys.platform == "darwin" else used


def current_kib() -> float:
    """The memory that this process holds now or, where that is not known, its peak, in KiB."""
    known = _status("VmRSS:")
    return peak_kib() if known is None else known


def forget_peak() -> None:
    """Starts the peak anew where the system can do that."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> float | None:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return float(line.split()[1])
    return None
