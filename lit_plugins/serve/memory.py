"""Return of freed memory to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Makes glibc return freed memory to the system; does nothing without glibc.

    After tensors of many different sizes, glibc keeps several hundred unused megabytes.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl does not have it
        if trim is not None:
            trim(ctypes.c_size_t(0))
