"""Private copies of a model: they share its weights and leave the caller's model as it is."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel

from lit_plugins.models.fast.first_layer import Sharing


@dataclass(frozen=True, eq=False)
class Copies:
    """The copies of one model that a `Forward` runs. All of them give the same logits.

    Attributes:
        whole: a complete copy, used wherever hidden states are asked for. Its linear layers are
            packed (see `fast.packed_linear`) where measuring found that faster.
        lean: a copy that gives logits only, for less work, or None.
        sharing: holds what repeats in the batch that the lean copy runs, so that its first layer
            does repeated work once, or None where the first layer shares nothing.
    """

    whole: PreTrainedModel
    lean: PreTrainedModel | None = None
    sharing: Sharing | None = None


def private_copy(model: PreTrainedModel, **settings: Any) -> PreTrainedModel:
    """A copy in evaluation mode with frozen weights, which it shares with the original.

    Args:
        model: any model; it is not changed.
        settings: values that the copy's own text configuration gets.
    """
    memo: dict[int, Any] = {
        id(weight): nn.Parameter(weight.data, requires_grad=False) for weight in model.parameters()
    }
    memo.update({id(buffer): buffer for buffer in model.buffers()})
    # A tensor that is made in inference mode can never have gradients.
    with torch.inference_mode(False):
        copied = copy.deepcopy(model, memo).eval()
    if settings:
        copied.config.get_text_config().update(settings)
    return copied
