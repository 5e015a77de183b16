"""The torch model as this package runs it: a private copy, probed for how it may be batched."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from lit_plugins.errors import UserError
from lit_plugins.quiet import quiet_transformers
from lit_plugins.text import Row

Padding = Literal["right", "left", "none"]
Pooling = Literal["first", "last", "mean"]

_SAME = 1e-4
_PROBE_LENGTHS = (5, 3)


@dataclass(frozen=True)
class Batch:
    """Padded rows. `mask` is 1 at real tokens; all are [rows, longest row]."""

    ids: Tensor
    type_ids: Tensor
    mask: Tensor


class Network:
    """Runs a sequence-classification model that stays as the caller left it.

    The copy shares the caller's weights and has its own configuration, in evaluation mode and
    without gradients for the weights. How rows may be padded is found by trying: encoders take
    padding on the right; decoders, which classify at the last position, take it on the left with
    explicit positions; what bears neither is run on rows of one length.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        pad_id: int | None,
        input_names: Sequence[str],
        probe_ids: Sequence[int],
    ):
        """Prepares a model.

        Args:
            model: any `AutoModelForSequenceClassification`, on its device.
            pad_id: the tokenizer's padding token.
            input_names: the inputs that the tokenizer makes. Segment ids that it does not make
                are not passed: GPT-2 would add an embedding for them.
            probe_ids: a few ordinary token ids of the vocabulary, to try batches with.
        """
        self.model = private_copy(model)
        self.model.config.use_cache = False
        if self.model.config.pad_token_id is None:
            # Decoders refuse batches without a padding token. No id equals -1, so that the last
            # position is the one they read, and padding on the left keeps that a real token.
            self.model.config.pad_token_id = -1
        self.pad_id = pad_id if pad_id is not None else 0
        self.device = next(model.parameters()).device
        self.dtype = next(model.parameters()).dtype
        parameters = inspect.signature(self.model.forward).parameters
        self._takes_types = "token_type_ids" in parameters and "token_type_ids" in input_names
        self._takes_positions = "position_ids" in parameters
        self._lock = Lock()
        self._eager: PreTrainedModel | None = None
        with quiet_transformers():  # decoders warn of padded embeddings, which is what is tried
            self.padding = self._find_padding(probe_ids)
            self.pooling, self.pooling_is_exact = self._find_pooling(probe_ids)

    @cached_property
    def embedding_layer(self) -> nn.Module:
        """The token embedding table's module."""
        return self.model.get_input_embeddings()

    def collate(self, rows: Sequence[Row]) -> Batch:
        """Pads rows to the longest and moves them to the model's device."""
        return self._collate(rows, self.padding)

    def _collate(self, rows: Sequence[Row], padding: Padding) -> Batch:
        longest = max(len(row.input_ids) for row in rows)
        ids = np.full((len(rows), longest), self.pad_id, dtype=np.int64)
        type_ids = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            at = _real(len(row.input_ids), longest, padding)
            ids[index, at] = row.input_ids
            type_ids[index, at] = row.type_ids
            mask[index, at] = 1
        return Batch(*(torch.from_numpy(array).to(self.device) for array in (ids, type_ids, mask)))

    def real(self, length: int, longest: int) -> slice:
        """Where the `length` real tokens of a row stand in a batch `longest` wide."""
        return _real(length, longest, self.padding)

    def embed(self, batch: Batch) -> Tensor:
        """Input embeddings, float [rows, longest, width]."""
        return self.embedding_layer(batch.ids)

    def run(
        self,
        batch: Batch,
        embeddings: Tensor | None = None,
        *,
        hidden_states: bool = False,
        attention: bool = False,
    ) -> Any:
        """One forward pass.

        Args:
            batch: padded rows.
            embeddings: input embeddings to use in place of the token ids,
                float [rows, longest, width].
            hidden_states: whether the output has every layer's hidden states.
            attention: whether the output has attention weights; the slower kernels that give
                them are used for this call only.

        Returns:
            The model's own output; `logits` is [rows, classes].
        """
        return self._run(
            batch, embeddings, self.padding, hidden_states=hidden_states, attention=attention
        )

    def _run(
        self,
        batch: Batch,
        embeddings: Tensor | None,
        padding: Padding,
        *,
        hidden_states: bool = False,
        attention: bool = False,
    ) -> Any:
        inputs: dict[str, Any] = {"attention_mask": batch.mask}
        if embeddings is None:
            inputs["input_ids"] = batch.ids
        else:
            inputs["inputs_embeds"] = embeddings
        if self._takes_types:
            inputs["token_type_ids"] = batch.type_ids
        if padding == "left" and self._takes_positions:
            inputs["position_ids"] = (batch.mask.cumsum(-1) - 1).clamp(min=0)
        if hidden_states:
            inputs["output_hidden_states"] = True
        if attention:
            return self._eager_model()(**inputs, output_attentions=True)
        return self.model(**inputs)

    def _eager_model(self) -> PreTrainedModel:
        with self._lock:
            if self._eager is None:
                eager = private_copy(self.model)
                eager.set_attn_implementation("eager")
                self._eager = eager
            return self._eager

    def hidden_states(self, output: Any) -> tuple[Tensor, ...]:
        """Hidden states of all layers of an output, the classifier's side of an encoder-decoder."""
        states = getattr(output, "hidden_states", None)
        return states if states is not None else output.decoder_hidden_states

    def attentions(self, output: Any) -> tuple[Tensor, ...]:
        """Attention weights of all layers, each [rows, heads, longest, longest]."""
        weights = getattr(output, "attentions", None)
        return weights if weights is not None else output.encoder_attentions

    def pooled(self, state: Tensor, mask: Tensor) -> Tensor:
        """One vector a row of a layer's states: [rows, longest, width] to [rows, width].

        It is the position that the classification head reads, or the mean over real tokens.
        """
        if self.pooling == "mean":
            weights = mask.unsqueeze(-1).to(state.dtype)
            return (state * weights).sum(1) / weights.sum(1)
        return state[torch.arange(len(state), device=state.device), self._read_position(mask)]

    def pooled_gradient(self, gradient: Tensor, mask: Tensor) -> Tensor:
        """The gradient with respect to `pooled`, from the one with respect to the states.

        Moving the mean by some amount means moving every token by it, so for the mean the
        tokens' gradients add up.
        """
        if self.pooling == "mean":
            return (gradient * mask.unsqueeze(-1).to(gradient.dtype)).sum(1)
        return gradient[torch.arange(len(gradient), device=mask.device), self._read_position(mask)]

    def _read_position(self, mask: Tensor) -> Tensor:
        if self.pooling == "first":
            return mask.argmax(-1)
        return mask.shape[1] - 1 - mask.flip(-1).argmax(-1)

    def _find_padding(self, probe_ids: Sequence[int]) -> Padding:
        rows = _probe_rows(probe_ids)
        with torch.inference_mode():
            alone = [
                self._run(self._collate([row], "none"), None, "none").logits[0] for row in rows
            ]
            for padding in ("right", "left"):
                if self._bears(padding, rows, alone):
                    return padding
        return "none"

    def _bears(self, padding: Padding, rows: list[Row], alone: list[Tensor]) -> bool:
        batch = self._collate(rows, padding)
        try:
            outputs = [
                self._run(batch, None, padding).logits,
                self._run(batch, self.embed(batch), padding).logits,
            ]
        except (ValueError, RuntimeError, NotImplementedError):
            return False
        together = torch.stack(alone)
        scale = max(1.0, float(together.abs().max()))
        tolerance = (_SAME if self.dtype == torch.float32 else 5e-2) * scale
        return all(float((logits - together).abs().max()) <= tolerance for logits in outputs)

    def _find_pooling(self, probe_ids: Sequence[int]) -> tuple[Pooling, bool]:
        batch = self._collate(_probe_rows(probe_ids)[:1], "none")
        with torch.enable_grad():
            embeddings = self.embed(batch).detach().requires_grad_(True)
            output = self._run(batch, embeddings, "none", hidden_states=True)
            state = self.hidden_states(output)[-1]
            # A weighted sum of all logits, so that no symmetry between classes cancels.
            weights = torch.arange(1, output.logits.shape[-1] + 1, device=self.device)
            (gradient,) = torch.autograd.grad(
                (output.logits * weights).sum(), [state], allow_unused=True
            )
        if gradient is None:
            return "mean", False
        read = (gradient[0].abs().sum(-1) > 0).nonzero().flatten().tolist()
        if read == [0]:
            return "first", True
        return ("last", True) if read == [state.shape[1] - 1] else ("mean", True)


def private_copy(model: PreTrainedModel) -> PreTrainedModel:
    """A copy in evaluation mode that shares the weights, frozen, and nothing else."""
    memo: dict[int, Any] = {
        id(weight): nn.Parameter(weight.data, requires_grad=False) for weight in model.parameters()
    }
    memo.update({id(buffer): buffer for buffer in model.buffers()})
    return copy.deepcopy(model, memo).eval()


def check_classifier(model: PreTrainedModel, name: str) -> None:
    """Refuses models whose output is not one class out of several.

    Raises:
        UserError: a regression, one-class or multi-label model.
    """
    classes = model.config.num_labels
    if classes < 2:
        raise UserError(
            f"The model {name!r} has one output, so it is a regression; "
            "give a classifier with two or more classes."
        )
    if model.config.problem_type == "multi_label_classification":
        raise UserError(
            f"The model {name!r} gives several labels at once (multi-label); "
            "give a classifier whose classes exclude each other."
        )


def _probe_rows(probe_ids: Sequence[int]) -> list[Row]:
    return [
        Row(
            tuple(probe_ids[position % len(probe_ids)] for position in range(length)), (0,) * length
        )
        for length in _PROBE_LENGTHS
    ]


def _real(length: int, longest: int, padding: Padding) -> slice:
    return slice(longest - length, longest) if padding == "left" else slice(0, length)
