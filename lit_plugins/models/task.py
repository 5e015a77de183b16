"""What a model's logits mean."""

from __future__ import annotations

from typing import Literal

import numpy as np

Unit = Literal["logit", "probability"]

Target = str | int | None
"""A class: its label, its index, or None for the class that the model predicts."""


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits over the last axis, in their own precision."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True)) if logits.size else logits
    return shifted / shifted.sum(axis=-1, keepdims=True)
