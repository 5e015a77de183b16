"""The words that speak for and against a class, over the texts of a request."""

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
"""The interpreter's name in requests of the page."""

METHOD = "method"
"""The config's key for the title of the method; the method's options stand beside it."""

LABEL = "target"
"""The config's key for the class to explain in all texts; the model's last class by default."""

_OPTIONS = (
    Integer(
        "texts",
        WORDS_SAMPLE,
        "The most texts to explain, sampled evenly.",
        low=1,
        high=MAX_SAMPLE,
    ),
    Integer(
        "at_least",
        AT_LEAST,
        "How often a word must occur in these texts.",
        low=1,
        high=1_000_000,
    ),
)
_AT_ONCE = 8  # texts between two reports of progress
_MOST_WORDS = 1000  # in one response
_MOST_OCCURRENCES = 200  # of one word in a response


class GlobalWords(lit_components.Interpreter):
    """Computes `lit_plugins.evaluate.global_words` with the cache that salience maps share.

    Explanations that are finished when a request is cancelled stay in the cache, so the next
    request continues from there.
    """

    options = _OPTIONS

    def __init__(self, methods: Mapping[str, ExplanationInterpreter]):
        """Takes the methods by the names that the page shows; unsigned methods are left out."""
        signed = {
            title: method
            for title, method in methods.items()
            if method.meta_spec()["saliency"].signed
        }
        # The page preselects the first method that suits the model. Quick methods whose scores
        # add up come first.
        quick = [METHODS[name].title for name in (WORDS_METHOD, "owen")]
        first = [title for title in quick if title in signed]
        self._methods = {title: signed[title] for title in (*first, *signed)}

    def description(self) -> str:
        """A description that LIT requires; the page does not show it."""
        return "The words with the largest mean scores for a class."

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether any method suits the model."""
        return any(method.is_compatible(model, dataset) for method in self._methods.values())

    def config_spec(self) -> lit_types.Spec:
        """The methods to choose from, the class, and the limits.

        The options of the methods are in the methods' own specs.
        """
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
        """Gathers the words over all examples.

        Returns:
            A list of one dictionary:

            - `method`: the title of the method.
            - `options`: the options that were used.
            - `compared`: the names of the models that the model was compared with.
            - `target`: the explained class.
            - `unit`: the unit of the scores.
            - `missing`: what stands for a missing word, as in `Explanation`.
            - `explained`: the ids of the explained texts.
            - `of`: the number of texts in the request.
            - `found`: the number of words.
            - `words`: the words with the largest absolute means, in descending order of the mean.

            Each of the `words` is a dictionary of `word`, `n`, `texts`, `mean`, `error` (None for
            a word of one text) and `positive` as in the table of `global_words`, and of
            `occurrences`. These are the places with the largest scores of the mean's sign. Each
            place is a list: an index in `explained`, the position of the word's first character,
            the position after its last character, and its score there.

        Raises:
            UserError: the method is unknown or does not suit the model, or the class or an option
                is refused.
        """
        config = config or {}
        plain_model = unwrapped(model)
        fields = text_fields(plain_model)
        assert fields is not None  # otherwise the model would not be compatible
        title, method = self._chosen(model, dataset, config)
        limits = filled_in(self.options, config)
        classifier = predictor_of(plain_model, fields, {})
        label = str(config.get(LABEL) or fields.labels[-1])
        target = {"field": fields.classes, "index": classifier.task.target_index(label)}
        places = sample([example.get(fields.text) or "" for example in inputs], limits["texts"])
        examples = [inputs[place] for place in places]
        explanations: list[Explanation] = []
        options: dict[str, Any] = {}
        compared: tuple[str, ...] = ()
        tell(0, len(examples))
        # In parts, because a method reports no progress before it has explained all its texts.
        for start in range(0, len(examples), _AT_ONCE):
            part = examples[start : start + _AT_ONCE]
            explained = method.explained(part, model, None, {**config, TARGET: target})
            explanations += explained.explanations
            options, compared = explained.options, explained.compared
            tell(len(explanations), len(examples))
        pieces = bool(options.get(PIECES.name))
        texts = [explanation.text for explanation in explanations]
        seen = seen_words(classifier, texts, pieces=pieces)
        words = gather(explanations, seen, limits["at_least"])
        kept = sorted(words, key=lambda word: -abs(word.mean))[:_MOST_WORDS]
        kept.sort(key=lambda word: (-word.mean, word.word))
        return [
            {
                "method": title,
                "options": options,
                "compared": compared,
                "target": label,
                "unit": explanations[0].unit if explanations else "",
                "missing": explanations[0].missing if explanations else None,
                "explained": [example.get(INPUT_ID_FIELD) for example in examples],
                "of": len(inputs),
                "found": len(words),
                "words": [_row(word, explanations) for word in kept],
            }
        ]

    def _chosen(
        self, model: lit_model.Model, dataset: lit_dataset.Dataset, config: Mapping[str, Any]
    ) -> tuple[str, ExplanationInterpreter]:
        """The method that the config names, or the first one that suits the model."""
        suiting = {
            title: method
            for title, method in self._methods.items()
            if method.is_compatible(model, dataset)
        }
        title = config.get(METHOD) or next(iter(suiting))
        if not isinstance(title, str) or title not in suiting:
            raise UserError(
                f"There is no method {title!r:.60} for this; choose from {', '.join(suiting)}."
            )
        return title, suiting[title]


def _row(word: GlobalWord, explanations: Sequence[Explanation]) -> lit_types.JsonDict:
    sign = -1 if word.mean < 0 else 1
    strongest = sorted(
        word.occurrences, key=lambda place: (-sign * place.score, place.text, place.at)
    )
    return {
        "word": word.word,
        "n": len(word.occurrences),
        "texts": word.texts,
        "mean": word.mean,
        "error": None if math.isnan(word.error) else word.error,
        "positive": word.positive,
        "occurrences": [
            [place.text, *explanations[place.text].offsets[place.at], place.score]
            for place in strongest[:_MOST_OCCURRENCES]
        ],
    }
