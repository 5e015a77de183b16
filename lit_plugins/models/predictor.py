"""`Predictor`, the minimal interface of a model, and checks for what else a model offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, TypeGuard

import numpy as np

from lit_plugins.models.task import Task
from lit_plugins.text.encoded import EncodedText, Row

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier


class Predictor(Protocol):
    """The minimal interface of a model for black-box methods; a `TextClassifier` has it.

    Attributes:
        task: defines what the model's logits mean.
        mask_id: the id of the mask token, which by default replaces each token of a missing word.
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
    """Whether a model gives methods access to its network, tokens and embeddings."""
    return hasattr(predictor, "network")


def has_embeddings(predictor: object) -> TypeGuard[TextClassifier]:
    """Whether a model accepts embeddings in place of tokens, and thus has gradients for them."""
    return has_network(predictor) and predictor.network.takes_embeddings


def has_attention(predictor: object) -> TypeGuard[TextClassifier]:
    """Whether a model returns attention weights."""
    return has_network(predictor) and predictor.network.attention_layers > 0


def rows_of(predictor: Predictor, texts: Sequence[str]) -> list[Row]:
    """The model input of each text; quicker than `encode`, because it does not find the words."""
    if has_network(predictor):
        return predictor.rows(texts)
    return [text.row for text in predictor.encode(texts)]
