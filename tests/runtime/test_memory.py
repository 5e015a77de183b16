"""Want of memory is told from other errors, and what is free is what the system says."""

from __future__ import annotations

import resource

import numpy as np
import pytest
import torch

from lit_plugins.runtime import memory

OF_TORCH = (
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 400000000 bytes. Error code 12 (Cannot allocate memory)"
)


@pytest.mark.parametrize(
    ("error", "ran_out"),
    [
        (MemoryError(), True),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB."), True),
        (torch.OutOfMemoryError("in other words"), True),
        (RuntimeError(OF_TORCH), True),
        (RuntimeError("unable to mmap 240 bytes from file <x>: Cannot allocate memory (12)"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (RuntimeError("could not create a primitive"), True),
        (RuntimeError("The size of tensor a (24) must match the size of tensor b (3)"), False),
        (ValueError("no padding here"), False),
    ],
)
def test_errors(error, ran_out):
    assert memory.ran_out(error) == ran_out


def test_what_torch_and_numpy_raise_is_want_of_memory():
    for take in (lambda: torch.empty(2**48), lambda: np.empty(2**48)):
        with pytest.raises((RuntimeError, MemoryError)) as caught:
            take()
        assert memory.ran_out(caught.value)


def test_what_is_free_is_the_least_that_is_said(tmp_path, monkeypatch):
    (tmp_path / "meminfo").write_text("MemTotal: 900 kB\nMemAvailable:     500 kB\n")
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    assert memory.free_bytes() == 500 * 1024
    for name, content in {
        "memory.max": "300000\n",
        "memory.current": "200000\n",
        "memory.stat": "anon 5\ninactive_file 1000\n",
    }.items():
        (tmp_path / name).write_text(content)
    assert memory.free_bytes() == 101_000
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.free_bytes() == 500 * 1024


def test_a_limit_on_a_process_counts(monkeypatch):
    unlimited = memory.free_bytes()
    monkeypatch.setattr(resource, "getrlimit", lambda what: (2**40, 2**40))
    assert memory.free_bytes() == unlimited
    monkeypatch.setattr(resource, "getrlimit", lambda what: (0, 0))
    assert memory.free_bytes() < 0


def test_another_device_says_nothing():
    assert memory.free_bytes("mps") is None
