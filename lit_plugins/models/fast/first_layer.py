"""The first layer's projections once for each token at each position, however many rows have it.

What goes into the first attention depends on a token and its place only. The masked versions of a
text have two tokens at each place, so that nearly all of that work is the same; rows of different
texts have little in common and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local

import torch
from torch import Tensor, nn

_MOST = 0.5
"""Rows that differ in more than this share of their tokens gain nothing worth having."""
_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Repeats:
    """Which positions of a batch are alike.

    Attributes:
        shape: of the batch, (rows, longest row).
        first: int64 [kinds], one position of each kind, counted through the whole batch.
        kind: int64 [rows * longest row], the kind of each position.
    """

    shape: tuple[int, int]
    first: Tensor
    kind: Tensor


def find_repeats(ids: Tensor, type_ids: Tensor, mask: Tensor, pad_id: int) -> Repeats | None:
    """What repeats in a batch, or None if it is too little.

    Args:
        ids, type_ids, mask: int64 [rows, longest row].
        pad_id: the model's padding token; some models count the others to number the positions.
    """
    longest = ids.shape[1] + 1
    place = mask.cumsum(-1) * mask
    counted = (ids != pad_id).cumsum(-1)
    # One number for each: all of them are smaller than what the ones before are multiplied by.
    keys = ((ids * (type_ids.max() + 1) + type_ids) * longest + place) * longest + counted
    kinds, kind = torch.unique(keys.flatten(), return_inverse=True)
    if len(kinds) > _MOST * len(kind):
        return None
    positions = torch.arange(len(kind), device=ids.device)
    first = torch.empty_like(kinds).scatter_(0, kind, positions)
    return Repeats((ids.shape[0], ids.shape[1]), first, kind)


class Sharing(local):
    """What repeats in the batch that this thread runs, and the hooks that make use of it."""

    repeats: Repeats | None = None

    @contextmanager
    def of(self, repeats: Repeats | None) -> Iterator[None]:
        """Sets what repeats while a batch is run."""
        self.repeats = repeats
        try:
            yield
        finally:
            self.repeats = None

    def gather(self, module: nn.Module, inputs: tuple) -> tuple | None:
        """Before a module: one input of each kind."""
        repeats = self.repeats
        if repeats is None or inputs[0].shape[:2] != repeats.shape:
            return None
        return (inputs[0].flatten(0, 1)[repeats.first].unsqueeze(0), *inputs[1:])

    def scatter(self, module: nn.Module, inputs: tuple, output: Tensor) -> Tensor | None:
        """After it: its output for each position."""
        repeats = self.repeats
        if repeats is None or inputs[0].shape[:2] != (1, len(repeats.first)):
            return None
        return output[0].index_select(0, repeats.kind).unflatten(0, repeats.shape)


def share(inputs: Mapping[nn.Module, Tensor], sharing: Sharing, repeats: Repeats) -> int:
    """Lets modules share what repeats, up to the first whose inputs do not.

    It goes by the inputs: of a model that hardly tells texts apart, the logits would show nothing.

    Args:
        inputs: what goes into modules of the first layer, in the order in which they run, for a
            batch whose rows differ around what is alike.
        sharing: holds what repeats.
        repeats: what repeats in that batch.

    Returns:
        How many do.
    """
    sharers = 0
    for module, given in inputs.items():
        states = given.flatten(0, 1)
        unlike = (states - states[repeats.first][repeats.kind]).abs().max()
        if unlike > _ROUNDING * states.abs().max():
            break  # behind the first attention
        module.register_forward_pre_hook(sharing.gather)
        module.register_forward_hook(sharing.scatter)
        sharers += 1
    return sharers
