"""The stacks of layers in a model, and which of their modules run on all positions of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from lit_plugins.models.fast.packed_linear import PackedLinear

LINEARS = (nn.Linear, Conv1D, PackedLinear)


def layer_lists(model: nn.Module) -> Iterator[nn.ModuleList]:
    """The outermost lists of layers that are not empty, such as an encoder's and a decoder's."""
    for child in model.children():
        if not isinstance(child, nn.ModuleList):
            yield from layer_lists(child)
        elif len(child):
            yield child


def called_on_all_positions(
    modules: Sequence[nn.Module], run: Callable[[], object], shape: tuple[int, int]
) -> dict[nn.Module, Tensor]:
    """The inputs of those modules that run exactly once, on all positions of a batch.

    Args:
        modules: any modules of a model.
        run: runs the model on one batch.
        shape: the batch's, (rows, longest row). The two must differ, since some architectures put
            positions first.

    Returns:
        The input of each such module, [rows, longest row, width], in the order of the run.
    """
    called: list[tuple[nn.Module, Tensor]] = []

    def note(module: nn.Module, inputs: Sequence) -> None:
        states = inputs[0] if inputs else None
        if isinstance(states, Tensor) and states.ndim == 3 and states.shape[:2] == shape:
            called.append((module, states))

    hooks = [module.register_forward_pre_hook(note) for module in modules]
    try:
        run()
    finally:
        for hook in hooks:
            hook.remove()
    times = Counter(module for module, _ in called)
    return {module: states for module, states in called if times[module] == 1}
