"""A first layer that computes each token's projections once for all rows that have it there.

What enters the first attention at a position depends on nothing but

    key = (token id, segment id, position by mask, position by padding token),

so rows of a batch that agree in the key share the result of every module before that attention:
embeddings' projection, queries, keys and values. The masked versions of one text have only two
tokens at each position (the word's own and the mask), so nearly all of that work is saved. Rows of
different texts have little in common and are left alone.

`make bench ARGS="--only shap"` shows the gain for masked versions of texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import local

import torch
from torch import Tensor, nn

_MOST_KINDS = 0.5
"""Batches with more kinds than this share of their positions gain nothing worth having."""
_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Repeats:
    """Which positions of a batch are of one kind: those with the same key.

    Attributes:
        shape: the batch's, (rows, longest row).
        first: int64 [kinds], one position of each kind, counted through the whole batch.
        kind: int64 [rows * longest row], the kind of each position.
    """

    shape: tuple[int, int]
    first: Tensor
    kind: Tensor


def find_repeats(ids: Tensor, type_ids: Tensor, mask: Tensor, pad_id: int) -> Repeats | None:
    """Finds what repeats in a batch; None if that is too little to be worth sharing.

    Args:
        ids: token ids, int64 [rows, longest row].
        type_ids: segment ids, likewise.
        mask: 1 at real tokens, likewise.
        pad_id: the padding token. Some models number positions by counting all other tokens.
    """
    base = ids.shape[1] + 1
    position = mask.cumsum(-1) * mask
    counted = (ids != pad_id).cumsum(-1)
    # One number for each key, its parts as digits: each part is smaller than the factor before it.
    keys = ((ids * (type_ids.max() + 1) + type_ids) * base + position) * base + counted
    kinds, kind = torch.unique(keys.flatten(), return_inverse=True)
    if len(kinds) > _MOST_KINDS * len(kind):
        return None
    positions = torch.arange(len(kind), device=ids.device)
    first = torch.empty_like(kinds).scatter_(0, kind, positions)
    return Repeats((ids.shape[0], ids.shape[1]), first, kind)


class Sharing(local):
    """What repeats in the batch that this thread runs, and the hooks that make use of it."""

    repeats: Repeats | None = None

    @contextmanager
    def of(self, repeats: Repeats | None) -> Iterator[None]:
        """Says what repeats in the batch that is run inside."""
        self.repeats = repeats
        try:
            yield
        finally:
            self.repeats = None

    def gather(self, module: nn.Module, inputs: tuple) -> tuple | None:
        """Before a module runs: reduces its input to one position of each kind."""
        repeats = self.repeats
        if repeats is None or inputs[0].shape[:2] != repeats.shape:
            return None
        return (inputs[0].flatten(0, 1)[repeats.first].unsqueeze(0), *inputs[1:])

    def scatter(self, module: nn.Module, inputs: tuple, output: Tensor) -> Tensor | None:
        """After a module ran: gives each position the output of its kind."""
        repeats = self.repeats
        if repeats is None or inputs[0].shape[:2] != (1, len(repeats.first)):
            return None
        return output[0].index_select(0, repeats.kind).unflatten(0, repeats.shape)


def share(inputs: Mapping[nn.Module, Tensor], sharing: Sharing, repeats: Repeats) -> int:
    """Lets modules share what repeats, up to the first whose inputs differ within a kind.

    That first module lies behind an attention. Inputs are compared, not logits: the logits of a
    model that hardly tells texts apart would show no difference.

    Args:
        inputs: the inputs of modules of the first layer, in the order in which they run, for a
            batch of rows that are partly alike.
        sharing: holds what repeats.
        repeats: what repeats in that batch.

    Returns:
        How many modules share.
    """
    sharers = 0
    for module, module_inputs in inputs.items():
        states = module_inputs.flatten(0, 1)
        difference = (states - states[repeats.first][repeats.kind]).abs().max()
        if difference > _ROUNDING * states.abs().max():
            break
        module.register_forward_pre_hook(sharing.gather)
        module.register_forward_hook(sharing.scatter)
        sharers += 1
    return sharers
