"""Attention weights of one text: a small picture of every head, and one matrix in full."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.explain.methods.attention_rollout import rollout_matrix
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.any_classifier import unwrapped
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models.classifier import TextClassifier

ATTENTION = "attention"
"""The interpreter's name in requests of the page."""

VIEW, LAYER, HEAD = "view", "layer", "head"
"""Keys of the interpreter's config: the view, and the numbers of the layer and head, from 1."""

VIEWS = ("overview", "head", "mean", "rollout")
"""The views that a request may ask for; see `AttentionInterpreter.run`."""

_SMALL = 24
"""Width and height of a head's picture, in cells."""


class AttentionInterpreter(lit_components.Interpreter):
    """Computes what the page's attention module shows.

    All weights of a large model take hundreds of megabytes for one text. The page therefore gets
    a small picture of each head. On request it gets one matrix in full: one head, the mean of a
    layer's heads, or attention rollout (Abnar and Zuidema, 2020). The weights stay in the model's
    bounded cache.
    """

    def description(self) -> str:
        """A description that LIT requires; the page does not show it."""
        return "Attention weights of one text."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model returns attention weights between all pairs of tokens."""
        classifier = unwrapped(model)
        return isinstance(classifier, LitTextClassifier) and bool(
            classifier.outputs.attention_fields
        )

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """Computes the view of one example that the config names under `view`.

        - `overview`, the default: see `overview`.
        - `head`: the weights of `head` in `layer`.
        - `mean`: the mean over the heads of `layer`.
        - `rollout`: the share of each token in the representation of each token after `layer`.
          For the last layer, the row of the token that the classification head reads equals the
          engine's method `attention_rollout`.

        Returns:
            One dictionary for each input. All views except `overview` have the key `weights`:
            float32 [tokens, tokens], little-endian, in base64.

        Raises:
            UserError: there are several inputs, or no such view, layer or head.
        """
        if len(inputs) > 1:
            raise UserError(
                f"Attention is shown for one text at a time, and {len(inputs)} are given; give one."
            )
        classifier = unwrapped(model)
        assert isinstance(classifier, LitTextClassifier)  # otherwise it would not be compatible
        return [_answer(classifier, example, config or {}) for example in inputs]


def overview(
    classifier: TextClassifier, text: str, tokens: Sequence[str], layers: Sequence[np.ndarray]
) -> lit_types.JsonDict:
    """Summarises every head.

    Args:
        classifier: the model.
        text: the text as written.
        tokens: the tokens that the model ran on.
        layers: the weights of each layer, [heads, tokens, tokens].

    Returns:
        A dictionary for the page:

        - `tokens`: the tokens.
        - `labels`: the string to show for each token.
        - `special`: for each token, whether it is outside the text.
        - `truncated`: whether the text was cut.
        - `reads`: the index of the token that the classification head reads; None if it reads
          the mean of all tokens.
        - `causal`: whether no token attends to a later one.
        - `layers`, `heads`: the numbers of layers and of heads in each layer.
        - `size`: the width and height of a picture, in cells.
        - `pictures`: uint8 [layers, heads, size, size], in base64.
        - `figures`: the values of `head_figures`, each as lists [layers][heads].
    """
    labels, special, truncated = _names(classifier, text, tokens)
    figures = [head_figures(layer, np.array(special)) for layer in layers]
    pictures = np.stack([picture(layer, _SMALL) for layer in layers])
    reads = {"first": 0, "last": len(tokens) - 1, "mean": None}[classifier.network.pooling]
    return {
        "tokens": list(tokens),
        "labels": labels,
        "special": special,
        "truncated": truncated,
        "reads": reads,
        "causal": len(tokens) > 1 and not any(np.triu(layer, 1).any() for layer in layers),
        "layers": len(layers),
        "heads": len(layers[0]),
        "size": pictures.shape[-1],
        "pictures": _base64(pictures),
        "figures": {name: [layer[name] for layer in figures] for name in figures[0]},
    }


def picture(weights: np.ndarray, most: int) -> np.ndarray:
    """Shrinks square matrices to pictures, in which 255 stands for a weight of 1.

    Each cell of the picture has the largest of the weights that it covers. A line one token wide
    therefore stays visible in a text of hundreds of tokens.

    Args:
        weights: weights from 0 to 1, [..., tokens, tokens].
        most: the most cells in width and height; smaller matrices keep their size.

    Returns:
        uint8 [..., side, side], where `side` is the smaller of `tokens` and `most`.
    """
    tokens = weights.shape[-1]
    side = min(tokens, most)
    starts = np.arange(side) * tokens // side
    pooled = np.maximum.reduceat(np.maximum.reduceat(weights, starts, -1), starts, -2)
    return np.rint(pooled * 255).clip(0, 255).astype(np.uint8)


def head_figures(weights: np.ndarray, special: np.ndarray) -> dict[str, list[float | None]]:
    """Measures where heads direct their attention, on average over the attending tokens.

    Args:
        weights: attention weights, [heads, tokens, tokens].
        special: bool [tokens], True for tokens outside the text.

    Returns:
        Lists with one value for each head: the `entropy` in bits, and the shares of attention
        from a token to `itself`, to the `previous` token, to the `next` token and to `special`
        tokens. A value is None if the text has no such pair of tokens.
    """
    # Head by head, because all heads of a long text would fill the memory in double precision.
    heads = [_figures(head.astype(np.float64), special) for head in weights]
    return {name: [head[name] for head in heads] for name in heads[0]}


def _figures(weights: np.ndarray, special: np.ndarray) -> dict[str, float | None]:
    logs = np.log2(weights, out=np.zeros_like(weights), where=weights > 0)

    def neighbour(offset: int) -> float | None:
        pairs = np.diagonal(weights, offset)
        return float(pairs.mean()) if pairs.size else None

    return {
        "entropy": max(0.0, float(-(weights * logs).sum(-1).mean())),
        "itself": neighbour(0),
        "previous": neighbour(-1),
        "next": neighbour(1),
        "special": float(weights[:, special].sum(-1).mean()) if special.any() else None,
    }


def _answer(
    model: LitTextClassifier, example: Mapping[str, Any], config: Mapping[str, Any]
) -> lit_types.JsonDict:
    view = config.get(VIEW, VIEWS[0])
    if view not in VIEWS:
        raise UserError(f"The view is {view!r:.60}; choose from {', '.join(VIEWS)}.")
    names = model.outputs.attention_fields
    layer = 0 if view == "overview" else _index(config, LAYER, len(names))
    needed = {"overview": names, "rollout": names[: layer + 1]}.get(view, (names[layer],))
    text = model.example(example)
    layers = model.outputs.values(text, needed)
    if view == "overview":
        (tokens,) = model.outputs.values(text, [fields.TOKENS])
        return overview(model.classifier, text.text, tokens, layers)
    if view == "head":
        weights = layers[0][_index(config, HEAD, len(layers[0]))]
    elif view == "mean":
        weights = layers[0].mean(0, dtype=np.float64)
    else:
        weights = rollout_matrix(layers)
    return {"weights": _base64(weights.astype("<f4"))}


def _index(config: Mapping[str, Any], name: str, count: int) -> int:
    number = config.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= count:
        raise UserError(f"The {name} is {number!r:.60}; give a number from 1 to {count}.")
    return number - 1


def _names(
    classifier: TextClassifier, text: str, tokens: Sequence[str]
) -> tuple[list[str], list[bool], bool]:
    """Labels of the tokens, whether each is outside the text, and whether the text was cut."""
    (encoded,) = classifier.encode([text])
    if encoded.tokens != tuple(tokens):  # the request gave tokens instead of the text
        special = set(classifier.special_tokens) - {classifier.unknown_token}
        return list(tokens), [token in special for token in tokens], False
    labels = []
    word_before = None
    for token, span, word in zip(
        encoded.tokens, encoded.token_spans, encoded.token_words, strict=True
    ):
        # Byte-level tokenizers encode bytes as other letters, so the text itself is shown.
        shown = text[slice(*span)].strip() if span is not None else ""
        mark = "##" if word is not None and word == word_before else ""
        labels.append(mark + shown if shown else token)
        word_before = word
    return labels, [span is None for span in encoded.token_spans], encoded.truncated


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
