"""The last layer, run only where the head reads it: the same logits for less work.

After its attention, a layer treats each position by itself, and of the last layer the head reads
one. So the projections and the feed-forward part behind the last attention are needed there only:
about an eighth of a model of six layers. Which modules these are differs by architecture, so it is
found by trying: a module gets one position of its input, and if the logits stay as they were, that
stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from lit_plugins.forward import private_copy
from lit_plugins.kernels import PackedLinear
from lit_plugins.probing import Pooling, attempt


def lean_copy(
    model: PreTrainedModel,
    pooling: Pooling,
    run: Callable[[PreTrainedModel], object],
    right: Callable[[PreTrainedModel], bool],
) -> PreTrainedModel | None:
    """A copy that skips what no logit depends on, or None if there is nothing to skip.

    The hidden states of its last layer are not to be had.

    Args:
        model: the model, whose weights the copy shares.
        pooling: where the head reads: in every row the first position or, for rows padded on the
            left or not at all, the last.
        run: runs a model on a row of two tokens or more.
        right: whether a model's logits for several rows are those of `model`.
    """
    if pooling == "mean":
        return None
    lean = private_copy(model)
    where = slice(0, 1) if pooling == "first" else slice(-1, None)
    narrowed: set[nn.Module] = set()

    def narrow(module: nn.Module, inputs: tuple) -> tuple:
        if inputs[0].shape[1] > 1:
            narrowed.add(module)
        return (inputs[0][:, where], *inputs[1:])

    for module in _called_on_all_positions(lean, run):
        hook = module.register_forward_pre_hook(narrow)
        if not attempt(lambda: right(lean), False):
            narrowed.discard(module)
        if module not in narrowed:  # or it had one position only, thanks to those before
            hook.remove()
    return lean if narrowed else None


def _called_on_all_positions(
    model: PreTrainedModel, run: Callable[[PreTrainedModel], object]
) -> Iterator[nn.Module]:
    """Modules of last layers that are run once, on all positions, in the order of the run."""
    called: list[nn.Module] = []
    hooks = [
        module.register_forward_pre_hook(lambda module, inputs: _note(called, module, inputs))
        for layer in _last_layers(model)
        for module in layer.modules()
        if isinstance(module, (nn.Linear, Conv1D, PackedLinear))
        or type(module).__name__.endswith("Norm")
    ]
    with torch.inference_mode():
        run(model)
    for hook in hooks:
        hook.remove()
    times = Counter(map(id, called))
    return (module for module in called if times[id(module)] == 1)


def _note(called: list[nn.Module], module: nn.Module, inputs: Sequence) -> None:
    if inputs and isinstance(inputs[0], Tensor) and inputs[0].ndim == 3 and inputs[0].shape[1] > 1:
        called.append(module)


def _last_layers(model: nn.Module) -> Iterator[nn.Module]:
    """The last member of each list of layers that is in no other list."""
    for child in model.children():
        if isinstance(child, nn.ModuleList):
            yield from list(child)[-1:]
        else:
            yield from _last_layers(child)
