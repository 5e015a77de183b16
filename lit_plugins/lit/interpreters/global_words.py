"""The words that speak for a class and against it, over the texts that the page asks about."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lit_nlp.api import components as lit_components
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from lit_nlp.api.dataset import INPUT_ID_FIELD

from lit_plugins.errors import UserError
from lit_plugins.evaluate.global_words import (
    AT_LEAST,
    WORDS_METHOD,
    WORDS_SAMPLE,
    GlobalWord,
    gather,
    seen_words,
)
from lit_plugins.evaluate.sampling import MAX_SAMPLE, sample
from lit_plugins.explain import METHODS, PIECES, Explanation
from lit_plugins.lit.forms import config_fields, filled_in
from lit_plugins.lit.interpreters.explanation_request import TARGET
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter
from lit_plugins.lit.models.any_classifier import predictor_of, text_fields, unwrapped
from lit_plugins.options import Integer
from lit_plugins.runtime.progress import tell

GLOBAL_WORDS = "global words"
"""The interpreter's name, which the page asks for."""

METHOD = "method"
"""In the interpreter's config: the title of the method; its options are beside it."""

LABEL = "target"
"""In the config: the class that is explained in all texts; the model's last one by default."""

_OPTIONS = (
    Integer(
        "texts",
        WORDS_SAMPLE,
        "The most texts that are explained, evenly drawn.",
        low=1,
        high=MAX_SAMPLE,
    ),
    Integer(
        "at_least",
        AT_LEAST,
        "How many times a word must stand there.",
        low=1,
        high=1_000_000,
    ),
)
_AT_ONCE = 8
_MOST_WORDS = 1000
_MOST_OCCURRENCES = 200


class GlobalWords(lit_components.Interpreter):
    """`lit_plugins.evaluate.global_words`, from the explanations that the salience maps show, too.

    What is explained when a request is given up stays in their cache, so that the next one goes on
    from there.
    """

    options = _OPTIONS

    def __init__(self, methods: Mapping[str, ExplanationInterpreter]):
        """Takes the methods by the names that the page shows; those without a sign are left out."""
        signed = {
            title: each for title, each in methods.items() if each.meta_spec()["saliency"].signed
        }
        # The page offers the first that suits a model: quick ones, whose scores add up.
        quick = [METHODS[name].title for name in (WORDS_METHOD, "owen")]
        first = [title for title in quick if title in signed]
        self._methods = {title: signed[title] for title in (*first, *signed)}

    def description(self) -> str:
        """Not shown: the page has a module of its own."""
        return "The words with the largest mean scores for a class."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether any method suits the model."""
        return any(each.is_compatible(model, dataset) for each in self._methods.values())

    def config_spec(self) -> lit_types.Spec:
        """The methods to choose from, whose options are in their own specs, and the limits."""
        return {
            METHOD: lit_types.CategoryLabel(vocab=list(self._methods), required=False),
            LABEL: lit_types.TextSegment(required=False),
            **config_fields(self.options),
        }

    def run(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        model_outputs: list[lit_types.JsonDict] | None = None,
        config: lit_types.JsonDict | None = None,
    ) -> list[lit_types.JsonDict]:
        """One dictionary for all examples.

        It has the `method`'s title, its `options` as they were used, the names of the models that
        the model was `compared` with, the `target` class and the scores' `unit`; the ids of the
        texts that were `explained`, of how many (`of`); how many words there are (`found`), and of
        those with the largest means of either sign, the largest first, `words`: `word`, `n`,
        `texts`, `mean`, `error` (None for a word of one text), `positive` as in the table, and
        `occurrences`, the places with the largest scores of the mean's sign: lists of an index in
        `explained`, the word's first character, the one after its last, and its score there.

        Raises:
            UserError: the method is none of these or does not suit the model, or the class or an
                option is refused.
        """
        config = config or {}
        own = unwrapped(model)
        fields = text_fields(own)
        assert fields is not None  # or it would not be compatible
        title, method = self._chosen(model, dataset, config)
        limits = filled_in(self.options, config)
        classifier = predictor_of(own, fields, {})
        label = str(config.get(LABEL) or fields.labels[-1])
        target = {"field": fields.classes, "index": classifier.task.target_index(label)}
        places = sample([each.get(fields.text) or "" for each in inputs], limits["texts"])
        examples = [inputs[place] for place in places]
        explanations: list[Explanation] = []
        options: dict[str, Any] = {}
        compared: tuple[str, ...] = ()
        tell(0, len(examples))
        # A part at a time, since a method tells nothing before a part is done.
        for start in range(0, len(examples), _AT_ONCE):
            part = examples[start : start + _AT_ONCE]
            asked = method.explained(part, model, None, {**config, TARGET: target})
            explanations += asked.explanations
            options, compared = asked.options, asked.compared
            tell(len(explanations), len(examples))
        pieces = bool(options.get(PIECES.name))
        seen = seen_words(classifier, [each.text for each in explanations], pieces=pieces)
        words = gather(explanations, seen, limits["at_least"])
        kept = sorted(words, key=lambda each: -abs(each.mean))[:_MOST_WORDS]
        kept.sort(key=lambda each: (-each.mean, each.word))
        return [
            {
                "method": title,
                "options": options,
                "compared": compared,
                "target": label,
                "unit": explanations[0].unit if explanations else "",
                "explained": [example.get(INPUT_ID_FIELD) for example in examples],
                "of": len(inputs),
                "found": len(words),
                "words": [_row(each, explanations) for each in kept],
            }
        ]

    def _chosen(
        self, model: lit_model.Model, dataset: lit_dataset.Dataset, config: Mapping[str, Any]
    ) -> tuple[str, ExplanationInterpreter]:
        """The method of that title; until one is named, the first that suits the model."""
        suiting = {
            title: each
            for title, each in self._methods.items()
            if each.is_compatible(model, dataset)
        }
        title = config.get(METHOD) or next(iter(suiting))
        if not isinstance(title, str) or title not in suiting:
            raise UserError(
                f"There is no method {title!r:.60} for this; choose from {', '.join(suiting)}."
            )
        return title, suiting[title]


def _row(word: GlobalWord, explanations: Sequence[Explanation]) -> lit_types.JsonDict:
    sign = -1 if word.mean < 0 else 1
    strongest = sorted(word.occurrences, key=lambda each: (-sign * each.score, each.text, each.at))
    return {
        "word": word.word,
        "n": len(word.occurrences),
        "texts": word.texts,
        "mean": word.mean,
        "error": None if math.isnan(word.error) else word.error,
        "positive": word.positive,
        "occurrences": [
            [each.text, *explanations[each.text].offsets[each.at], each.score]
            for each in strongest[:_MOST_OCCURRENCES]
        ],
    }
