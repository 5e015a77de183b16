"""Certainty and correctness of a model's prediction for each text."""

from __future__ import annotations

import math

import numpy as np


def entropy(probabilities: np.ndarray) -> np.ndarray:
    """Shannon entropy in bits, float64 [texts], of probabilities [texts, classes].

    0 for a model that is certain, and 1 for a model that gives two classes 50 % each.
    """
    from scipy.special import entr

    return entr(np.asarray(probabilities, dtype=np.float64)).sum(axis=1) / math.log(2)


def correctness(predicted: np.ndarray, gold: np.ndarray) -> np.ndarray:
    """1 where the predicted class is the gold class, 0 where not, nan without a gold label.

    Args:
        predicted: int [texts], the index of the predicted class.
        gold: int [texts], the index of the gold class, or -1 for none.

    Returns:
        float64 [texts].
    """
    right = np.asarray(predicted) == gold
    return np.where(np.asarray(gold) < 0, np.nan, right.astype(np.float64))
