"""Attention weights of one text for LIT's page: every head in small, and one matrix in full."""

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
"""The interpreter's name, which the page asks for."""

VIEW, LAYER, HEAD = "view", "layer", "head"
"""In the interpreter's config: what is asked for, and of which layer and head, from 1."""

VIEWS = ("overview", "head", "mean", "rollout")

_SMALL = 24
"""Cells a side of a head's picture."""


class AttentionInterpreter(lit_components.Interpreter):
    """What the page's attention module shows.

    All weights of a large model are hundreds of megabytes a text, so the page gets a small picture
    of each head, and in full what it asks for: one head, the mean of a layer's heads, or attention
    rollout (Abnar and Zuidema, 2020). The weights stay in the model's bounded cache.
    """

    def description(self) -> str:
        """Not shown: the page's module has its own."""
        return "Attention weights of one text."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model gives weights from each token to each token."""
        own = unwrapped(model)
        return isinstance(own, LitTextClassifier) and bool(own.outputs.attention_fields)

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """What the config asks for of the one input: by `view`

        - `overview`, the default: see `overview`;
        - `head`: the weights of `head` in `layer`;
        - `mean`: the mean over the heads of `layer`;
        - `rollout`: the share of each token in each token after `layer`. The row that the
          model's head reads is the engine's `attention_rollout` if it is the last layer.

        The last three are float32 [tokens, tokens] as `weights`, in base64 and little-endian.

        Raises:
            UserError: there are several inputs, or no such view, layer or head.
        """
        if len(inputs) > 1:
            raise UserError(
                f"Attention is shown of one text at a time, and {len(inputs)} are given; give one."
            )
        own = unwrapped(model)
        assert isinstance(own, LitTextClassifier)  # or it would not be compatible
        return [_answer(own, example, config or {}) for example in inputs]


def overview(
    classifier: TextClassifier, text: str, tokens: Sequence[str], layers: Sequence[np.ndarray]
) -> lit_types.JsonDict:
    """Every head at a glance.

    Args:
        classifier: the model.
        text: the text as written.
        tokens: the tokenizer's pieces that the model ran on.
        layers: for each layer the weights [heads, tokens, tokens].

    Returns:
        A dictionary for the page:
        `tokens`; `labels`, what to show for each; `special`, whether each is none of the text;
        `truncated`, whether the text was cut; `reads`, the index of the token that the
        classification head reads, or None if it reads the mean of all; `causal`, whether no
        token attends to a later one; `layers` and `heads`, how many there are; `size`, the
        pictures' cells a side; `pictures`, uint8 [layers, heads, size, size] in base64; and
        `figures`, see `head_figures`, each as lists [layers][heads].
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
    """Square matrices in small, uint8 [..., side, side], with 255 for a weight of 1.

    A cell has the largest weight of those that it stands for, so that a line one token wide stays
    visible in a text of hundreds.

    Args:
        weights: from 0 to 1, [..., tokens, tokens].
        most: the largest side; matrices that are no larger keep theirs.
    """
    tokens = weights.shape[-1]
    side = min(tokens, most)
    starts = np.arange(side) * tokens // side
    pooled = np.maximum.reduceat(np.maximum.reduceat(weights, starts, -1), starts, -2)
    return np.rint(pooled * 255).clip(0, 255).astype(np.uint8)


def head_figures(weights: np.ndarray, special: np.ndarray) -> dict[str, list[float | None]]:
    """What heads do with their weights, on average over the tokens that attend.

    Args:
        weights: [heads, tokens, tokens].
        special: bool [tokens], the tokens that are none of the text.

    Returns:
        For each head: `entropy` in bits; the shares that go to the token `itself`, to the
        `previous`, to the `next` and to `special` tokens. None for a text without such a pair.
    """
    # One by one: in double precision, all heads of a long text would fill the memory.
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
    """What to show for each token, whether it is none of the text, and whether the text was cut."""
    (encoded,) = classifier.encode([text])
    if encoded.tokens != tuple(tokens):  # given in place of the text
        special = set(classifier.special_tokens) - {classifier.unknown_token}
        return list(tokens), [token in special for token in tokens], False
    labels = []
    word_before = None
    for token, span, word in zip(
        encoded.tokens, encoded.token_spans, encoded.token_words, strict=True
    ):
        # Byte-level tokenizers name their tokens in letters of their own.
        shown = text[slice(*span)].strip() if span is not None else ""
        mark = "##" if word is not None and word == word_before else ""
        labels.append(mark + shown if shown else token)
        word_before = word
    return labels, [span is None for span in encoded.token_spans], encoded.truncated


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()
