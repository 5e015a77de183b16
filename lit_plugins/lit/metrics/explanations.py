"""Which explanations to trust: faithfulness, plausibility and agreement, in LIT's metrics table."""

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
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.metrics.of_methods import CHOSEN, DEFAULTS, TEXTS_USED, MethodMetrics, titles
from lit_plugins.lit.metrics.on_demand import Asked, Measure, Row, predicted
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models.task import NO_LABEL
from lit_plugins.runtime.bounded_cache import BoundedCache
from lit_plugins.runtime.single_flight import Once

_TEXTS_AT_ONCE = 8
_LIMITS_BYTES = 100


class FaithfulnessMetrics(MethodMetrics):
    """Whether the words that each method puts first are those the model goes by."""

    measures = (
        Measure(
            "comprehensiveness",
            "How far the predicted class's probability falls when the first 1, 5, 10, 20 and 50 % "
            "of the words are masked, on average.",
            "highest",
        ),
        Measure(
            "sufficiency",
            "How far it falls when only these are kept.",
            "lowest",
        ),
        Measure(
            "normalised comprehensiveness",
            "How far it falls as one word after the other is masked (AOPC), from 0 for the worst "
            "order of words that there is to 1 for the best: comparable across models.",
            "highest",
        ),
        Measure(
            "normalised sufficiency",
            "The same with the last words first.",
            "lowest",
        ),
        Measure(
            "deletion",
            "The area under the probability's curve as words are masked, first ones first.",
            "lowest",
        ),
        Measure(
            "insertion",
            "The area under the probability's curve as words are put in, first ones first.",
            "highest",
        ),
        TEXTS_USED,
    )

    def __init__(self, explanations: Explanations, max_bytes: int):
        """Keeps what was measured, too, in at most so many bytes."""
        super().__init__(explanations)
        self._measured: Once[Faithfulness] = Once(max_bytes, _nbytes)
        # What takes longest is the same for all methods.
        self._limits: BoundedCache[Limits] = BoundedCache(max_bytes // 4)

    def description(self) -> str:
        """Shown in the page."""
        return "Faithfulness: whether the words that a method puts first matter to the model"

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line a method."""
        texts = [asked.texts[place] for place in self.sampled(asked)]
        for method in self.methods(asked):
            judged = [each for each in self._judged(asked.model, method, texts) if each.words]
            yield (
                titles()[method],
                {
                    "texts": len(judged),
                    "comprehensiveness": mean([each.comprehensiveness for each in judged]),
                    "sufficiency": mean([each.sufficiency for each in judged]),
                    "normalised comprehensiveness": mean(
                        [each.normalised_comprehensiveness for each in judged]
                    ),
                    "normalised sufficiency": mean(
                        [each.normalised_sufficiency for each in judged]
                    ),
                    "deletion": mean([each.deletion_area for each in judged]),
                    "insertion": mean([each.insertion_area for each in judged]),
                },
            )

    def _judged(
        self, model: LitTextClassifier, method: str, texts: Sequence[str]
    ) -> list[Faithfulness]:
        def compute(picked: Sequence[int]) -> Iterator[Faithfulness]:
            for start in range(0, len(picked), _TEXTS_AT_ONCE):
                some = [texts[index] for index in picked[start : start + _TEXTS_AT_ONCE]]
                targets = predicted(model, some).tolist()
                measured = measure(
                    model.classifier,
                    some,
                    {method: self._explanations.scores(model, method, some, targets)},
                    targets,
                    search=SEARCH,
                    limits=[self._limits.get((model, text)) for text in some],
                )
                for text, each in zip(some, measured.by_method[method], strict=True):
                    if each.limits is not None:
                        self._limits.put((model, text), each.limits, _LIMITS_BYTES + 4 * len(text))
                    yield each

        return self._measured.get([(model, method, text) for text in texts], compute)


class PlausibilityMetrics(MethodMetrics):
    """Whether each method puts first the words that people marked."""

    measures = (
        Measure("AUPRC", "The area under the precision-recall curve of its scores.", "highest"),
        Measure(
            "token F1",
            "The F1 of as many words with the largest scores as people marked.",
            "highest",
        ),
        TEXTS_USED,
    )

    def description(self) -> str:
        """Shown in the page."""
        return "Plausibility: whether a method puts first the words that people marked"

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the dataset has rationales, too."""
        return super().is_compatible(model, dataset) and RATIONALE in dataset.spec()

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line a method."""
        marked = [place for place, example in enumerate(asked.examples) if _fits(example)]
        if not marked:
            raise UserError(
                f"No text here has a {RATIONALE} that fits; give a number for each "
                'white-space-separated word, such as "0 1 0".'
            )
        fitting = replace(asked, examples=[asked.examples[place] for place in marked])
        places = self.sampled(fitting)
        examples = [fitting.examples[place] for place in places]
        texts = [fitting.texts[place] for place in places]
        encoded = asked.model.classifier.encode(texts)
        # People marked the words for the gold label.
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
            known = [each for each in judged if not np.isnan(each["auprc"])]
            yield (
                titles()[method],
                {
                    "texts": len(known),
                    "AUPRC": mean([each["auprc"] for each in known]),
                    "token F1": mean([each["token_f1"] for each in known]),
                },
            )


class AgreementMetrics(MethodMetrics):
    """Whether each two methods agree; where they do not, none should be trusted alone."""

    measures = (
        Measure("rank correlation", "Kendall's tau of the words' scores, on average.", "highest"),
        Measure(
            "top overlap",
            f"The share of the {TOP} words with the largest scores that both have in common.",
            "highest",
        ),
        TEXTS_USED,
    )

    def description(self) -> str:
        """Shown in the page."""
        return "Agreement: whether two methods give the same explanation"

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line for each two methods."""
        methods = self.methods(asked)
        if len(asked.config.get(CHOSEN) or DEFAULTS) < 2:
            raise UserError("Agreement needs two methods; choose at least two.")
        texts = [asked.texts[place] for place in self.sampled(asked)]
        encoded = asked.model.classifier.encode(texts)
        targets = predicted(asked.model, texts).tolist()
        scores = {
            method: [
                each[list(text.visible_words)]
                for text, each in zip(
                    encoded,
                    self._explanations.scores(asked.model, method, texts, targets),
                    strict=True,
                )
            ]
            for method in methods
        }
        for first, second in combinations(methods, 2):
            found = [
                agree(first, second, one, other)
                for one, other in zip(scores[first], scores[second], strict=True)
            ]
            yield (
                f"{titles()[first]} / {titles()[second]}",
                {
                    "texts": len(texts),
                    "rank correlation": mean([correlation for correlation, _ in found]),
                    "top overlap": mean([overlap for _, overlap in found]),
                },
            )


def _fits(example: Any) -> bool:
    try:
        read_rationale(example.get(RATIONALE), example.get(fields.TEXT) or "")
    except (TypeError, ValueError):
        return False
    return bool(example.get(RATIONALE))


def _nbytes(each: Faithfulness) -> int:
    return each.deletion.nbytes + each.insertion.nbytes + _LIMITS_BYTES
