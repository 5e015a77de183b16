"""The size of a model: what its files hold, and a bound on what is built to hold them.

Torch's modules are built before their weights are read, as large as config.json says. A wrong or
hostile one would take all memory, or time without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import get_ident
from typing import Any, NamedTuple

from safetensors import safe_open
from torch import Tensor, nn
from torch.nn.modules import module as hooks

from lit_plugins.errors import UserError

_ROOM = 16
"""Numbers that a model may have for each number in its files; quantised ones pack up to 16."""

_SPARE_NUMBERS, _SPARE_TENSORS = 2**26, 1000
"""Numbers and tensors that any model may have: heads, tables of positions, masks."""

_COUNT = re.compile(r"(?:^|_)(?:num|n|layers?|depth)(?:_|$)")
"""Names of settings that count parts of a model: num_labels, n_layer, encoder_layers."""


class Size(NamedTuple):
    """The size of a model's weights.

    Attributes:
        numbers: how many numbers there are.
        tensors: in how many tensors they are.
    """

    numbers: int
    tensors: int


def saved_size(folder: Path) -> Size:
    """The size of the weights in a folder's safetensors files, by their headers.

    Raises:
        SafetensorError: a header is damaged, or its file is shorter or longer than it says.
    """
    numbers = tensors = 0
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for key in file.keys():  # noqa: SIM118  # the object is no mapping
                count = 1
                for length in file.get_slice(key).get_shape():
                    count *= length
                numbers += count
                tensors += 1
    return Size(numbers, tensors)


def check_counts(config: Any, saved: Size, name: str) -> None:
    """Refuses a configuration that counts more parts than there are numbers in the files.

    Transformers writes out lists of layers and names of classes before it builds a model.

    Args:
        config: the content of config.json, or a part of it.
        saved: the size of the files' weights.
        name: the model's name as the user wrote it.

    Raises:
        UserError: a count is too large.
    """
    for key, value in config.items() if isinstance(config, dict) else ():
        counts = isinstance(value, int) and _COUNT.search(key)
        if counts and value > saved.numbers + _SPARE_TENSORS:
            raise UserError(
                f"The config.json of {name!r} has the {key} {value!r:.20}, and its files have "
                f"{saved.numbers:,} weights; save model and configuration together."
            )
        check_counts(value, saved, name)


@contextmanager
def bounded(saved: Size, name: str) -> Iterator[None]:
    """Bounds the modules that this thread builds in the context by the files' weights.

    Raises:
        UserError: a model of another size is built; where its tensors are on torch's meta device,
            as in `from_pretrained`, before memory is taken.
    """
    thread = get_ident()
    numbers = tensors = 0

    def count(_: nn.Module, __: str, value: Tensor | None) -> None:
        nonlocal numbers, tensors
        if value is None or get_ident() != thread:
            return
        numbers += value.numel()
        tensors += 1
        if (
            numbers > _ROOM * saved.numbers + _SPARE_NUMBERS
            or tensors > _ROOM * saved.tensors + _SPARE_TENSORS
        ):
            raise UserError(
                f"The config.json of {name!r} asks for a far larger model than that of its files, "
                f"which have {saved.numbers:,} weights; save model and configuration together."
            )

    registered = [
        hooks.register_module_parameter_registration_hook(count),
        hooks.register_module_buffer_registration_hook(count),
    ]
    try:
        yield
    finally:
        for hook in registered:
            hook.remove()
