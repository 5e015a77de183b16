"""Private copies of a model, which share its weights and leave the caller's model unchanged."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from lit_plugins.models.fast.first_layer import Sharing


@dataclass(frozen=True, eq=False)
class Copies:
    """The copies of one model that a `Forward` runs. All of them give the same logits.

    Attributes:
        whole: a complete copy, used wherever hidden states are requested. Its linear layers are
            packed (see `fast.packed_linear`) where measuring found that faster.
        lean: a copy that computes only logits, with less work, or None.
        sharing: records which parts of the lean copy's batch repeat, so that its first layer
            computes them once. None if the first layer does not share work.
    """

    whole: PreTrainedModel
    lean: PreTrainedModel | None = None
    sharing: Sharing | None = None


_LARGE = 2**20
"""Fewest bytes of a buffer that copies share."""


def is_shared(tensor: Tensor) -> bool:
    """Whether copies share a tensor: weights and large buffers, but not what a pass may write."""
    return isinstance(tensor, nn.Parameter) or tensor.numel() * tensor.element_size() >= _LARGE


def private_copy(model: PreTrainedModel, **settings: Any) -> PreTrainedModel:
    """A copy in evaluation mode with frozen weights, which it shares with the original.

    Args:
        model: any model; it is not changed.
        settings: entries to set in the copy's text configuration.
    """
    memo: dict[int, Any] = {id(weight): _frozen(weight) for weight in model.parameters()}
    tensors = [*model.buffers(), *_tensors_inside(model)]
    memo.update({id(tensor): tensor for tensor in tensors if is_shared(tensor)})
    # Tensors created in inference mode can never have gradients.
    with torch.inference_mode(False):
        copied = copy.deepcopy(model, memo).eval()
    if settings:
        copied.config.get_text_config().update(settings)
    return copied


def _frozen(weight: nn.Parameter) -> nn.Parameter:
    """A weight that shares the values of another, and has copies of its other attributes.

    The weights of bitsandbytes are of classes of their own and have scales and states as
    attributes, which a forward pass moves or changes.
    """
    if nn.Parameter in type(weight).__mro__:
        frozen = torch.Tensor._make_subclass(type(weight), weight.data, False)
    else:  # other classes of tensors, such as torchao's
        frozen = nn.Parameter(weight.data, requires_grad=False)
    for name, value in vars(weight).items():
        if name not in vars(frozen):
            kept = isinstance(value, (Tensor, nn.Module))
            setattr(frozen, name, value if kept else copy.copy(value))
    return frozen


def _tensors_inside(model: nn.Module) -> Iterator[Tensor]:
    """Tensors of objects that modules hold; bitsandbytes moves weights there at the first pass."""
    for module in model.modules():
        for held in vars(module).values():
            if not isinstance(held, (nn.Module, Tensor)) and hasattr(held, "__dict__"):
                yield from (value for value in vars(held).values() if isinstance(value, Tensor))
