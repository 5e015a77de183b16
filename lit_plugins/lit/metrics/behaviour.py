"""Tests a model's behaviour with contrast pairs and lexical rules, in LIT's metrics table."""

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
    """Counts of what one rule's edits of one text did.

    Attributes:
        edits: how many edits there are.
        flips: how many of them change the prediction.
        tested: how many are of a text for which the rule's expectation must hold.
        wrong: how many of the tested ones go against the expectation.
    """

    edits: int
    flips: int
    tested: int
    wrong: int


class ContrastMetrics(AskedMetrics):
    """Judges a model on pairs of texts that differ little and mean the opposite."""

    measures = (
        Measure(
            "both right",
            "The share of pairs where the model is right about both texts.",
            "highest",
        ),
        Measure("changed", "The share of pairs where the model predicts two different classes."),
        Measure("pairs", "The number of pairs with at least one text in this line."),
    )

    def description(self) -> str:
        """The text that the page shows."""
        return "Contrast: whether the model is right about both texts of a pair"

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the model is of this package, and the dataset has pairs and labels."""
        return (
            super().is_compatible(model, dataset)
            and PAIR in dataset.spec()
            and fields.LABEL in dataset.spec()
        )

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line over all pairs that have at least one text among the examples."""
        model = asked.model
        # A generated text copies the name of its parent's pair but is not one of the two texts,
        # so pairs are made from the dataset alone.
        examples = asked.dataset.examples
        asked_ids = {example.get("_id") for example in asked.examples}
        texts = [example[fields.TEXT] for example in examples]
        labels = [example.get(fields.LABEL) for example in examples]
        judged = judge_pairs(
            [example.get(PAIR) or "" for example in examples],
            predicted(model, texts),
            model.classifier.task.gold_indices(labels),
        )
        picked = np.array(
            [any(examples[place]["_id"] in asked_ids for place in pair) for pair in judged.places],
            dtype=bool,
        )
        judged_ids = {examples[place]["_id"] for place in judged.places[picked].flat}
        yield Row(
            "contrast pairs",
            len(judged_ids & asked_ids),
            {
                "pairs": int(picked.sum()),
                "both right": mean(judged.both_right[picked]),
                "changed": mean(judged.changed[picked]),
            },
        )


class RuleMetrics(AskedMetrics):
    """Measures how the edits of each lexical rule, applied one at a time, change predictions."""

    measures = (
        Measure("flip rate", "The share of the rule's edits that change the prediction."),
        Measure(
            "direction errors",
            "Among the edits whose effect is certain, the share after which the model does not do "
            "what the rule expects; the expectation stands beside the rule's name.",
            "lowest",
        ),
        Measure("edits", "The number of edits behind the flip rate."),
        Measure("tested", "The number of edits behind the direction errors."),
    )
    options = (
        Integer(
            "texts",
            RULE_SAMPLE,
            "The most texts to try for each line.",
            low=1,
            high=MAX_SAMPLE,
        ),
    )

    def __init__(self, max_bytes: int):
        """Prepares an empty cache of outcomes, of at most `max_bytes` bytes."""
        self._outcomes: Once[Outcome] = Once(max_bytes, lambda _: _OUTCOME_BYTES)

    def description(self) -> str:
        """The text that the page shows."""
        return "Rules: what small edits of the language do to predictions"

    def rows(self, asked: Asked) -> Iterator[Row]:
        """One line for each rule."""
        texts = [asked.texts[place] for place in sample(asked.texts, asked.options["texts"])]
        for name, rule in RULES.items():
            edits, flips, tested, wrong = np.sum(
                self._outcomes_of(asked.model, name, texts), axis=0, initial=0
            ).tolist()
            yield Row(
                f"{rule.title} ({rule.expects})",
                len(texts),
                {
                    "edits": edits,
                    "flip rate": flips / edits if edits else float("nan"),
                    "tested": tested,
                    "direction errors": wrong / tested if tested else float("nan"),
                },
            )

    def _outcomes_of(
        self, model: LitTextClassifier, rule: str, texts: Sequence[str]
    ) -> list[Outcome]:
        def compute(picked: Sequence[int]) -> Iterator[Outcome]:
            for group in _groups([texts[index] for index in picked]):
                yield from _outcomes(model, rule, group)

        return self._outcomes.get([(model, rule, text) for text in texts], compute)


def _groups(texts: Sequence[str]) -> Iterator[list[str]]:
    """Groups texts so that each group is short together; a long text forms a group alone.

    A long text has many edits, and each edited text is as long, so a group's work grows quickly.
    """
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
    origin = np.repeat(np.arange(len(texts)), [len(new_texts) for new_texts in new])
    flips, wrong = judge_edits(
        model.classifier.task,
        RULES[rule].expects,
        chances(model, texts)[origin],
        probabilities_by_part(model.classifier, [text for new_texts in new for text in new_texts]),
        TOLERANCE,
    )
    for index, text in enumerate(texts):
        of_text = origin == index
        count = int(of_text.sum())
        tested = RULES[rule].testable(text)
        yield Outcome(
            edits=count,
            flips=int(flips[of_text].sum()),
            tested=count if tested else 0,
            wrong=int(wrong[of_text].sum()) if tested else 0,
        )
