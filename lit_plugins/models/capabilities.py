"""Trial runs of a model that find how its rows may be padded and which positions its head reads.

Nothing depends on an architecture's name. A few rows of different lengths are run in several ways.
A way works if its logits l' agree with the logits l of each row alone:

    max |l' - l| <= 2e-5 * max(1, max |l|)    (5e-2 in half precision)

The head reads the positions where the gradient of the logits with respect to the last layer's
states is not zero. `pytest tests/models/test_capabilities.py` shows the results for each
architecture.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeVar

import torch
from torch import Tensor
from transformers import PreTrainedModel

from lit_plugins.errors import UserError, first_sentence
from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.forward import Forward, Padding, hidden_states
from lit_plugins.models.quantised import has_no_backward
from lit_plugins.runtime.memory import ran_out
from lit_plugins.text.encoded import Row

Pooling = Literal["first", "last", "mean"]
Result = TypeVar("Result")

PROBE_LENGTHS = (10, 7, 4, 1)
"""Number of ordinary tokens in each row of a trial. No two numbers agree modulo 4, so models that
pool groups of 2 or 4 neighbouring tokens are tried with every remainder."""

_NO_TOKEN = -1
_MIXTURES = 4
_SAME = 2e-5
_SAME_IN_HALF = 5e-2


@dataclass(frozen=True)
class Traits:
    """The ways in which a model may be run.

    Attributes:
        padding: where rows are padded. Encoders take padding on the right. Decoders, which
            classify at the last position, take it on the left with explicit positions. Models
            that tolerate no padding run on rows of equal length.
        together: whether rows of one length may share a batch. Models that find the scale of a
            batch while they run (dynamic quantisation) give each row other logits beside others.
        takes_embeddings: whether input embeddings can replace token ids. If not, the model has no
            gradients with respect to them.
        unread_id: the token that the model ignores at the end of a row, or None. Most decoders
            classify at the last token that is not padding. The copy that is run reads the last
            token whatever it is, so that a row gives the same logits alone, in a batch and as
            embeddings. In return, rows must be made without such tokens at their end.
        pooling: the positions of the last layer that the head reads.
        pooling_is_exact: whether the logits have a gradient with respect to the last layer, which
            shows those positions. If not, `pooling` is a guess.
        layers: number of hidden states, including the input embeddings.
        width: number of components of a token's last hidden state.
        changes_itself: whether a pass changes the model, which is then put back as it was. What
            such a model computes may depend on a batch's length, so its rows are not padded.
    """

    padding: Padding
    together: bool
    takes_embeddings: bool
    unread_id: int | None
    pooling: Pooling
    pooling_is_exact: bool
    layers: int
    width: int
    changes_itself: bool


def probe(forward: Forward, rows: Sequence[Row]) -> tuple[Traits, Forward]:
    """Finds a model's traits by running it on a few rows.

    Args:
        forward: runs the unchanged model.
        rows: rows of the lengths `PROBE_LENGTHS`, special tokens not counted.

    Returns:
        The model's traits, and the `Forward` to run the model with from now on. If the model
        compares tokens with its padding token to find where to read, it runs a copy whose padding
        token equals no token. Otherwise it is `forward`.

    Raises:
        UserError: the model does not return one row of logits for a row of token ids.
    """
    with torch.inference_mode():
        alone = _run_alone(forward, rows)
        unread_id = _find_unread(forward, rows[0], alone[0])
    changes_itself = forward.changes_itself
    whole = forward.copies.whole
    if unread_id is not None or _pad_token_id(whole) is None:
        copies = Copies(private_copy(whole, pad_token_id=_NO_TOKEN))
        forward = replace(forward, copies=copies)
    # BART, T5 and others refuse embeddings, each in its own way.
    takes_embeddings = attempt(lambda: _takes_embeddings(forward, rows[0], alone[0]), False)
    padding: Padding = "none"
    if not changes_itself:
        padding = _find_padding(forward, rows, alone, takes_embeddings)
    together = padding != "none" or attempt(lambda: _run_together(forward, rows), False)
    pooling, is_exact, states = _find_pooling(forward, rows[0])
    traits = Traits(
        padding=padding,
        together=together,
        takes_embeddings=takes_embeddings,
        unread_id=unread_id,
        pooling=pooling,
        pooling_is_exact=is_exact,
        layers=len(states),
        width=states[-1].shape[-1],
        changes_itself=changes_itself,
    )
    return traits, forward


def same(logits: Tensor, expected: Tensor, *, same_shapes: bool = False) -> bool:
    """Whether logits agree up to rounding.

    Args:
        logits: [rows, classes].
        expected: the logits to compare with, [rows, classes].
        same_shapes: whether both come from batches of the same shape. If so, half precision rounds
            them alike, and the bound is as tight as in full precision.
    """
    rounded = _is_half(logits.dtype) and not same_shapes
    scale = max(1.0, float(expected.abs().max()))
    return float((logits - expected).abs().max()) <= (_SAME_IN_HALF if rounded else _SAME) * scale


def attempt(
    call: Callable[[], Result], otherwise: Result, *, even_without_memory: bool = False
) -> Result:
    """The result of a call of the model, or `otherwise` if the model refuses.

    Each architecture refuses with different errors, so any error counts as a refusal.

    Args:
        call: the call.
        otherwise: the result if the model refuses.
        even_without_memory: whether running out of memory counts as a refusal, too; by default
            that error is raised.
    """
    try:
        return call()
    except Exception as error:
        if ran_out(error) and not even_without_memory:
            raise
        return otherwise


def _run_alone(forward: Forward, rows: Sequence[Row]) -> Tensor:
    classes = forward.copies.whole.config.num_labels
    logits = []
    for row in rows:
        try:
            output = forward(forward.collate([row], "none"), "none").logits
        except UserError:
            raise
        except Exception as error:  # a model's own code may raise anything
            if ran_out(error):
                raise
            raise UserError(
                f"The model {forward.name} cannot classify token ids alone "
                f"({first_sentence(error)}); give a model that takes plain text."
            ) from error
        if tuple(output.shape) != (1, classes):
            raise UserError(
                f"The model {forward.name} gives an output of shape {tuple(output.shape)} for "
                f"one text; give a classifier that gives one row of {classes} logits."
            )
        logits.append(output)
    if not same(forward(forward.collate(rows[:1], "none"), "none").logits, logits[0]):
        raise UserError(  # Reformer hashes at random
            f"The model {forward.name} is random: it gives different logits every time; give a "
            "deterministic model."
        )
    return torch.cat(logits)


def _pad_token_id(model: PreTrainedModel) -> int | None:
    return model.config.get_text_config().pad_token_id


def _is_half(dtype: torch.dtype) -> bool:
    return torch.finfo(dtype).bits < 32


def _find_unread(forward: Forward, row: Row, logits: Tensor) -> int | None:
    pad_id = _pad_token_id(forward.copies.whole)
    if pad_id is None:
        return None
    longer = Row((*row.input_ids, pad_id), (*row.type_ids, 0))
    passes_over = attempt(
        lambda: same(forward(forward.collate([longer], "none"), "none").logits[0], logits), False
    )
    return pad_id if passes_over else None


def _takes_embeddings(forward: Forward, row: Row, logits: Tensor) -> bool:
    if has_no_backward(forward.copies.whole):
        return False
    batch = forward.collate([row], "none")
    with torch.enable_grad():
        embeddings = forward.embedding_layer(batch.ids).detach().requires_grad_(True)
        output = forward(batch, "none", embeddings)
        torch.autograd.grad(output.logits.sum(), embeddings)
    return same(output.logits[0].detach(), logits, same_shapes=True)


def _find_padding(
    forward: Forward, rows: Sequence[Row], alone: Tensor, takes_embeddings: bool
) -> Padding:
    paddings: tuple[Padding, ...] = ("right", "left")
    with torch.inference_mode():
        for padding in paddings:
            tolerates = partial(_tolerates, forward, padding, rows, alone, takes_embeddings)
            if attempt(tolerates, False):
                return padding
    return "none"


def _tolerates(
    forward: Forward, padding: Padding, rows: Sequence[Row], alone: Tensor, takes_embeddings: bool
) -> bool:
    batch = forward.collate(rows, padding)
    logits = forward(batch, padding).logits
    if not same(logits, alone):
        return False
    if takes_embeddings:
        embeddings = forward.embedding_layer(batch.ids)
        if not same(forward(batch, padding, embeddings).logits, logits, same_shapes=True):
            return False
    if not _is_half(forward.dtype):
        return True
    # Half precision hides that logits depend on padding a little. With another token as padding,
    # they must not change at all.
    other = forward.collate(rows, padding, fill=rows[0].input_ids[len(rows[0].input_ids) // 2])
    return same(forward(other, padding).logits, logits, same_shapes=True)


@torch.inference_mode()
def _run_together(forward: Forward, rows: Sequence[Row]) -> bool:
    """Whether rows of one length have the same logits in a batch as alone."""
    for row in rows:
        batch = [row, *(_filled(row, token_id) for token_id in rows[0].input_ids[2:-2])]
        alone = [forward(forward.collate([one], "none"), "none").logits for one in batch]
        if not same(forward(forward.collate(batch, "none"), "none").logits, torch.cat(alone)):
            return False
    return True


def _filled(row: Row, token_id: int) -> Row:
    """A row with one token at all positions but the first and the last."""
    ids = row.input_ids
    inside = (token_id,) * (len(ids) - 2)
    return Row((ids[0], *inside, *ids[-1:]) if inside else ids, row.type_ids)


def mixtures(row: Row) -> list[Row]:
    """A row and versions that differ from it, and from each other, at some positions inside."""
    ids = row.input_ids
    middle = range(2, len(ids) - 2)
    other = ids[len(ids) // 2]
    return [
        row,
        *(
            Row(
                tuple(
                    other if place in middle and place >> bit & 1 else token_id
                    for place, token_id in enumerate(ids)
                ),
                row.type_ids,
            )
            for bit in range(_MIXTURES)
        ),
    ]


def _find_pooling(forward: Forward, row: Row) -> tuple[Pooling, bool, tuple[Tensor, ...]]:
    states, gradient = attempt(lambda: _last_layer(forward, row), None) or (
        _last_layer_without_gradient(forward, row),
        None,
    )
    if gradient is None:
        return "mean", False, states
    read = (gradient[0].abs().sum(-1) > 0).nonzero().flatten().tolist()
    if read == [0]:
        return "first", True, states
    pooling: Pooling = "last" if read == [states[-1].shape[1] - 1] else "mean"
    return pooling, True, states


def _last_layer(forward: Forward, row: Row) -> tuple[tuple[Tensor, ...], Tensor | None]:
    """All layers' states, and the gradient of the logits with respect to the last layer's."""
    if has_no_backward(forward.copies.whole):
        return _last_layer_without_gradient(forward, row), None
    # Trainable embeddings, so that there is a graph even for token ids.
    weights = [w for w in forward.embedding_layer.parameters() if w.is_floating_point()]
    for weight in weights:
        weight.requires_grad_(True)
    try:
        with torch.enable_grad():
            output = forward(forward.collate([row], "none"), "none", hidden_states=True)
            states = hidden_states(output)
            # A weighted sum, so that gradients of symmetrical classes do not cancel out.
            factors = torch.arange(1, output.logits.shape[-1] + 1, device=forward.device)
            gradient = None
            if states[-1].requires_grad:  # Reformer's do not, for its own backward pass
                (gradient,) = torch.autograd.grad(
                    (output.logits * factors).sum(), [states[-1]], allow_unused=True
                )
    finally:
        for weight in weights:
            weight.requires_grad_(False)
    return states, gradient


@torch.inference_mode()
def _last_layer_without_gradient(forward: Forward, row: Row) -> tuple[Tensor, ...]:
    return hidden_states(forward(forward.collate([row], "none"), "none", hidden_states=True))
