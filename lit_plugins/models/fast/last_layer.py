"""A last layer that runs only at the position that the classification head reads.

After its attention, a layer treats each position by itself, and the head reads a single position
of the last layer. So all modules behind the last attention (its output projection, the
feed-forward part, the norms) and the last layer's queries are needed at that position only.

A layer of width d, with a feed-forward part of width 4d, has 12 d² weights; all but its keys and
values (2 d²) can be spared at other positions: 10/12 of one layer, so about an eighth of a model
of six layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torch import nn

from lit_plugins.models.capabilities import Pooling


def narrow_last_layer(
    modules: Iterable[nn.Module], pooling: Pooling, right: Callable[[], bool]
) -> int:
    """Runs modules at one position only, each if the logits stay the same.

    Args:
        modules: modules of the last layer, in the order in which they run.
        pooling: where the head reads: the first position of every row, or the last one, where rows
            are padded on the left or not at all. Where it reads all positions nothing is narrowed.
        right: says whether the logits are still the same.

    Returns:
        How many modules were narrowed.
    """
    if pooling == "mean":
        return 0
    read = slice(0, 1) if pooling == "first" else slice(-1, None)
    narrowed: set[nn.Module] = set()

    def narrow(module: nn.Module, inputs: tuple) -> tuple:
        if inputs[0].shape[1] > 1:
            narrowed.add(module)
        return (inputs[0][:, read], *inputs[1:])

    for module in modules:
        hook = module.register_forward_pre_hook(narrow)
        if not right():
            narrowed.discard(module)
        if module not in narrowed:  # wrong logits, or a module before it left one position only
            hook.remove()
    return len(narrowed)
