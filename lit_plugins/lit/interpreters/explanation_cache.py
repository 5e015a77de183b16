"""Shares explanations between requests: earlier ones, and ones that are being computed now."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from lit_plugins.evaluate.scoring import RANDOM, random_scores
from lit_plugins.explain import METHODS, PIECES, Explanation, ExplanationMethod, explain_each
from lit_plugins.explain.estimators.missing_words import MISSING, Way
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models import MaskedLanguageModel
from lit_plugins.options import Option, check_options
from lit_plugins.runtime.single_flight import Once

Filler = str | MaskedLanguageModel

EXPLANATIONS_BYTES = 64 * 2**20
"""Default size of the cache, in bytes."""

_BYTES_A_WORD = 200  # for a word, token or phrase: its text, its offsets, and Python's objects


class Explanations(Once[Explanation]):
    """A bounded cache that computes each explanation once, even for simultaneous requests.

    Attributes:
        filler: the masked language model that writes missing words, or its name. The page cannot
            choose it, because a name may be any path on the server.
    """

    def __init__(self, max_bytes: int = EXPLANATIONS_BYTES, filler: Filler = "auto"):
        super().__init__(max_bytes, _nbytes)
        self.filler = filler

    def scores(
        self,
        model: LitTextClassifier,
        method: str,
        texts: Sequence[str],
        targets: Sequence[int],
        missing: Way = MISSING.default,
    ) -> list[np.ndarray]:
        """Scores of each text's words by a method with its other options at their defaults.

        Args:
            model: a model that the method suits.
            method: the name of a method of one model, or `RANDOM`.
            texts: texts as written.
            targets: index of the class to explain for each text.
            missing: what stands for a missing word, in a method that masks words.

        Returns:
            For each text, float64 [words].
        """
        if method == RANDOM:
            return random_scores(model.classifier, texts)
        chosen = METHODS[method]
        fillers: dict[str, Any] = dict.fromkeys(chosen.fillers, self.filler)
        options = check_options(
            plain_options(chosen), {MISSING.name: missing} if chosen.masks else {}
        )
        keys = [
            explanation_key(model, method, options, index, text)
            for index, text in zip(targets, texts, strict=True)
        ]
        explanations = self.get(
            keys,
            lambda picked: explain_each(
                model.classifier,
                [texts[index] for index in picked],
                method,
                [model.classifier.labels[targets[index]] for index in picked],
                **options,
                **fillers,
            ),
        )
        return [explanation.scores for explanation in explanations]


def plain_options(method: ExplanationMethod) -> tuple[Option, ...]:
    """The options that a page may set: those of the method that take no model, and `PIECES`."""
    return (*(option for option in method.options if not option.loads), PIECES)


def explanation_key(
    model: Any,
    method: str,
    options: Mapping[str, Any],
    target: int,
    text: str,
    classes: str | None = None,
    rest: str | None = None,
) -> Hashable:
    """The cache key of an explanation: everything that it depends on.

    Args:
        model: the explained model.
        method: a key of `METHODS`.
        options: the values of all options, also of those that take another classifier.
        target: index of the explained class.
        text: the text.
        classes: the output field of the classes, for models that may have several.
        rest: a hash of the example's other fields that the model reads.
    """
    return model, classes, method, *options.items(), target, text, rest


def _nbytes(explanation: Explanation) -> int:
    arrays = [explanation.scores, explanation.error, explanation.token_scores]
    if explanation.interactions is not None:
        arrays += [explanation.interactions.values, explanation.interactions.error]
    words = sum(
        len(parts or ()) for parts in (explanation.words, explanation.tokens, explanation.groups)
    )
    return (
        sum(array.nbytes for array in arrays if array is not None)
        + 4 * len(explanation.text)
        + _BYTES_A_WORD * words
    )
