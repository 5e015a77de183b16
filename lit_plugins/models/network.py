"""The torch model as this package runs it: padded rows in, logits and inner states out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from threading import Lock
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

from lit_plugins.errors import UserError
from lit_plugins.models.capabilities import attempt, probe, same
from lit_plugins.models.fast.fast_copy import slim
from lit_plugins.models.forward import Batch, Forward, hidden_states, real
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.text.encoded import Row

_ADDS_UP = 2e-2


class Network:
    """Runs a sequence-classification model that stays as the caller left it.

    Attributes:
        padding, takes_embeddings, unread_id, pooling, pooling_is_exact, layers, width: as in
            `Traits`.
        embedding_layer: the token embedding table's module.
        device: where the model is.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        pad_id: int | None,
        input_names: Sequence[str],
        probe_rows: Sequence[Row],
        batch_tokens: int,
    ):
        """Copies and tries a model.

        Args:
            model: any `AutoModelForSequenceClassification`, on its device.
            pad_id: the tokenizer's padding token.
            input_names: the inputs that the tokenizer makes.
            probe_rows: as in `probe`.
            batch_tokens: tokens in a batch, as many as will be usual.

        Raises:
            UserError: the model does not make one row of logits from a row of token ids.
        """
        self._forward = Forward(model, pad_id, input_names)
        self._probe_rows = tuple(probe_rows)
        with quiet_transformers():  # decoders warn of padded embeddings, which is what is tried
            traits = probe(self._forward, self._probe_rows)
        if traits.keeps_state:
            self._forward.turn = Lock()
        self.padding = traits.padding
        self.takes_embeddings = traits.takes_embeddings
        self.unread_id = traits.unread_id
        self.pooling = traits.pooling
        self.pooling_is_exact = traits.pooling_is_exact
        self.layers = traits.layers
        self.width = traits.width
        if not traits.keeps_state and self._forward.dtype == torch.float32:
            with torch.inference_mode():
                attempt(lambda: slim(self._forward, traits, self._probe_rows, batch_tokens), None)
        self.embedding_layer = self._forward.embedding_layer
        self.device = self._forward.device

    def collate(self, rows: Sequence[Row]) -> Batch:
        """Pads rows to the longest and moves them to the model's device.

        Raises:
            UserError: a token id is beyond the model's embedding table.
        """
        return self._forward.collate(rows, self.padding)

    def real(self, length: int, longest: int) -> slice:
        """Where the `length` real tokens of a row stand in a batch `longest` wide."""
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
            embeddings: input embeddings to use in place of the token ids,
                float [rows, longest, width].
            hidden_states: whether the output has every layer's hidden states.
            attention: whether the output has attention weights; the slower kernels that give
                them are used for this call only.

        Returns:
            The model's own output; `logits` is [rows, classes].

        Raises:
            UserError: the model does not take embeddings, or gives no attention weights.
        """
        if embeddings is not None and not self.takes_embeddings:
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
        """Hidden states of all layers of an output, the classifier's side of an encoder-decoder."""
        return hidden_states(output)

    def attentions(self, output: Any, mask: Tensor) -> Tensor:
        """Attention weights of all layers, float [rows, layers, heads, longest, longest].

        Args:
            output: what `run` gave with `attention=True`; the encoder's of an encoder-decoder.
            mask: the batch's.

        Raises:
            UserError: a layer has none from each token to each token, or they do not add up to 1
                over the real tokens, as with sparse attention, attention sinks and other layers.
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
        """How many layers give attention weights: all or, in some architectures, none."""
        batch = self.collate(self._probe_rows[: 1 if self.padding == "none" else None])

        def count() -> int:
            output = self._forward(batch, self.padding, attention=True)
            weights = self.attentions(output, batch.mask)
            return weights.shape[1] if same(output.logits, self.run(batch).logits) else 0

        with torch.inference_mode():
            return attempt(count, 0)

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

    def _no_attention(self) -> UserError:
        return UserError(
            f"The model {self._forward.name} has no attention weights from each token to each "
            "token; use another method."
        )

    def _read_position(self, mask: Tensor) -> Tensor:
        if self.pooling == "first":
            return mask.argmax(-1)
        return mask.shape[1] - 1 - mask.flip(-1).argmax(-1)
