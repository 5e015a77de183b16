"""The forward pass of any sequence classifier, from padded rows to the model's own output."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from lit_plugins.errors import UserError
from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.fast.first_layer import find_repeats
from lit_plugins.models.quantised import number_of_embeddings
from lit_plugins.models.steady_model import SteadyModel
from lit_plugins.text.encoded import Row

Padding = Literal["right", "left", "none"]


@dataclass(frozen=True)
class Batch:
    """Padded rows, three int64 tensors [rows, longest row].

    Attributes:
        ids: token ids.
        type_ids: segment ids.
        mask: 1 at real tokens, 0 at padding.
    """

    ids: Tensor
    type_ids: Tensor
    mask: Tensor


@dataclass(frozen=True, eq=False)
class Forward:
    """Runs a model with the inputs that its architecture takes.

    Attributes:
        copies: the private copies to run, on the model's device.
        tokenizer_pad_id: the tokenizer's padding token, if it has one.
        input_names: the inputs that the tokenizer makes. Segment ids that it does not make are not
            passed: GPT-2 would add an embedding for them.
        reads_first: whether a head reads the first token. Where attention is local, that token is
            then allowed to attend to all others.
    """

    copies: Copies
    tokenizer_pad_id: int | None
    input_names: Sequence[str]
    reads_first: bool = True
    _whole: SteadyModel = field(init=False)
    _lean: SteadyModel | None = field(init=False)

    def __post_init__(self) -> None:
        lean = self.copies.lean
        object.__setattr__(self, "_whole", SteadyModel(self.copies.whole))
        object.__setattr__(self, "_lean", None if lean is None else SteadyModel(lean))

    @property
    def name(self) -> str:
        """The model's class, for messages."""
        return type(self.copies.whole).__name__

    @property
    def changes_itself(self) -> bool:
        """Whether a pass has changed the model so far; see `steady_model`."""
        # The copy for attention weights is made at its first use.
        copies = (self._whole, self._lean, vars(self).get("_eager"))
        return any(steady.changes_itself for steady in copies if steady is not None)

    @cached_property
    def embedding_layer(self) -> Any:
        """The module that holds the token embeddings; in I-BERT it is not an `nn.Embedding`."""
        return self.copies.whole.get_input_embeddings()

    @cached_property
    def device(self) -> torch.device:
        """The device that holds the model."""
        return next(self.copies.whole.parameters()).device

    @cached_property
    def dtype(self) -> torch.dtype:
        """The precision of the model's weights."""
        return next(self.copies.whole.parameters()).dtype

    @cached_property
    def pad_id(self) -> int:
        """The padding token's id: the tokenizer's if the model has an embedding for it, else 0."""
        pad_id = self.tokenizer_pad_id
        # A padding token that was only added to the tokenizer has no embedding.
        return pad_id if pad_id is not None and pad_id < self.vocabulary_size else 0

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
            columns = real(len(row.input_ids), longest, padding)
            ids[index, columns] = row.input_ids
            type_ids[index, columns] = row.type_ids
            mask[index, columns] = 1
        if ids.max() >= self.vocabulary_size:
            raise UserError(
                f"The token id {ids.max()} is beyond the model's {self.vocabulary_size} tokens; "
                "give the tokenizer that belongs to the model."
            )
        device = self.device
        return Batch(*(torch.from_numpy(array).to(device) for array in (ids, type_ids, mask)))

    def __call__(
        self,
        batch: Batch,
        padding: Padding,
        embeddings: Tensor | None = None,
        *,
        hidden_states: bool = False,
        attention: bool = False,
    ) -> Any:
        """Runs the copy that computes the requested outputs fastest.

        Args:
            batch: rows padded on the side that `padding` names.
            padding: the padded side.
            embeddings: as in `Network.run`.
            hidden_states: as in `Network.run`.
            attention: as in `Network.run`.

        Returns:
            The model's own output.
        """
        inputs = self._inputs(batch, padding, embeddings)
        if hidden_states:
            inputs["output_hidden_states"] = True
        if attention:
            return self._eager(**inputs, output_attentions=True)
        if hidden_states or self._lean is None:
            return self._whole(**inputs)
        sharing = self.copies.sharing
        if sharing is None or embeddings is not None or torch.is_grad_enabled():
            return self._lean(**inputs)
        with sharing.of(find_repeats(batch.ids, batch.type_ids, batch.mask, self.pad_id)):
            return self._lean(**inputs)

    def _inputs(self, batch: Batch, padding: Padding, embeddings: Tensor | None) -> dict[str, Any]:
        inputs: dict[str, Any] = {"attention_mask": batch.mask}
        if embeddings is None:
            inputs["input_ids"] = batch.ids
        else:
            inputs["inputs_embeds"] = embeddings
        if "token_type_ids" in self._parameters and "token_type_ids" in self.input_names:
            inputs["token_type_ids"] = batch.type_ids
        if "position_ids" in self._parameters and padding == "left":
            inputs["position_ids"] = (batch.mask.cumsum(-1) - 1).clamp(min=0)
        # Longformer makes a global mask itself only if it gets token ids.
        if "global_attention_mask" in self._parameters and self.reads_first:
            inputs["global_attention_mask"] = torch.zeros_like(batch.mask)
            inputs["global_attention_mask"][:, 0] = 1
        return inputs

    @cached_property
    def _parameters(self) -> frozenset[str]:
        return frozenset(inspect.signature(self.copies.whole.forward).parameters)

    @cached_property
    def _eager(self) -> SteadyModel:
        """A copy whose slower attention kernels return the attention weights."""
        with self._whole.alone():
            eager = private_copy(self.copies.whole)
        eager.set_attn_implementation("eager")
        return SteadyModel(eager)

    @cached_property
    def vocabulary_size(self) -> int:
        """Number of tokens that the model has an embedding for."""
        return number_of_embeddings(self.embedding_layer)


def hidden_states(output: Any) -> tuple[Tensor, ...]:
    """Hidden states of all layers; of an encoder-decoder, those on the classifier's side."""
    states = getattr(output, "hidden_states", None)
    return states if states is not None else output.decoder_hidden_states


def real(length: int, longest: int, padding: Padding) -> slice:
    """The columns of a row's `length` real tokens in a batch with `longest` columns."""
    return slice(longest - length, longest) if padding == "left" else slice(0, length)
