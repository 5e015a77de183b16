"""Judges explanation methods by faithfulness, plausibility and agreement, as LIT's metrics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model

from lit_plugins.data.columns import RATIONALE
from lit_plugins.errors import UserError
from lit_plugins.evaluate.agreement import TOP, agree
from lit_plugins.evaluate.aopc_limits import Limits
from lit_plugins.evaluate.faithfulness import SEARCH, Faithfulness, measure
from lit_plugins.evaluate.plausibility import plausibility_metrics
from lit_plugins.evaluate.rationales import read_rationale
from lit_plugins.evaluate.tables import mean
from lit_plugins.explain.estimators.missing_words import MISSING, Missing, Way
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.metrics.of_methods import CHOSEN, DEFAULTS, MethodMetrics, titles
from lit_plugins.lit.metrics.on_demand import Asked, Measure, Row, predicted
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models.task import NO_LABEL
from lit_plugins.runtime.bounded_cache import BoundedCache
from lit_plugins.runtime.single_flight import Once

_TEXTS_AT_ONCE = 8
_LIMITS_BYTES = 100


class FaithfulnessMetrics(MethodMetrics):
    """Measures whether the words that a method ranks first matter to the model."""

    measures = (
        Measure(
            "comprehensiveness",
            "How far the predicted class's probability falls when the first 1, 5, 10, 20 and 50 % "
            "of the words are masked, on average.",
            "highest",
        ),
        Measure(
            "sufficiency",
            "How far the probability falls when only these words are kept.",
            "lowest",
        ),
        Measure(
            "normalised comprehensiveness",
            "How far the probability falls as one word after the other is masked (AOPC), from 0 "
            "for the worst possible order of words to 1 for the best; comparable across models.",
            "highest",
        ),
        Measure(
            "normalised sufficiency",
            "The same with the words in the reverse order.",
            "lowest",
        ),
        Measure(
            "deletion",
            "The area under the curve of the probability as words are masked, largest score first.",
            "lowest",
        ),
        Measure(
            "insertion",
            "The area under the curve of the probability as words are put in, largest score first.",
            "highest",
        ),
    )
    options = (*MethodMetrics.options, MISSING)

    def __init__(self, explanations: Explanations, max_bytes: int):
        """Prepares empty caches.

        Args:
            explanations: the cache of explanations.
            max_bytes: the size of the cache of measurements, in bytes. A further quarter of it
                holds intermediate results.
        """
        super().__init__(explanations)
        self._measured: Once[Faithfulness] = Once(max_bytes, _nbytes)
        # The limits take longest to compute, and all methods share them.
        self._limits: BoundedCache[Limits] = BoundedCache(max_bytes // 4)

    def description(self) -> str:
        """The text that the page shows."""
        return "Faithfulness: whether the words that a method ranks first matter to the model"

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line for each method."""
        texts = [asked.texts[place] for place in self.sampled(asked)]
        way: Way = asked.options[MISSING.name]
        for method in self.methods(asked):
            judged = [text for text in self._judged(asked.model, method, texts, way) if text.words]
            yield Row(
                f"{titles()[method]} ({way.replace('_', ' ')})",
                len(judged),
                {
                    "comprehensiveness": mean([text.comprehensiveness for text in judged]),
                    "sufficiency": mean([text.sufficiency for text in judged]),
                    "normalised comprehensiveness": mean(
                        [text.normalised_comprehensiveness for text in judged]
                    ),
                    "normalised sufficiency": mean(
                        [text.normalised_sufficiency for text in judged]
                    ),
                    "deletion": mean([text.deletion_area for text in judged]),
                    "insertion": mean([text.insertion_area for text in judged]),
                },
            )

    def _judged(
        self, model: LitTextClassifier, method: str, texts: Sequence[str], way: Way
    ) -> list[Faithfulness]:
        missing = Missing(way, self._explanations.filler)

        def compute(picked: Sequence[int]) -> Iterator[Faithfulness]:
            for start in range(0, len(picked), _TEXTS_AT_ONCE):
                group = [texts[index] for index in picked[start : start + _TEXTS_AT_ONCE]]
                targets = predicted(model, group).tolist()
                measured = measure(
                    model.classifier,
                    group,
                    {method: self._explanations.scores(model, method, group, targets, way)},
                    targets,
                    search=SEARCH,
                    limits=[self._limits.get((model, way, text)) for text in group],
                    missing=missing,
                )
                for text, faithfulness in zip(group, measured.by_method[method], strict=True):
                    limits = faithfulness.limits
                    if limits is not None:
                        self._limits.put((model, way, text), limits, _LIMITS_BYTES + 4 * len(text))
                    yield faithfulness

        return self._measured.get([(model, method, way, text) for text in texts], compute)


class PlausibilityMetrics(MethodMetrics):
    """Measures whether a method ranks first the words that people marked."""

    measures = (
        Measure(
            "AUPRC",
            "The area under the precision-recall curve of the method's scores.",
            "highest",
        ),
        Measure(
            "token F1",
            "The F1 score of the words with the largest scores, as many as people marked.",
            "highest",
        ),
    )

    def description(self) -> str:
        """The text that the page shows."""
        return "Plausibility: whether a method ranks first the words that people marked"

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model is of this package, and the dataset has rationales."""
        return super().is_compatible(model, dataset) and RATIONALE in dataset.spec()

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line for each method."""
        marked = [place for place, example in enumerate(asked.examples) if _fits(example)]
        if not marked:
            raise UserError(
                f"No text here has a valid {RATIONALE}; give a number for each "
                'white-space-separated word, such as "0 1 0".'
            )
        fitting = replace(asked, examples=[asked.examples[place] for place in marked])
        places = self.sampled(fitting)
        examples = [fitting.examples[place] for place in places]
        texts = [fitting.texts[place] for place in places]
        encoded = asked.model.classifier.encode(texts)
        # People marked the words that speak for the gold label.
        label = asked.model.label_field
        gold = asked.model.classifier.task.gold_indices(
            [example.get(label) if label else None for example in examples]
        )
        by_model = predicted(asked.model, texts)
        targets = np.where(gold == NO_LABEL, by_model, gold).tolist()
        for method in self.methods(asked):
            judged = []
            for example, text, scores in zip(
                examples,
                encoded,
                self._explanations.scores(asked.model, method, texts, targets),
                strict=True,
            ):
                seen = list(text.visible_words)
                rationale = read_rationale(example[RATIONALE], text.text, text.words)
                judged.append(plausibility_metrics(scores[seen], rationale[seen]))
            known = [values for values in judged if not np.isnan(values["auprc"])]
            yield Row(
                titles()[method],
                len(known),
                {
                    "AUPRC": mean([values["auprc"] for values in known]),
                    "token F1": mean([values["token_f1"] for values in known]),
                },
            )


class AgreementMetrics(MethodMetrics):
    """Measures whether two methods agree; if they differ, neither should be trusted alone."""

    measures = (
        Measure("rank correlation", "Kendall's tau of the words' scores, on average.", "highest"),
        Measure(
            "top overlap",
            f"The share of the {TOP} words with the largest scores that both methods share.",
            "highest",
        ),
    )

    def description(self) -> str:
        """The text that the page shows."""
        return "Agreement: whether two methods give the same explanation"

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line for each pair of methods."""
        methods = self.methods(asked)
        if len(asked.config.get(CHOSEN) or DEFAULTS) < 2:
            raise UserError("Agreement needs two methods; choose at least two.")
        texts = [asked.texts[place] for place in self.sampled(asked)]
        encoded = asked.model.classifier.encode(texts)
        targets = predicted(asked.model, texts).tolist()
        scores = {
            method: [
                all_scores[list(text.visible_words)]
                for text, all_scores in zip(
                    encoded,
                    self._explanations.scores(asked.model, method, texts, targets),
                    strict=True,
                )
            ]
            for method in methods
        }
        for first, second in combinations(methods, 2):
            agreements = [
                agree(first, second, first_scores, second_scores)
                for first_scores, second_scores in zip(scores[first], scores[second], strict=True)
            ]
            yield Row(
                f"{titles()[first]} / {titles()[second]}",
                len(texts),
                {
                    "rank correlation": mean([correlation for correlation, _ in agreements]),
                    "top overlap": mean([overlap for _, overlap in agreements]),
                },
            )


def _fits(example: Any) -> bool:
    try:
        read_rationale(example.get(RATIONALE), example.get(fields.TEXT) or "")
    except (TypeError, ValueError):
        return False
    return bool(example.get(RATIONALE))


def _nbytes(measured: Faithfulness) -> int:
    return measured.deletion.nbytes + measured.insertion.nbytes + _LIMITS_BYTES
