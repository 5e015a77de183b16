"""Linear layers that multiply by oneDNN's packed matrices, on processors where that is faster.

On some processors oneDNN multiplies float32 matrices twice as fast as torch does by default, once
the weights are reordered ("packed") for it; on others it is slower. So one product of the model's
largest shape is timed both ways, and packing is used if

    t(torch) > 1.2 * t(packed),  each t the best of five runs in alternation.

Source: oneDNN's weight reordering (https://uxlfoundation.github.io/oneDNN/, "Memory Format
Propagation"). Torch's operators for it are not public, so callers must compare the logits of a
packed model and drop packing if they differ. `make bench ARGS="--only rates"` shows the rates of
matrix products beside the machine's best.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from lit_plugins.models.copies import private_copy
from lit_plugins.runtime.memory import free_bytes

_LEAST_GAIN = 1.2
_SMALLEST = 2**14
"""Fewest elements of a weight worth packing."""

_MOST_BYTES = 2**31
"""Most bytes of linear weights to pack; packed weights take additional memory."""

_TRIALS = 5
_LARGEST_STEP, _SMALLEST_STEP = 128, 16
"""Inputs are padded to a multiple of a step: an eighth of the next power of two, within these
bounds. oneDNN prepares and caches a product for each number of rows (1 ms and 0.4 to 1 MB each, at
most 1,024 of them), so padding keeps these numbers few."""

_FEWEST = 8
"""Fewest rows for which packing is used; for fewer, torch's product is as fast."""


def packed_copy(model: PreTrainedModel, rows: int) -> PreTrainedModel | None:
    """A copy of a model with packed linear layers; None if they are not faster.

    Args:
        model: any model; it is not changed, and its weights are shared.
        rows: the usual number of tokens in a batch.
    """
    linears = {name: module for name, module in model.named_modules() if _is_linear(module)}
    shapes = {name: _shape(module) for name, module in linears.items()}
    sizes = {name: wide * high for name, (wide, high) in shapes.items()}
    largest = max(sizes, key=sizes.__getitem__, default=None)
    if largest is None or sizes[largest] < _SMALLEST or not _fits(4 * sum(sizes.values())):
        return None
    weight = linears[largest].weight
    if weight.device.type != "cpu" or weight.dtype != torch.float32:
        return None
    if not packed_is_faster(*shapes[largest], rows, torch.get_num_threads()):
        return None
    packed = private_copy(model)
    for name in linears:
        if sizes[name] >= _SMALLEST:
            parent, _, child = name.rpartition(".")
            layer = PackedLinear(packed.get_submodule(name), rows)
            setattr(packed.get_submodule(parent), child, layer)
    return packed


def _fits(size: int) -> bool:
    """Whether packed weights of so many bytes leave as much memory free as they take."""
    free = free_bytes()
    return size <= _MOST_BYTES and (free is None or 2 * size <= free)


@lru_cache(maxsize=64)
def packed_is_faster(wide: int, high: int, rows: int, threads: int) -> bool:
    """Whether packing speeds up [rows, wide] times [wide, high] here, on this many threads."""
    if not torch.backends.mkldnn.is_available():
        return False
    linear = nn.Linear(wide, high)
    inputs = torch.ones(max(rows - _LARGEST_STEP // 2, 1), wide)  # so that some are filled up
    try:
        packed = PackedLinear(linear, rows)
        with torch.inference_mode():
            torch_s, packed_s = _seconds([linear, packed], inputs)
            return torch_s > _LEAST_GAIN * packed_s
    except (AttributeError, RuntimeError):  # another torch has other operators
        return False


def _seconds(layers: Sequence[Callable[[Tensor], Tensor]], inputs: Tensor) -> list[float]:
    """The shortest time of each layer; they alternate, so that other load slows all of them."""
    best = [float("inf")] * len(layers)
    for _ in range(_TRIALS):
        for index, layer in enumerate(layers):
            start = time.perf_counter()
            layer(inputs)
            best[index] = min(best[index], time.perf_counter() - start)
    return best


class PackedLinear(nn.Module):
    """A linear layer with packed weights. Only its input has gradients."""

    def __init__(self, linear: nn.Module, rows: int):
        """Packs a layer.

        Args:
            linear: an `nn.Linear` or GPT-2's `Conv1D`.
            rows: the usual number of rows of its input.

        Raises:
            RuntimeError, AttributeError: this torch has no such operators.
        """
        super().__init__()
        self.weight = linear.weight
        self._weights = _Weights(_matrix(linear).detach(), linear.bias, rows)

    def forward(self, inputs: Tensor) -> Tensor:
        """The output of the layer that was packed."""
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
        # Made for the first gradient, because predictions need no second packed copy.
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
    if len(rows) < _FEWEST:
        return functional.linear(inputs, matrix, bias)
    product = torch.ops.mkldnn._linear_pointwise(_padded(rows), packed, bias, "none", [], "")
    return product[: len(rows)].view(*inputs.shape[:-1], -1)


def _padded(rows: Tensor) -> Tensor:
    """The rows, and zeros up to a number of rows that is used often."""
    count = len(rows)
    step = max(_SMALLEST_STEP, min(_LARGEST_STEP, 2 ** (count - 1).bit_length() // 8))
    added = -count % step
    if not added:
        return rows
    padded = rows.new_empty(count + added, rows.shape[1])  # `pad` would write all zeros first
    padded[:count] = rows
    padded[count:] = 0
    return padded


def _is_linear(module: nn.Module) -> bool:
    # No subclasses: they may do more than multiply.
    return type(module) in (nn.Linear, Conv1D)


def _matrix(linear: Any) -> Tensor:
    return linear.weight.t() if isinstance(linear, Conv1D) else linear.weight


def _shape(linear: nn.Module) -> tuple[int, int]:
    high, wide = _matrix(linear).shape
    return wide, high
