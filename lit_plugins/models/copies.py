"""Private copies of a model, which share its weights and leave the caller's model unchanged."""

from __future__ import annotations

import copy
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
    memo: dict[int, Any] = {
        id(weight): nn.Parameter(weight.data, requires_grad=False) for weight in model.parameters()
    }
    memo.update({id(buffer): buffer for buffer in model.buffers() if is_shared(buffer)})
    # Tensors created in inference mode can never have gradients.
    with torch.inference_mode(False):
        copied = copy.deepcopy(model, memo).eval()
    if settings:
        copied.config.get_text_config().update(settings)
    return copied
