"""Behaviour: whether a model's predictions move as a lexical rule's edit says they should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.counterfactual.change import apply
from lit_plugins.counterfactual.rules import RULES, Expectation
from lit_plugins.data import TextTable
from lit_plugins.evaluate.inputs import (
    Classifiers,
    Table,
    models,
    probabilities,
    probabilities_by_part,
    slices,
    table_of,
)
from lit_plugins.evaluate.sampling import sampled
from lit_plugins.evaluate.tables import Parts, frame, mean, slice_cell
from lit_plugins.models.task import Task
from lit_plugins.plugins import record_named
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

RULE_SAMPLE = 200
"""Default number of texts in each slice to apply rules to; each edit costs one model run."""

TOLERANCE = 0.01
"""Default for the largest change of a probability that counts as no change."""


def judge_edits(
    task: Task,
    expects: Expectation,
    before: np.ndarray,
    after: np.ndarray,
    tolerance: float = TOLERANCE,
) -> tuple[np.ndarray, np.ndarray]:
    """Judges whether edits change predictions, and whether the rule expects that.

    Args:
        task: the classes.
        expects: "invariance": the prediction stays; "opposite": it changes; "stronger": the
            predicted class's probability does not fall; "weaker": it does not rise.
        before, after: float [edits, classes], probabilities of the text without and with the edit.
        tolerance: how far the probability may move in the wrong direction.

    Returns:
        bool [edits], whether the prediction changes; and bool [edits], whether the prediction or
        its probability violates the rule's expectation.
    """
    before, after = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    predicted = task.predicted(before)
    flips = task.predicted(after) != predicted
    edits = np.arange(len(predicted))
    rise = after[edits, predicted] - before[edits, predicted]
    wrong = {
        "invariance": flips,
        "opposite": ~flips,
        "stronger": rise < -tolerance,
        "weaker": rise > tolerance,
    }
    return flips, wrong[expects]


def behaviour(
    classifiers: Classifiers,
    table: Table,
    rules: Sequence[str] | None = None,
    *,
    by: str | None = None,
    tolerance: float = TOLERANCE,
    sample: int | None = RULE_SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how lexical rules change predictions, and how often against expectation.

    Args:
        classifiers: one model, or several by name.
        table: texts; no gold labels are needed.
        rules: keys of `RULES`; None for all.
        by: what to slice by, see `slices`.
        tolerance: see `judge_edits`.
        sample: the most texts of a slice to try; None for all.
        seed: the seed that draws the sample.
        progress: called with (edits done, edits in all).

    Returns:
        A row for each model, rule and slice. `expects` is the rule's expectation. `n` counts the
        texts that the rule applies to and `of` the texts that were tried. `edits` counts the
        edits, each applied alone. `flip_rate` is the share of edits that change the prediction.
        `tested` counts the edits of texts for which the rule's expectation must hold, and
        `direction_errors` is the share of these edits that violate it, see `judge_edits`.

    Raises:
        UserError: a rule or slice does not exist, or a number is out of range.
    """
    for rule in rules or ():
        record_named(RULES, rule, "rule")
    chosen = list(RULES) if rules is None else list(rules)
    table = table_of(table)
    groups = slices(table, by)
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    edited = {rule: _edits(rule, table, places) for rule in chosen}
    edits = sum(len(new) for by_place in edited.values() for new in by_place.values())
    parts = Parts(progress, edits * len(models(classifiers)))
    rows = []
    for name, classifier in models(classifiers).items():
        whole = probabilities(classifier, [table.texts[place] for place in places])
        for rule in chosen:
            new = [text for texts in edited[rule].values() for text in texts]
            origin = np.array(
                [place for place, texts in edited[rule].items() for _ in texts], dtype=np.int64
            )
            before = whole[np.searchsorted(places, origin)]
            after = probabilities_by_part(classifier, new, parts.next(len(new)))
            testable = np.isin(
                origin, [place for place in places if RULES[rule].testable(table.texts[place])]
            )
            flips, wrong = judge_edits(
                classifier.task, RULES[rule].expects, before, after, tolerance
            )
            for value, tried in drawn.items():
                here = np.isin(origin, tried)
                rows.append(
                    {
                        "model": name,
                        "rule": rule,
                        "expects": RULES[rule].expects,
                        **slice_cell(by, value),
                        "n": len(np.unique(origin[here])),
                        "of": len(tried),
                        "edits": int(here.sum()),
                        "flip_rate": mean(flips[here]),
                        "tested": int((here & testable).sum()),
                        "direction_errors": mean(wrong[here & testable]),
                    }
                )
    return frame(rows)


def _edits(rule: str, table: TextTable, places: Sequence[int]) -> Mapping[int, list[str]]:
    """A rule's edited texts, keyed by the original text's index in the table."""
    return {place: edited(rule, table.texts[place]) for place in places}


def edited(rule: str, text: str) -> list[str]:
    """The distinct texts that a rule produces from a text, each by a single edit."""
    new = dict.fromkeys(apply(text, [change])[0] for change in RULES[rule].find(text))
    new.pop(text, None)
    return list(new)
