"""The forward pass of any sequence classifier, on a private copy of it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from threading import Lock
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from lit_plugins.errors import UserError
from lit_plugins.models.fast.first_layer import Sharing, find_repeats
from lit_plugins.text.encoded import Row

Padding = Literal["right", "left", "none"]


@dataclass(frozen=True)
class Batch:
    """Padded rows. `mask` is 1 at real tokens; all are [rows, longest row]."""

    ids: Tensor
    type_ids: Tensor
    mask: Tensor


class Forward:
    """Calls a private copy of a model with the inputs that it takes.

    The copy shares the caller's weights and has its own configuration, in evaluation mode and
    without gradients for the weights.

    Attributes:
        model: the copy.
        lean: a copy that gives the same logits for less work and nothing else, or None.
        sharing: what the lean copy's first layer does once for all that is alike in a batch.
        shares: whether the lean copy does that.
        turn: held during every pass; a lock for models that cannot run in two threads at once.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        pad_id: int | None,
        input_names: Sequence[str],
        *,
        reads_first: bool = True,
    ):
        """Copies a model.

        Args:
            model: any `AutoModelForSequenceClassification`, or another model of tokens, on its
                device.
            pad_id: the tokenizer's padding token.
            input_names: the inputs that the tokenizer makes. Segment ids that it does not make
                are not passed: GPT-2 would add an embedding for them.
            reads_first: whether a head reads the first token, which then sees all others also
                where attention is local.
        """
        self.model = private_copy(model)
        self.model.config.get_text_config().use_cache = False
        self.lean: PreTrainedModel | None = None
        self.sharing = Sharing()
        self.shares = False
        self.device = next(model.parameters()).device
        self.dtype = next(model.parameters()).dtype
        self.embedding_layer = self.model.get_input_embeddings()
        # A padding token that was added to the tokenizer only is in no table.
        self.pad_id = pad_id if pad_id is not None and pad_id < self._table_size() else 0
        self.turn: AbstractContextManager[Any] = nullcontext()
        self._lock = Lock()
        self._eager: PreTrainedModel | None = None
        parameters = inspect.signature(self.model.forward).parameters
        self._takes_types = "token_type_ids" in parameters and "token_type_ids" in input_names
        self._takes_positions = "position_ids" in parameters
        self._takes_global_mask = reads_first and "global_attention_mask" in parameters

    @property
    def name(self) -> str:
        """The model's class, for messages."""
        return type(self.model).__name__

    def collate(self, rows: Sequence[Row], padding: Padding, fill: int | None = None) -> Batch:
        """Pads rows to the longest, by default with the padding token.

        Raises:
            UserError: a token id is beyond the model's embedding table.
        """
        longest = max(len(row.input_ids) for row in rows)
        ids = np.full((len(rows), longest), self.pad_id if fill is None else fill, dtype=np.int64)
        type_ids = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for index, row in enumerate(rows):
            at = real(len(row.input_ids), longest, padding)
            ids[index, at] = row.input_ids
            type_ids[index, at] = row.type_ids
            mask[index, at] = 1
        if ids.max() >= self._table_size():
            raise UserError(
                f"The token id {ids.max()} is beyond the model's {self._table_size()} tokens; "
                "give the tokenizer that belongs to the model."
            )
        return Batch(*(torch.from_numpy(array).to(self.device) for array in (ids, type_ids, mask)))

    def __call__(
        self,
        batch: Batch,
        padding: Padding,
        embeddings: Tensor | None = None,
        *,
        hidden_states: bool = False,
        attention: bool = False,
        model: PreTrainedModel | None = None,
    ) -> Any:
        """The output for rows padded on that side; options as in `Network.run`.

        Args:
            model: a copy to run; by default the one that is fastest for what is asked for.
        """
        inputs: dict[str, Any] = {"attention_mask": batch.mask}
        if embeddings is None:
            inputs["input_ids"] = batch.ids
        else:
            inputs["inputs_embeds"] = embeddings
        if self._takes_types:
            inputs["token_type_ids"] = batch.type_ids
        if padding == "left" and self._takes_positions:
            inputs["position_ids"] = (batch.mask.cumsum(-1) - 1).clamp(min=0)
        if self._takes_global_mask:  # Longformer makes its own from token ids only
            inputs["global_attention_mask"] = torch.zeros_like(batch.mask)
            inputs["global_attention_mask"][:, 0] = 1
        if hidden_states:
            inputs["output_hidden_states"] = True
        with self.turn:
            if attention:
                return self._eager_model()(**inputs, output_attentions=True)
            if model is None:
                model = self.model if hidden_states else self.lean or self.model
            shares = self.shares and embeddings is None and not torch.is_grad_enabled()
            if model is self.model or not shares:
                return model(**inputs)
            with self.sharing.of(find_repeats(batch.ids, batch.type_ids, batch.mask, self.pad_id)):
                return model(**inputs)

    def _eager_model(self) -> PreTrainedModel:
        with self._lock:
            if self._eager is None:
                eager = private_copy(self.model)
                eager.set_attn_implementation("eager")
                self._eager = eager
            return self._eager

    def _table_size(self) -> int:
        return len(self.embedding_layer.weight)  # I-BERT's table is no nn.Embedding


def private_copy(model: PreTrainedModel) -> PreTrainedModel:
    """A copy in evaluation mode that shares the weights, frozen, and nothing else."""
    memo: dict[int, Any] = {
        id(weight): nn.Parameter(weight.data, requires_grad=False) for weight in model.parameters()
    }
    memo.update({id(buffer): buffer for buffer in model.buffers()})
    with torch.inference_mode(False):  # a tensor that was made in it has no gradients ever after
        return copy.deepcopy(model, memo).eval()


def hidden_states(output: Any) -> tuple[Tensor, ...]:
    """Hidden states of all layers of an output, the classifier's side of an encoder-decoder."""
    states = getattr(output, "hidden_states", None)
    return states if states is not None else output.decoder_hidden_states


def real(length: int, longest: int, padding: Padding) -> slice:
    """Where the `length` real tokens of a row stand in a batch `longest` wide."""
    return slice(longest - length, longest) if padding == "left" else slice(0, length)
