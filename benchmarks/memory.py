"""Memory of this process, in KiB."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")


def peak_kib() -> float:
    """Returns the most memory that this process has held so far, in KiB."""
    # Preferred over getrusage, which also counts the parent's memory before this process started.
    known = _status("VmHWM:")
    if known is not None:
        return known
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / 1024 if sys.platform == "darwin" else used


def current_kib() -> float:
    """Returns the memory that this process holds now, in KiB; its peak if that is unknown."""
    known = _status("VmRSS:")
    return peak_kib() if known is None else known


def forget_peak() -> None:
    """Resets the peak to the current memory, on systems that can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> float | None:
    if _STATUS.exists():
        for line in _STATUS.read_text().splitlines():
            if line.startswith(name):
                return float(line.split()[1])
    return None
