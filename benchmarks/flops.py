"""Floating-point operations of matrix products: executed ones, and those of the stock model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode, sdpa_backward_flop_count, sdpa_flop_count
from transformers import PreTrainedConfig


def executed(call: Callable[[], object]) -> int:
    """Counts the floating-point operations of a call on this thread, on the CPU too."""
    aten = torch.ops.aten
    mapping = {
        aten._scaled_dot_product_flash_attention_for_cpu: _attention,
        aten._scaled_dot_product_flash_attention_for_cpu_backward: _attention_backward,
        **dict.fromkeys(_packed_operators(), _linear),
    }
    with FlopCounterMode(display=False, custom_mapping=mapping) as counter:
        call()
    return counter.get_total_flops()


def nominal(config: PreTrainedConfig, length: int, rows: int, *, gradients: bool) -> int:
    """Computes the operations of all layers at every position, without padding and head.

    Args:
        config: the configuration of a model with BERT's layers.
        length: number of tokens in a row.
        rows: number of rows.
        gradients: whether the gradients of the rows' embeddings are computed too.
    """
    config = config.get_text_config()
    width = config.hidden_size
    wide = getattr(config, "intermediate_size", None) or config.hidden_dim
    linear = 2 * length * width * (4 * width + 2 * wide)
    attention = 4 * length * length * width
    # A gradient with respect to inputs alone costs a linear layer as much again as its forward
    # pass, and attention twice as much.
    layer = linear * (2 if gradients else 1) + attention * (3 if gradients else 1)
    return config.num_hidden_layers * layer * rows


def _packed_operators() -> list[Any]:
    name = "_linear_pointwise"
    return [getattr(torch.ops.mkldnn, name)] if hasattr(torch.ops.mkldnn, name) else []


def _linear(
    inputs: Sequence[int], weight: Sequence[int], *unused: Any, out_shape: Any = None, **more: Any
) -> int:
    return 2 * prod(inputs) * out_shape[-1]


def _attention(
    query: Sequence[int], key: Sequence[int], value: Sequence[int], *unused: Any, **more: Any
) -> int:
    return sdpa_flop_count(query, key, value)


def _attention_backward(
    gradient: Sequence[int],
    query: Sequence[int],
    key: Sequence[int],
    value: Sequence[int],
    *unused: Any,
    **more: Any,
) -> int:
    return sdpa_backward_flop_count(gradient, query, key, value)
