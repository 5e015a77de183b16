"""Settings by which a model would make `transformers` fetch code or run it: dropped or refused.

Besides code of the model's own (`auto_map`), which no loader here runs, a configuration can name
kernels on the hub: as its implementation of attention or of experts, or by the format of its
weights.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import transformers
from transformers import PreTrainedConfig, PreTrainedTokenizerBase
from transformers.integrations import hub_kernels

from lit_plugins.errors import UserError

_WITHIN_TORCH = ("eager", "sdpa")
"""Implementations of attention, and of experts, that are part of torch and transformers."""

_IMPLEMENTATIONS = ("_attn_implementation", "_experts_implementation")
_PATCHES = ("fusion_config", "kernel_config", "use_kernels", "distributed_config")


def drop_outside_code(config: PreTrainedConfig) -> None:
    """Leaves out of a loaded configuration, and of those within it, what names other code.

    The model's own defaults stand in place of it; they compute the same.
    """
    for part in _parts(config):
        for name in _IMPLEMENTATIONS:
            if getattr(part, name) not in _WITHIN_TORCH:
                setattr(part, name, None)
        for name in _PATCHES:
            vars(part).pop(name, None)


def check_tokenizer_class(settings: Mapping[str, Any], name: str) -> None:
    """Checks that the class that a file names for its tokenizer is one.

    Transformers would take any of its classes and call `from_pretrained`: that of a model loads the
    model once more, by settings that nobody has checked.

    Args:
        settings: the content of tokenizer_config.json or config.json.
        name: the model's name as the user wrote it.

    Raises:
        UserError: the class is another one of transformers.
    """
    named = settings.get("tokenizer_class")
    found = getattr(transformers, named, None) if isinstance(named, str) else None
    if found is not None and not (
        isinstance(found, type) and issubclass(found, PreTrainedTokenizerBase)
    ):
        raise UserError(
            f"The model {name!r} names {named!r:.60} as the class of its tokenizer, which is none; "
            "save the tokenizer again with save_pretrained."
        )


def refuse_kernels() -> None:
    """Keeps transformers, in this process, from fetching kernels of the hub, which are code.

    Some architectures and formats of weights fetch one when they are built or first run. Who sets
    USE_HUB_KERNELS=YES, transformers' own switch, has them fetched.
    """
    wanted = os.environ.get("USE_HUB_KERNELS", "NO").upper()
    if wanted not in transformers.utils.ENV_VARS_TRUE_VALUES:
        hub_kernels.get_kernel = _refuse


def _refuse(name: str, *_: Any, **__: Any) -> NoReturn:
    raise UserError(
        f"The kernel {name!r:.60} is code on the hub, which is not fetched; give a model without "
        "it, or set USE_HUB_KERNELS=YES if you trust it."
    )


def _parts(config: PreTrainedConfig) -> Iterator[PreTrainedConfig]:
    yield config
    for value in vars(config).values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, PreTrainedConfig):
                yield from _parts(part)
