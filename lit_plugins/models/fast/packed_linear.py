"""The fastest exact linear layer that this machine has for a model, found by measuring.

On some processors oneDNN multiplies float32 matrices twice as fast as what torch calls by default,
once the weights are packed for it; on others it is slower. The packed operators are not public in
torch, so whoever uses this compares the logits and goes without where they differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers.pytorch_utils import Conv1D

_GAIN = 1.2
_SMALLEST = 2**14
"""Weights of fewer numbers take no time worth measuring."""
_MOST_BYTES = 2**31
"""Packed weights come on top of the others: a model of more does without."""
_TRIALS = 5
_STEP = 128
"""For each number of rows that oneDNN is given it prepares a product, and keeps it: 1 ms and 0.4 MB
each, of up to 1,024. So rows are added up to a multiple; fewer than one go without."""


def pack_linears(model: nn.Module, rows: int) -> bool:
    """Gives a model packed linear layers where they are faster, and says whether it did.

    Args:
        model: changed in place; its weights are shared and stay.
        rows: tokens in a batch, as many as will be usual.
    """
    linears = {name: module for name, module in model.named_modules() if _is_linear(module)}
    shapes = {name: _shape(module) for name, module in linears.items()}
    sizes = {name: wide * high for name, (wide, high) in shapes.items()}
    largest = max(sizes, key=sizes.__getitem__, default=None)
    if largest is None or sizes[largest] < _SMALLEST or 4 * sum(sizes.values()) > _MOST_BYTES:
        return False
    weight = linears[largest].weight
    if weight.device.type != "cpu" or weight.dtype != torch.float32:
        return False
    if not packed_is_faster(*shapes[largest], rows, torch.get_num_threads()):
        return False
    for name, linear in linears.items():
        if sizes[name] >= _SMALLEST:
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent), child, PackedLinear(linear, rows))
    return True


@lru_cache(maxsize=64)
def packed_is_faster(wide: int, high: int, rows: int, threads: int) -> bool:
    """Whether packing pays on this machine for [rows, wide] times [wide, high], on `threads`."""
    if not torch.backends.mkldnn.is_available():
        return False
    linear = nn.Linear(wide, high)
    inputs = torch.ones(max(rows - _STEP // 2, 1), wide)  # some are added, as to most batches
    try:
        packed = PackedLinear(linear, rows)
        with torch.inference_mode():
            usual, fast = _seconds([linear, packed], inputs)
            return usual > _GAIN * fast
    except (AttributeError, RuntimeError):  # another torch has other operators
        return False


def _seconds(layers: Sequence[Callable[[Tensor], Tensor]], inputs: Tensor) -> list[float]:
    """The best that each layer does, in alternation: what else the machine does slows all alike."""
    best = [float("inf")] * len(layers)
    for _ in range(_TRIALS):
        for at, layer in enumerate(layers):
            start = time.perf_counter()
            layer(inputs)
            best[at] = min(best[at], time.perf_counter() - start)
    return best


class PackedLinear(nn.Module):
    """A linear layer whose weights are packed for oneDNN, with gradients for its input only."""

    def __init__(self, linear: nn.Module, rows: int):
        """Packs a layer.

        Args:
            linear: an `nn.Linear` or one of GPT-2's `Conv1D`.
            rows: rows that it will usually be given.

        Raises:
            RuntimeError or AttributeError: this torch has no such operators.
        """
        super().__init__()
        self.weight = linear.weight
        self._weights = _Weights(_matrix(linear).detach(), linear.bias, rows)

    def forward(self, inputs: Tensor) -> Tensor:
        """As the layer that was packed."""
        if inputs.requires_grad and torch.is_grad_enabled():
            return _Multiply.apply(inputs, self._weights)
        return self._weights.multiply(inputs)


class _Weights:
    """One layer's packed weights; copies of a model share them."""

    def __init__(self, matrix: Tensor, bias: Any, rows: int):
        self._matrix = matrix
        self._bias = None if bias is None else bias.detach()
        self._rows = rows
        self._packed = _pack(matrix, rows)

    def __deepcopy__(self, memo: dict[int, Any]) -> _Weights:
        return self

    def multiply(self, inputs: Tensor) -> Tensor:
        return _multiply(inputs, self._packed, self._matrix, self._bias)

    def multiply_back(self, gradient: Tensor) -> Tensor:
        return _multiply(gradient, self._transposed, self._matrix.t(), None)

    @cached_property
    def _transposed(self) -> Tensor:
        # Not until it is needed: who only predicts does without another copy of the weights.
        return _pack(self._matrix.t(), self._rows)


class _Multiply(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, inputs: Tensor, weights: _Weights) -> Tensor:
        ctx.weights = weights
        return weights.multiply(inputs)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return ctx.weights.multiply_back(gradients[0]), None


def _pack(matrix: Tensor, rows: int) -> Tensor:
    with torch.inference_mode(False):
        return torch.ops.mkldnn._reorder_linear_weight(matrix.contiguous(), rows)


def _multiply(inputs: Tensor, packed: Tensor, matrix: Tensor, bias: Tensor | None) -> Tensor:
    rows = inputs.reshape(-1, inputs.shape[-1])
    if len(rows) < _STEP:
        return functional.linear(inputs, matrix, bias)
    added = -len(rows) % _STEP
    padded = functional.pad(rows, (0, 0, 0, added)) if added else rows  # it copies in any case
    found = torch.ops.mkldnn._linear_pointwise(padded, packed, bias, "none", [], "")
    return found[: len(rows)].view(*inputs.shape[:-1], -1)


def _is_linear(module: nn.Module) -> bool:
    # Exactly: a kind of its own may do more than multiply.
    return type(module) in (nn.Linear, Conv1D)


def _matrix(linear: Any) -> Tensor:
    return linear.weight.t() if isinstance(linear, Conv1D) else linear.weight


def _shape(linear: nn.Module) -> tuple[int, int]:
    high, wide = _matrix(linear).shape
    return wide, high
