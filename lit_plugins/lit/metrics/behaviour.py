"""Whether a model behaves: contrast pairs and lexical rules, in LIT's metrics table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model

from lit_plugins.counterfactual.rules import RULES
from lit_plugins.evaluate.behaviour import RULE_SAMPLE, TOLERANCE, edited, judge_edits
from lit_plugins.evaluate.contrast_pairs import judge_pairs
from lit_plugins.evaluate.inputs import probabilities_by_part
from lit_plugins.evaluate.sampling import MAX_SAMPLE, sample
from lit_plugins.evaluate.tables import mean
from lit_plugins.lit.metrics.on_demand import Asked, AskedMetrics, Measure, Row, chances, predicted
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import Integer
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.single_flight import Once

PAIR = "pair"
"""The dataset's field that names each text's contrast pair."""

_CHARACTERS_AT_ONCE = 20_000
_OUTCOME_BYTES = 64


class Outcome(NamedTuple):
    """What one rule's edits of one text did: how many there are, change the prediction, are of a
    text for which the rule's expectation must hold, and of these go against it."""

    edits: int
    flips: int
    tested: int
    wrong: int


class ContrastMetrics(AskedMetrics):
    """Pairs of texts that differ little and mean the opposite."""

    measures = (
        Measure(
            "both right",
            "The share of the pairs of which the model is right about both texts.",
            "highest",
        ),
        Measure("changed", "The share of the pairs of which it predicts different classes."),
        Measure("pairs", "How many pairs have a text among these."),
    )

    def description(self) -> str:
        """Shown in the page."""
        return "Contrast: whether the model is right about both texts of a pair"

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the dataset has pairs and labels, too."""
        return (
            super().is_compatible(model, dataset)
            and PAIR in dataset.spec()
            and fields.LABEL in dataset.spec()
        )

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line: a pair counts where one of its texts is among the examples."""
        model = asked.model
        # A text that was made from one of a pair has the pair's name, and is none of the two.
        own = asked.dataset.examples
        here = {example.get("_id") for example in asked.examples}
        texts = [example[fields.TEXT] for example in own]
        labels = [example.get(fields.LABEL) for example in own]
        found = judge_pairs(
            [example.get(PAIR) or "" for example in own],
            predicted(model, texts),
            model.classifier.task.gold_indices(labels),
        )
        picked = np.array(
            [any(own[place]["_id"] in here for place in pair) for pair in found.places], dtype=bool
        )
        yield (
            "contrast pairs",
            {
                "pairs": int(picked.sum()),
                "both right": mean(found.both_right[picked]),
                "changed": mean(found.changed[picked]),
            },
        )


class RuleMetrics(AskedMetrics):
    """What each lexical rule's edits do to predictions, one at a time."""

    measures = (
        Measure("flip rate", "The share of the rule's edits that change the prediction."),
        Measure(
            "direction errors",
            "Of the edits whose effect is certain, the share after which the model does not do as "
            "the rule expects, which stands beside its name.",
            "lowest",
        ),
        Measure("edits", "How many edits the flip rate is of."),
        Measure("tested", "How many edits the direction errors are of."),
        Measure("texts", "How many texts were tried."),
    )
    options = (
        Integer(
            "texts",
            RULE_SAMPLE,
            "The most texts of a line that are tried.",
            low=1,
            high=MAX_SAMPLE,
        ),
    )

    def __init__(self, max_bytes: int):
        """Keeps what was found, in at most so many bytes."""
        self._outcomes: Once[Outcome] = Once(max_bytes, lambda _: _OUTCOME_BYTES)

    def description(self) -> str:
        """Shown in the page."""
        return "Rules: what small edits of the language do to predictions"

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line a rule."""
        texts = [asked.texts[place] for place in sample(asked.texts, asked.options["texts"])]
        for name, rule in RULES.items():
            edits, flips, tested, wrong = np.sum(
                self._found(asked.model, name, texts), axis=0, initial=0
            ).tolist()
            yield (
                f"{rule.title} ({rule.expects})",
                {
                    "texts": len(texts),
                    "edits": edits,
                    "flip rate": flips / edits if edits else float("nan"),
                    "tested": tested,
                    "direction errors": wrong / tested if tested else float("nan"),
                },
            )

    def _found(self, model: LitTextClassifier, rule: str, texts: Sequence[str]) -> list[Outcome]:
        def compute(picked: Sequence[int]) -> Iterator[Outcome]:
            for some in _groups([texts[index] for index in picked]):
                yield from _outcomes(model, rule, some)

        return self._outcomes.get([(model, rule, text) for text in texts], compute)


def _groups(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts that are short together, or one alone: a long one has many edits, each as long."""
    group: list[str] = []
    for text in texts:
        if group and sum(map(len, group)) + len(text) > _CHARACTERS_AT_ONCE:
            yield group
            group = []
        group.append(text)
    if group:
        yield group


def _outcomes(model: LitTextClassifier, rule: str, texts: Sequence[str]) -> Iterator[Outcome]:
    cancellation.check()
    new = [edited(rule, text) for text in texts]
    origin = np.repeat(np.arange(len(texts)), [len(each) for each in new])
    flips, wrong = judge_edits(
        model.classifier.task,
        RULES[rule].expects,
        chances(model, texts)[origin],
        probabilities_by_part(model.classifier, [text for each in new for text in each]),
        TOLERANCE,
    )
    for at, text in enumerate(texts):
        here = origin == at
        count = int(here.sum())
        tested = RULES[rule].testable(text)
        yield Outcome(
            edits=count,
            flips=int(flips[here].sum()),
            tested=count if tested else 0,
            wrong=int(wrong[here].sum()) if tested else 0,
        )
