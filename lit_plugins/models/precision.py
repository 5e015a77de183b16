"""The effect of half precision on a model's predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

import numpy as np
import torch

from lit_plugins.embedded import some_reviews
from lit_plugins.errors import UserError
from lit_plugins.models.predictions import Predictions

_TEXTS = 32


class Predicts(Protocol):
    """A classifier that predicts probabilities."""

    def predict(self, texts: Sequence[str]) -> Predictions:
        """Logits and probabilities of each text."""


def rounding_of(half: Predicts, load_exact: Callable[[], Predicts]) -> float | None:
    """The largest difference of a probability from the float32 model's, over embedded reviews.

    Args:
        half: a classifier in half precision.
        load_exact: loads the same classifier in float32.

    Returns:
        The difference, or None if the float32 model does not fit in memory.
    """
    texts = some_reviews(_TEXTS)
    # Some models are loaded in half precision because they do not fit in memory in float32.
    with suppress(UserError, MemoryError, torch.OutOfMemoryError):
        exact = load_exact().predict(texts).probabilities
        return float(np.abs(half.predict(texts).probabilities - exact).max())
    return None
