"""Attention rollout (Abnar and Zuidema, 2020): how much of each token reaches the classifier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject
from lit_plugins.explain.method import ExplanationMethod

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier

_NOTE = (
    "Scores are shares of the attention, which is 1 in total; they are the same for every class "
    "and do not add up to its probability."
)


def attention_rollout(classifier: TextClassifier, subjects: Sequence[Subject]) -> list[Attribution]:
    """The share of each token in the classification head's input, if only attention mixed tokens.

    With A_k the mean attention weights of the heads in layer k of n, the shares are the rows of

        (I + A_n)/2 ... (I + A_1)/2

    at the position that the classification head reads, or the mean of all rows for a head that
    averages all positions. For an encoder-decoder model, the layers are the encoder's, and the row
    is that of the token that the decoder classifies at.

    Scores are not negative and, with those of special tokens, add up to 1. They do not depend on
    the class, so they start from no value: `base_value` and `delta` are NaN.

    Args:
        classifier: the model.
        subjects: texts and classes.

    Raises:
        UserError: the model has no attention weights from each token to each token.
    """
    attributions = []
    # One text at a time: the weights of many long texts would fill the memory.
    for subject in subjects:
        (weights,) = classifier.attention([subject.encoded.row])
        shares = rollout(weights, classifier.network.pooling)
        attributions.append(
            Attribution(
                scores=subject.encoded.sum_by_word(shares),
                unit=subject.task.shown,
                base_value=math.nan,
                evaluations=2,  # for the output and for the weights
                token_scores=shares,
                note=_NOTE,
            )
        )
    return attributions


def rollout(weights: np.ndarray, pooling: str) -> np.ndarray:
    """The share of each token in the classification head's input, float64 [tokens].

    Args:
        weights: attention [layers, heads, tokens, tokens]; rows add up to 1.
        pooling: the row that the classification head reads: "first", "last", or "mean" for the
            mean of all.
    """
    tokens = weights.shape[-1]
    rows = {"first": slice(0, 1), "last": slice(-1, None), "mean": slice(None)}[pooling]
    # From the last layer down, only the rows that the head reads are needed.
    shares = np.eye(tokens)[rows].mean(0)
    for layer in weights[::-1].astype(np.float64).mean(1):
        shares = (shares + shares @ (layer / layer.sum(-1, keepdims=True))) / 2
    return shares


def rollout_matrix(layers: Sequence[np.ndarray]) -> np.ndarray:
    """The share of each token in the output of these layers at each token.

    Args:
        layers: attention [heads, tokens, tokens] of the first layer and the layers up to another.

    Returns:
        float64 [tokens, tokens]; each row equals `rollout` for a classification head that reads
        the row's token.
    """
    shares = np.eye(layers[0].shape[-1])
    for layer in layers:
        mean = layer.astype(np.float64).mean(0)
        shares = (shares + mean / mean.sum(-1, keepdims=True) @ shares) / 2
    return shares


METHOD = ExplanationMethod(
    "attention_rollout",
    "Attention rollout",
    "How much of each word reaches the position at which the model classifies, by the attention "
    "weights of all layers. It is the same for every class.",
    (),
    attention_rollout,
    black_box=False,
    needs="attention",
    signed=False,
    complete=False,
)
