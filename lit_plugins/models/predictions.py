"""Records of a classifier's results for texts: predictions and gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Predictions:
    """A model's predictions for some texts, in their order.

    Attributes:
        logits: float32 [texts, classes].
        probabilities: float32 [texts, classes], see `Task.chances`.
        embeddings: float32 [texts, width], the last layer at the positions that the head reads,
            or None if they were not requested.
        truncated: for each text, whether it was cut to `max_length`.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    embeddings: np.ndarray | None
    truncated: tuple[bool, ...]


@dataclass(frozen=True)
class Gradients:
    """Gradients of one class's logit for one text, or of a weighted sum of logits.

    Attributes:
        target: index of the class, or None for a sum.
        logits: float32 [classes].
        embeddings: float32 [tokens, embedding width], the model's input embeddings.
        gradients: float32 [tokens, embedding width], the gradient with respect to `embeddings`.
        pooled: float32 [width], the last layer at the position that the head reads.
        pooled_gradient: float32 [width], the gradient with respect to `pooled`, or None if the
            logits have no gradient with respect to it.
    """

    target: int | None
    logits: np.ndarray
    embeddings: np.ndarray
    gradients: np.ndarray
    pooled: np.ndarray
    pooled_gradient: np.ndarray | None
