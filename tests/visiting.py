"""What a server's visitors do to a model: its work is done in turns, by a thread of its own."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from torch.utils._python_dispatch import TorchDispatchMode

from lit_plugins.runtime.turns import given_by


class _Refused(TorchDispatchMode):
    # Each thread that computes has as many more to help it as there are cores, and keeps them.
    def __torch_dispatch__(self, function: Any, *_: object) -> Any:
        raise AssertionError(f"{function} was computed out of turn.")


@contextmanager
def a_visitor() -> Iterator[None]:
    """Fails where this thread computes with tensors itself."""
    with (
        ThreadPoolExecutor(1) as models,
        given_by(lambda work: models.submit(work).result()),
        _Refused(),
    ):
        yield
