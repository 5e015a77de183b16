"""`Predictor`: the least that a method needs of a model; and what else some models offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeGuard

import numpy as np

from lit_plugins.models.task import Task
from lit_plugins.text.encoded import EncodedText, Row

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier


class Predictor(Protocol):
    """All that a black-box method needs of a model; a `TextClassifier` is one.

    Attributes:
        task: what its logits mean.
        mask_id: the token that stands for a missing word.
        batch_tokens: the most tokens in one batch, padding included.
    """

    task: Task
    mask_id: int
    batch_tokens: int

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        """Words, tokens and model input of each text."""

    def logits(self, rows: Sequence[Row]) -> np.ndarray:
        """Logits of rows of token ids, float32 [rows, outputs]."""


def has_network(predictor: object) -> TypeGuard[TextClassifier]:
    """Whether a model lets methods look inside: at its network, tokens and embeddings."""
    return hasattr(predictor, "network")


def has_embeddings(predictor: object) -> TypeGuard[TextClassifier]:
    """Whether a model takes embeddings in place of tokens, so that it has gradients by them."""
    return has_network(predictor) and predictor.network.takes_embeddings


def has_attention(predictor: object) -> TypeGuard[TextClassifier]:
    """Whether a model gives attention weights."""
    return has_network(predictor) and predictor.network.attention_layers > 0


def rows_of(predictor: Predictor, texts: Sequence[str]) -> list[Row]:
    """The model input of each text, without the words that `encode` finds: it is quicker."""
    if has_network(predictor):
        return predictor.rows(texts)
    return [text.row for text in predictor.encode(texts)]
