"""Explanations that were asked for before, or are being computed for somebody else right now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from lit_plugins.evaluate.scoring import RANDOM, random_scores
from lit_plugins.explain import METHODS, PIECES, Explanation, explain_each
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import check_options
from lit_plugins.runtime.single_flight import Once

EXPLANATIONS_BYTES = 64 * 2**20

_BYTES_A_WORD = 200  # or a token or phrase: its text, its offsets, and what holds them


class Explanations(Once[Explanation]):
    """A bounded cache in which each explanation is computed once, however many ask at once."""

    def __init__(self, max_bytes: int = EXPLANATIONS_BYTES):
        super().__init__(max_bytes, _nbytes)

    def scores(
        self, model: LitTextClassifier, method: str, texts: Sequence[str], targets: Sequence[int]
    ) -> list[np.ndarray]:
        """Scores of each text's words, float64 [words], by a method with its own defaults.

        Args:
            model: the model, which the method suits.
            method: a key of `METHODS` that is about one model, or `RANDOM`.
            texts: texts as written.
            targets: index of the class to explain for each text.
        """
        if method == RANDOM:
            return random_scores(model.classifier, texts)
        options = check_options((*METHODS[method].options, PIECES), {})
        keys = [
            explanation_key(model, method, options, index, text)
            for index, text in zip(targets, texts, strict=True)
        ]
        found = self.get(
            keys,
            lambda picked: explain_each(
                model.classifier,
                [texts[index] for index in picked],
                method,
                [targets[index] for index in picked],
                **options,
            ),
        )
        return [explanation.scores for explanation in found]


def explanation_key(
    model: Any,
    method: str,
    options: Mapping[str, Any],
    target: int,
    text: str,
    classes: str | None = None,
    rest: str | None = None,
) -> Hashable:
    """All that an explanation depends on.

    Args:
        model: the model that is explained.
        method: a key of `METHODS`.
        options: all of its options, the models that it is compared with among them.
        target: index of the explained class.
        text: the text.
        classes: the output field of the classes, where a model may have several.
        rest: what else of an example the model goes by.
    """
    return model, classes, method, *options.items(), target, text, rest


def _nbytes(explanation: Explanation) -> int:
    arrays = (explanation.scores, explanation.error, explanation.token_scores)
    words = sum(
        len(each or ()) for each in (explanation.words, explanation.tokens, explanation.groups)
    )
    return (
        sum(array.nbytes for array in arrays if array is not None)
        + 4 * len(explanation.text)
        + _BYTES_A_WORD * words
    )
