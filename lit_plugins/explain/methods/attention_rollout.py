"""Attention rollout (Abnar and Zuidema, 2020): how much of each token reaches the head."""

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
    "Scores are shares of the attention, of 1 in all; they are the same for every class and do "
    "not add up to its probability."
)


def attention_rollout(classifier: TextClassifier, subjects: Sequence[Subject]) -> list[Attribution]:
    """The share of each token in what the head reads, if attention were all that mixes tokens.

    Each layer hands on half of what a token had and half of what its heads attend to on average;
    the layers are multiplied from first to last and read at the position that the head reads, or
    on average over all positions for a head that does. Of an encoder-decoder it is the encoder's
    layers, read at the token that the decoder classifies at.

    Scores are not negative and, with those of special tokens, add up to 1. They say nothing of a
    class, so there is no value that they start from: `base_value` is no number, and neither is
    `delta`.

    Args:
        classifier: the model.
        subjects: texts and classes.

    Raises:
        UserError: the model has no attention weights from each token to each token.
    """
    attributions = []
    # One by one: weights of many long texts would fill the memory.
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
    """The share of each token, float64 [tokens].

    Args:
        weights: attention [layers, heads, tokens, tokens]; rows add up to 1.
        pooling: which row the head reads: "first", "last", or "mean" for all.
    """
    tokens = weights.shape[-1]
    rows = {"first": slice(0, 1), "last": slice(-1, None), "mean": slice(None)}[pooling]
    # From the last layer down, only the rows that are read are needed.
    shares = np.eye(tokens)[rows].mean(0)
    for layer in weights[::-1].astype(np.float64).mean(1):
        shares = (shares + shares @ (layer / layer.sum(-1, keepdims=True))) / 2
    return shares


def rollout_matrix(layers: Sequence[np.ndarray]) -> np.ndarray:
    """The share of each token in each token after these layers, float64 [tokens, tokens].

    A row is what `rollout` gives for a head that reads there.

    Args:
        layers: attention [heads, tokens, tokens] of the first layer and some that follow it.
    """
    shares = np.eye(layers[0].shape[-1])
    for layer in layers:
        mean = layer.astype(np.float64).mean(0)
        shares = (shares + mean / mean.sum(-1, keepdims=True) @ shares) / 2
    return shares


METHOD = ExplanationMethod(
    "attention_rollout",
    "Attention rollout",
    "How much of each word reaches the position that the model classifies at, by the attention "
    "weights of all layers. It is the same for every class.",
    (),
    attention_rollout,
    black_box=False,
    needs="attention",
    signed=False,
    complete=False,
)
