"""Copies of a model that compute the same logits with less work.

Three ways are tried in turn, and each is kept only if the logits stay the same: linear layers
packed for this processor (`packed_linear`), a first layer that computes repeated positions of a
batch once (`first_layer`), and a last layer that runs only at the position that the classification
head reads (`last_layer`).
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn
from transformers import PreTrainedModel

from lit_plugins.models.capabilities import Pooling, Traits, attempt
from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.fast.first_layer import Sharing, find_repeats, share
from lit_plugins.models.fast.last_layer import narrow_last_layer
from lit_plugins.models.fast.layers import LINEARS, called_on_all_positions, layer_lists
from lit_plugins.models.fast.packed_linear import packed_copy
from lit_plugins.models.fast.trial import Trial
from lit_plugins.models.forward import Forward
from lit_plugins.text.encoded import Row


def find_fast_copies(
    forward: Forward, traits: Traits, rows: Sequence[Row], batch_tokens: int
) -> Copies:
    """The fastest copies that give the model's logits; those of `forward` if none are faster.

    Args:
        forward: runs the unchanged model.
        traits: the ways in which the model may be run.
        rows: as in `probe`.
        batch_tokens: the usual number of tokens in a batch.
    """
    trial = Trial.of(forward, traits.padding, rows)
    if not trial.would_show_errors:
        return forward.copies
    packed = attempt(lambda: _packed(trial, batch_tokens), forward.copies)
    return attempt(lambda: _with_lean_copy(trial, packed.whole, traits.pooling), packed)


def _packed(trial: Trial, batch_tokens: int) -> Copies:
    """A copy with packed linear layers if it is faster and gives the same logits."""
    whole = packed_copy(trial.forward.copies.whole, batch_tokens)
    if whole is None or not trial.passes(Copies(whole)):
        return trial.forward.copies
    return Copies(whole)


def _with_lean_copy(trial: Trial, whole: PreTrainedModel, pooling: Pooling) -> Copies:
    """The whole copy and, if it saves work for the same logits, a lean copy."""
    lean = private_copy(whole)
    first, last = _linears(lean, 0), _linears(lean, -1, and_norms=True)
    sharing = _share_first_layer(trial, Copies(whole, lean), first)
    copies = Copies(whole, lean, sharing)
    inputs = _inputs_on_all_positions(trial, copies, last)
    narrowed = narrow_last_layer(inputs, pooling, lambda: trial.passes(copies))
    if sharing is None and not narrowed:
        return Copies(whole)
    return copies if trial.passes(copies) else Copies(whole)


def _linears(model: nn.Module, layer: int, *, and_norms: bool = False) -> list[nn.Module]:
    """The linear modules of one layer of each of a model's stacks."""
    return [
        module
        for layers in layer_lists(model)
        for module in layers[layer].modules()
        if isinstance(module, LINEARS) or (and_norms and type(module).__name__.endswith("Norm"))
    ]


def _share_first_layer(
    trial: Trial, copies: Copies, linears: Sequence[nn.Module]
) -> Sharing | None:
    """Lets linear modules of the lean copy's first layer share repeated work, if they can."""
    alike = trial.alike
    repeats = find_repeats(alike.ids, alike.type_ids, alike.mask, trial.forward.pad_id)
    if repeats is None:
        return None
    sharing = Sharing()
    inputs = _inputs_on_all_positions(trial, copies, linears)
    return sharing if share(inputs, sharing, repeats) else None


def _inputs_on_all_positions(
    trial: Trial, copies: Copies, modules: Sequence[nn.Module]
) -> dict[nn.Module, Tensor]:
    alike = trial.alike
    rows, longest = alike.ids.shape
    return called_on_all_positions(modules, lambda: trial.run(copies, alike), (rows, longest))
