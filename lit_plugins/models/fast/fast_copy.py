"""A copy of a model that gives the same logits for less work, as far as trying it finds one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from lit_plugins.models.capabilities import Traits, attempt, same
from lit_plugins.models.fast.first_layer import find_repeats, share
from lit_plugins.models.fast.last_layer import narrow_last_layer
from lit_plugins.models.fast.layers import LINEARS, called_on_all_positions, layer_lists
from lit_plugins.models.fast.packed_linear import pack_linears
from lit_plugins.models.forward import Forward, private_copy
from lit_plugins.text.encoded import Row

_MIXTURES = 4
_LEAST_DIFFERENCE = 1e-4
"""Logits of unlike rows that differ by less, of their size, are too near rounding."""
_SAME_OF_DIFFERENCE = 2e-3


def slim(forward: Forward, traits: Traits, rows: Sequence[Row], batch_tokens: int) -> None:
    """Gives `forward` faster kernels and a lean copy, each only if the logits stay as they were.

    Args:
        forward: the model's passes.
        traits: how the model may be run.
        rows: as in `probe`.
        batch_tokens: tokens in a batch, as many as will be usual.
    """
    padding = traits.padding
    # Of two lengths: where one length is the number of heads, a wrong shape may go unnoticed.
    unlike = [[row] for row in rows] if padding == "none" else [list(rows), list(rows[1:])]
    alike = forward.collate([rows[0], *_mixtures(rows[0])], padding)

    def logits(model: PreTrainedModel) -> Tensor:
        outputs = [
            forward(forward.collate(batch, padding), padding, model=model) for batch in unlike
        ]
        return torch.cat([output.logits for output in outputs])

    expected = logits(forward.model)
    differ = float((expected.amax(0) - expected.amin(0)).max())
    if differ <= _LEAST_DIFFERENCE * max(1.0, float(expected.abs().max())):
        return  # what is wrong would not show

    def right(model: PreTrainedModel) -> bool:
        def agree() -> bool:
            found = logits(model)
            if found.shape != expected.shape or not same(found, expected):
                return False
            return float((found - expected).abs().max()) <= _SAME_OF_DIFFERENCE * differ

        return attempt(agree, False)

    packed = private_copy(forward.model)
    if pack_linears(packed, batch_tokens) and right(packed):
        forward.model = packed
    lean = private_copy(forward.model)
    lists = list(layer_lists(lean))
    first = [
        module for layers in lists for module in layers[0].modules() if isinstance(module, LINEARS)
    ]
    last = [
        module
        for layers in lists
        for module in layers[-1].modules()
        if isinstance(module, LINEARS) or type(module).__name__.endswith("Norm")
    ]

    def run() -> None:
        forward(alike, padding, model=lean)

    def on_all_positions(modules: Sequence[nn.Module]) -> dict[nn.Module, Tensor]:
        return called_on_all_positions(modules, run, (alike.ids.shape[0], alike.ids.shape[1]))

    repeats = find_repeats(alike.ids, alike.type_ids, alike.mask, forward.pad_id)
    if repeats is not None:
        forward.shares = share(on_all_positions(first), forward.sharing, repeats) > 0
    narrowed = narrow_last_layer(on_all_positions(last), traits.pooling, lambda: right(lean))
    forward.lean = lean if (forward.shares or narrowed) and right(lean) else None


def _mixtures(row: Row) -> list[Row]:
    """Rows that are like a row in many places, special tokens among them, and elsewhere are not."""
    ids = row.input_ids
    middle = range(2, len(ids) - 2)
    other = ids[len(ids) // 2]
    return [
        Row(
            tuple(other if at in middle and at >> bit & 1 else ids[at] for at in range(len(ids))),
            row.type_ids,
        )
        for bit in range(_MIXTURES)
    ]
