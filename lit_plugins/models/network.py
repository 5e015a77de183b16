"""`Network` runs a torch model, from padded rows to logits and inner states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

from lit_plugins.errors import UserError
from lit_plugins.models.capabilities import attempt, probe, same
from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.fast.fast_copy import find_fast_copies
from lit_plugins.models.forward import Batch, Forward, Padding, hidden_states, real
from lit_plugins.models.quantised import is_quantised
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.text.encoded import Row

_ADDS_UP = 2e-2
"""Largest difference from 1 of a sum of attention weights, due to half precision's rounding."""


class Network:
    """Runs private copies of a sequence-classification model; the caller's model stays unchanged.

    Attributes:
        together, takes_embeddings, unread_id, pooling, pooling_is_exact, layers, width: as in
            `Traits`.
        embedding_layer: the module that holds the token embeddings.
        vocabulary_size: number of tokens that have an embedding.
        device: the device that holds the model.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        pad_id: int | None,
        input_names: Sequence[str],
        probe_rows: Sequence[Row],
        batch_tokens: int,
    ):
        """Copies a model and finds, by trial runs, how it may be run.

        Args:
            model: any `AutoModelForSequenceClassification`, on its device.
            pad_id: the tokenizer's padding token.
            input_names: the inputs that the tokenizer makes.
            probe_rows: as in `probe`.
            batch_tokens: the usual number of tokens in a batch.

        Raises:
            UserError: the model does not return one row of logits for a row of token ids.
        """
        self._probe_rows = tuple(probe_rows)
        whole = private_copy(model, use_cache=False)
        with quiet_transformers():  # decoders warn of padded embeddings, which the trial includes
            traits, forward = probe(Forward(Copies(whole), pad_id, input_names), self._probe_rows)
        # What a fast copy does to batches would not show in a model that runs rows one by one.
        if forward.dtype == torch.float32 and traits.together and not traits.changes_itself:
            with torch.inference_mode():
                copies = attempt(
                    lambda: find_fast_copies(forward, traits, self._probe_rows, batch_tokens),
                    forward.copies,
                    even_without_memory=True,
                )
            forward = replace(forward, copies=copies)
        self._forward = forward
        self._padding = traits.padding
        self.together = traits.together
        self.takes_embeddings = traits.takes_embeddings
        self.unread_id = traits.unread_id
        self.pooling = traits.pooling
        self.pooling_is_exact = traits.pooling_is_exact
        self.layers = traits.layers
        self.width = traits.width
        self.embedding_layer = self._forward.embedding_layer
        self.vocabulary_size = self._forward.vocabulary_size
        self.device = self._forward.device

    @property
    def changes_itself(self) -> bool:
        """Whether a pass has changed the model so far; see `steady_model`."""
        return self._forward.changes_itself

    @property
    def padding(self) -> Padding:
        """Where rows are padded; nowhere once the model has changed itself."""
        return "none" if self.changes_itself else self._padding

    @property
    def copies(self) -> Copies:
        """The copies of the model that passes run on."""
        return self._forward.copies

    def collate(self, rows: Sequence[Row]) -> Batch:
        """Pads rows to the longest and moves them to the model's device.

        Raises:
            UserError: a token id is beyond the model's embedding table.
        """
        return self._forward.collate(rows, self.padding)

    def real(self, length: int, longest: int) -> slice:
        """The columns of a row's `length` real tokens in a batch with `longest` columns."""
        return real(length, longest, self.padding)

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
            embeddings: input embeddings that replace the token ids, float [rows, longest, width].
            hidden_states: whether the output has every layer's hidden states.
            attention: whether the output has attention weights. Only such calls use the slower
                kernels that return them.

        Returns:
            The model's own output; `logits` is [rows, classes].

        Raises:
            UserError: the model does not take embeddings, or has no attention weights.
        """
        if embeddings is not None and not self.takes_embeddings:
            if is_quantised(self._forward.copies.whole):
                raise UserError(
                    f"The model {self._forward.name} is quantised, so it has no gradients; use a "
                    "method that needs predictions only, or load the model without quantisation."
                )
            raise UserError(
                f"The model {self._forward.name} does not take embeddings in place of tokens, so "
                "it has no gradients; use a method that needs predictions only."
            )
        if attention and not self.attention_layers:
            raise self._no_attention()
        return self._forward(
            batch, self.padding, embeddings, hidden_states=hidden_states, attention=attention
        )

    def hidden_states(self, output: Any) -> tuple[Tensor, ...]:
        """Hidden states of all layers; of an encoder-decoder, those on the classifier's side."""
        return hidden_states(output)

    def attentions(self, output: Any, mask: Tensor) -> Tensor:
        """Attention weights of all layers, float [rows, layers, heads, longest, longest].

        Args:
            output: the output of `run` with `attention=True`. Of an encoder-decoder, the encoder's
                weights are taken.
            mask: the batch's mask.

        Raises:
            UserError: a layer has no weights from each token to each token, or its weights do not
                add up to 1 over the real tokens. Sparse attention, attention sinks and layers
                without attention cause that.
        """
        layers = getattr(output, "attentions", None) or getattr(output, "encoder_attentions", None)
        rows, longest = mask.shape
        if layers and all(
            layer is not None and layer.shape == (rows, layers[0].shape[1], longest, longest)
            for layer in layers
        ):
            weights = torch.stack(layers, dim=1)
            sums = (weights * mask[:, None, None, None, :]).sum(-1)
            if float((sums.movedim(-1, 1)[mask.bool()] - 1).abs().max()) <= _ADDS_UP:
                return weights
        raise self._no_attention()

    @cached_property
    def attention_layers(self) -> int:
        """Number of layers that give attention weights: all or, in some architectures, none."""
        batch = self.collate(self._probe_rows[: 1 if self.padding == "none" else None])

        def count() -> int:
            output = self._forward(batch, self.padding, attention=True)
            weights = self.attentions(output, batch.mask)
            return weights.shape[1] if same(output.logits, self.run(batch).logits) else 0

        with torch.inference_mode():
            return attempt(count, 0)

    def pooled(self, state: Tensor, mask: Tensor) -> Tensor:
        """Reduces a layer's states, [rows, longest, width], to a vector per row, [rows, width].

        The vector is the state that the classification head reads, or the mean over real tokens.
        """
        if self.pooling == "mean":
            weights = mask.unsqueeze(-1).to(state.dtype)
            return (state * weights).sum(1) / weights.sum(1)
        return state[torch.arange(len(state), device=state.device), self._read_position(mask)]

    def pooled_gradient(self, gradient: Tensor, mask: Tensor) -> Tensor:
        """The gradient with respect to `pooled`, from the gradient with respect to the states.

        If `pooled` is the mean, its gradient is the sum of the tokens' gradients, because shifting
        the mean by a vector shifts every token by that vector.
        """
        if self.pooling == "mean":
            return (gradient * mask.unsqueeze(-1).to(gradient.dtype)).sum(1)
        return gradient[torch.arange(len(gradient), device=mask.device), self._read_position(mask)]

    def _no_attention(self) -> UserError:
        return UserError(
            f"The model {self._forward.name} has no attention weights from each token to each "
            "token; use another method."
        )

    def _read_position(self, mask: Tensor) -> Tensor:
        if self.pooling == "first":
            return mask.argmax(-1)
        return mask.shape[1] - 1 - mask.flip(-1).argmax(-1)
