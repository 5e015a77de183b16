"""The last layer, run only where the head reads it: the same logits for less work.

After its attention, a layer treats each position by itself, and of the last layer the head reads
one. So the projections and the feed-forward part behind the last attention are needed there only:
about an eighth of a model of six layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from torch import nn

from lit_plugins.models.capabilities import Pooling


def narrow_last_layer(
    modules: Iterable[nn.Module], pooling: Pooling, right: Callable[[], bool]
) -> int:
    """Gives modules one position of their input, those that the logits allow it.

    Args:
        modules: of the last layer, in the order in which they run.
        pooling: where the head reads: in every row the first position or, for rows padded on the
            left or not at all, the last.
        right: whether the logits are as they were.

    Returns:
        How many do with one position.
    """
    if pooling == "mean":
        return 0
    where = slice(0, 1) if pooling == "first" else slice(-1, None)
    narrowed: set[nn.Module] = set()

    def narrow(module: nn.Module, inputs: tuple) -> tuple:
        if inputs[0].shape[1] > 1:
            narrowed.add(module)
        return (inputs[0][:, where], *inputs[1:])

    for module in modules:
        hook = module.register_forward_pre_hook(narrow)
        if not right():
            narrowed.discard(module)
        if module not in narrowed:  # or it had one position already, thanks to those before
            hook.remove()
    return len(narrowed)
