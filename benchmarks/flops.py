"""Floating-point operations of matrix products: executed ones, and those of the stock model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import (
    flop_registry,
    sdpa_backward_flop_count,
    sdpa_flop_count,
    shape_wrapper,
)
from transformers import PreTrainedConfig


def executed(call: Callable[[], object]) -> int:
    """Counts the floating-point operations of a call on this thread, on the CPU too."""
    with _Counter() as counter:
        call()
    return counter.operations


class _Counter(TorchDispatchMode):
    """Adds up torch's formulas for all operators that run, those of gradients included.

    `FlopCounterMode` fails where a module takes a leaf that needs gradients, because it also notes
    which module each operator belongs to.
    """

    def __init__(self) -> None:
        super().__init__()
        self.operations = 0
        aten = torch.ops.aten
        self._formulas = {
            **flop_registry,
            aten._scaled_dot_product_flash_attention_for_cpu: shape_wrapper(_attention),
            aten._scaled_dot_product_flash_attention_for_cpu_backward: shape_wrapper(
                _attention_backward
            ),
            **dict.fromkeys(_packed_operators(), shape_wrapper(_linear)),
        }

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        formula = self._formulas.get(func.overloadpacket)
        if formula is None:
            with self:  # in inference mode, operators arrive that consist of others
                parts = func.decompose(*args, **kwargs or {})
            if parts is not NotImplemented:
                return parts
        result = func(*args, **kwargs or {})
        if formula is not None:
            self.operations += formula(*args, **kwargs or {}, out_val=result)
        return result


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
