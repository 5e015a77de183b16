"""A first layer that computes each token's projections once for all rows with that token there.

The input of the first attention at a position depends only on

    key = (token id, segment id, position by mask, position by padding token).

Rows of a batch with equal keys therefore share the results of all modules before that attention:
the projection of embeddings, queries, keys and values. The masked versions of one text have only
two tokens at each position (the word's own token and the mask), so sharing saves nearly all of
that work. Rows of different texts have little in common and are not shared.

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
"""Most kinds of positions in a batch worth sharing, as a share of its positions."""

_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class Repeats:
    """Positions of a batch grouped by kind; positions of one kind have the same key.

    Attributes:
        shape: the shape of the batch, (rows, longest row).
        first: int64 [kinds], one position of each kind, as an index into the flattened batch.
        kind: int64 [rows * longest row], the kind of each position.
    """

    shape: tuple[int, int]
    first: Tensor
    kind: Tensor


def find_repeats(ids: Tensor, type_ids: Tensor, mask: Tensor, pad_id: int) -> Repeats | None:
    """Groups the positions of a batch by kind; None if too few repeat to be worth sharing.

    Args:
        ids: token ids, int64 [rows, longest row].
        type_ids: segment ids, int64 [rows, longest row].
        mask: 1 at real tokens and 0 at padding, int64 [rows, longest row].
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
    """The repeats in the current thread's batch, and the hooks that share their work."""

    repeats: Repeats | None = None

    @contextmanager
    def of(self, repeats: Repeats | None) -> Iterator[None]:
        """Sets the repeats of the batch that runs inside the `with` block."""
        self.repeats = repeats
        try:
            yield
        finally:
            self.repeats = None

    def gather(self, module: nn.Module, inputs: tuple) -> tuple | None:
        """Hook before a module: reduces its input to one position of each kind."""
        repeats = self.repeats
        if repeats is None or inputs[0].shape[:2] != repeats.shape:
            return None
        return (inputs[0].flatten(0, 1)[repeats.first].unsqueeze(0), *inputs[1:])

    def scatter(self, module: nn.Module, inputs: tuple, output: Tensor) -> Tensor | None:
        """Hook after a module: copies the output of each kind to all its positions."""
        repeats = self.repeats
        if repeats is None or inputs[0].shape[:2] != (1, len(repeats.first)):
            return None
        return output[0].index_select(0, repeats.kind).unflatten(0, repeats.shape)


def share(inputs: Mapping[nn.Module, Tensor], sharing: Sharing, repeats: Repeats) -> int:
    """Adds sharing hooks to modules, up to the first module whose inputs differ within a kind.

    Such a module lies behind an attention. Inputs are compared instead of logits, because a model
    that hardly distinguishes texts would show no difference in its logits.

    Args:
        inputs: the inputs of modules of the first layer, in the order in which they run, for a
            batch of rows that partly repeat.
        sharing: the hooks.
        repeats: the repeats in that batch.

    Returns:
        The number of modules that share.
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
