"""Memory: whether an error means too little of it, how much is free, and giving it back."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from pathlib import Path

_SAYS_SO = (
    # For the CPU torch raises a plain RuntimeError, recognisable only by its words.
    "can't allocate memory",
    "cannot allocate memory",
    "out of memory",
    # What oneDNN says if it gets no memory for its workspace.
    "could not create a primitive",
)
_MEMINFO = Path("/proc/meminfo")
_GROUP = Path("/sys/fs/cgroup")


def ran_out(error: BaseException) -> bool:
    """Whether an error means that memory did not suffice."""
    import torch

    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return any(words in str(error).lower() for words in _SAYS_SO)


def free_bytes(device: str = "cpu") -> int | None:
    """The bytes that can still be taken on a device; None if this system does not say.

    Args:
        device: a torch device, such as "cpu" or "cuda:0".
    """
    if device.startswith("cuda"):
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    if not device.startswith("cpu"):
        return None
    known = [_available(), _left_in_group(), _left_to_process()]
    return min((free for free in known if free is not None), default=None)


def give_back() -> None:
    """Returns what was freed to the system, so that others find it free."""
    gc.collect()
    # The C library keeps freed blocks; only glibc's has this function.
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
    give_back_gpu_memory()


def give_back_gpu_memory() -> None:
    """Returns what torch keeps of a GPU's memory."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def _available() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in _MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _left_in_group() -> int | None:
    """What is left of a container's limit; memory that only holds files can be taken, too."""
    with suppress(OSError, ValueError):
        limit = int((_GROUP / "memory.max").read_text())  # "max" is no limit
        used = int((_GROUP / "memory.current").read_text())
        statistics = dict(
            line.split() for line in (_GROUP / "memory.stat").read_text().splitlines()
        )
        return limit - used + int(statistics.get("inactive_file", 0))
    return None


def _left_to_process() -> int | None:
    """What is left of the limit on a process's data (`ulimit -d`)."""
    with suppress(ImportError, OSError, ValueError, IndexError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_DATA)
        if limit != resource.RLIM_INFINITY:
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("VmData:"):
                    return limit - int(line.split()[1]) * 1024
    return None
