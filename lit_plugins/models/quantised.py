"""Quantised models: how they are recognised, and the plain tensors in their weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn


def is_quantised(model: nn.Module) -> bool:
    """Whether weights of a model are of another kind than floating-point tensors.

    Torch's quantised layers have a method in place of a weight, those of bitsandbytes hold
    integers, and those of torchao hold a class of tensors that consists of other tensors.
    """
    return any(
        not weight.is_floating_point() or hasattr(weight, "__tensor_flatten__")
        for weight in model.parameters()
    ) or has_no_backward(model)


def has_no_backward(model: nn.Module) -> bool:
    """Whether a model has quantised layers of torch: gradients pass by them without a word."""
    return any(callable(getattr(module, "weight", None)) for module in model.modules())


def number_of_embeddings(layer: nn.Module) -> int:
    """Number of tokens that an embedding layer knows, quantised or not."""
    weight: Any = layer.weight
    return len(weight() if callable(weight) else weight)


def plain_tensors(value: Any) -> Iterator[Tensor | str]:
    """The tensors of numbers that a weight consists of, with descriptions of all else in it.

    Args:
        value: an entry of a `state_dict`.
    """
    if not isinstance(value, Tensor):
        if isinstance(value, (tuple, list)):
            for item in value:
                yield from plain_tensors(item)
        else:
            yield repr(value)
    elif value.is_quantized:
        yield value.dequantize()
    elif hasattr(value, "__tensor_flatten__"):
        names, context = value.__tensor_flatten__()
        yield repr((type(value).__name__, names, context))
        for name in names:
            yield from plain_tensors(getattr(value, name))
    else:
        yield value
