"""Passes that leave a model as it was, so that no input depends on the inputs before it.

Some models change themselves while they run: BigBird replaces its sparse attention for good at the
first short text, others keep tables that grow with the longest text. After each pass, the model's
state is compared with what it was before the first one:

    every module's attributes, submodules, parameters and buffers, the contents of its lists and
    dictionaries, its configuration, and the values of its tensors.

What a pass changed is put back, and from then on passes run one at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from operator import is_
from threading import Condition
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedConfig, PreTrainedModel

from lit_plugins.errors import UserError
from lit_plugins.models.copies import is_shared

_END = object()
_OF_ANY_MODULE = frozenset(vars(nn.Module()))
"""Attributes that every module has; torch keeps hooks in them, which copies of a model add."""


class SteadyModel:
    """A model of which each pass begins in the same state; any number of threads may call.

    Attributes:
        model: the model, which nobody else runs.
        changes_itself: whether a pass has changed the model's state so far.
    """

    def __init__(self, model: PreTrainedModel):
        """Takes down the state of a model that has not run yet."""
        _add_hooks(model)
        self.model = model
        self.changes_itself = False
        self._state = _State(model)
        self._free = Condition()
        self._running = 0

    def __call__(self, **inputs: Any) -> Any:
        """The model's output.

        Raises:
            UserError: the pass changed a weight or a large tensor, which cannot be put back.
        """
        if self._enter():
            try:
                output = self.model(**inputs)
            finally:
                self._leave()
            if not self.changes_itself:
                return output
        # Another thread's pass may have changed what this one read.
        with self.alone():
            return self.model(**inputs)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A block in which no pass of another thread runs, with the model's first state."""
        with self._free:
            self._free.wait_for(lambda: not self._running)
            self._state.restore()
            try:
                yield
            finally:
                self._state.restore()

    def _enter(self) -> bool:
        """Begins a pass beside others, unless passes run one at a time."""
        with self._free:
            if not self.changes_itself:
                self._running += 1
            return not self.changes_itself

    def _leave(self) -> None:
        with self._free:
            self._running -= 1
            self.changes_itself = self.changes_itself or self._state.differs()
            self._free.notify_all()


class _State:
    """A model's state at one time."""

    def __init__(self, model: PreTrainedModel):
        self._name = type(model).__name__
        self._dicts: list[tuple[dict, dict]] = []
        self._lists: list[tuple[list, list]] = []
        self._tensors: dict[int, Tensor] = {}
        self._configs: set[int] = set()
        for module in model.modules():
            self._note_all(vars(module), _OF_ANY_MODULE)
            for parts in (module._parameters, module._buffers, module._modules):
                self._note_all(parts)
        # The parts in one sequence: a check after every pass has to take next to no time.
        self._parts = [live.values() for live, _ in self._dicts] + [live for live, _ in self._lists]
        self._values = [*chain.from_iterable(self._parts), _END]
        self._versions = self._current_versions()
        self._originals = {
            key: tensor.detach().clone()
            for key, tensor in self._tensors.items()
            if not is_shared(tensor)
        }

    def _note_all(self, live: dict, skipped: frozenset[str] = frozenset()) -> None:
        self._dicts.append((live, dict(live)))
        for name, value in live.items():
            if name not in skipped:
                self._note(value)

    def _note(self, value: Any) -> None:
        if isinstance(value, Tensor):
            if not value.is_inference():  # torch does not count the changes of those
                self._tensors[id(value)] = value
        elif isinstance(value, PreTrainedConfig):
            if id(value) not in self._configs:
                self._configs.add(id(value))
                self._note_all(vars(value))
        elif isinstance(value, dict):
            self._dicts.append((value, dict(value)))
        elif isinstance(value, list):
            self._lists.append((value, list(value)))

    def differs(self) -> bool:
        """Whether anything is not as it was."""
        live = chain(chain.from_iterable(self._parts), (_END,))
        return not all(map(is_, live, self._values)) or self._current_versions() != self._versions

    def restore(self) -> None:
        """Makes everything as it was."""
        if not self.differs():
            return
        for named, named_then in self._dicts:
            named.update(named_then)
            for name in named.keys() - named_then.keys():
                del named[name]
        for items, items_then in self._lists:
            items[:] = items_then
        for key, version in zip(self._tensors, self._versions, strict=True):
            tensor = self._tensors[key]
            if tensor._version != version:
                self._write_back(tensor, self._originals.get(key))
        self._versions = self._current_versions()

    def _write_back(self, tensor: Tensor, original: Tensor | None) -> None:
        if original is None:
            raise UserError(
                f"The model {self._name} changes a tensor of shape {tuple(tensor.shape)} while it "
                "runs; give a model that stays as it is."
            )
        with torch.no_grad():
            tensor.copy_(original)

    def _current_versions(self) -> list[int]:
        return [tensor._version for tensor in self._tensors.values()]


def _add_hooks(model: PreTrainedModel) -> None:
    """Adds the hooks that transformers adds at the first request for inner states.

    Added later, they would count as a change of the model.
    """
    # An older transformers works without them, or knows no inner states of a class.
    with suppress(ImportError, AttributeError):
        from transformers.utils.output_capturing import maybe_install_capturing_hooks

        for module in model.modules():
            if isinstance(module, PreTrainedModel):
                maybe_install_capturing_hooks(module)
