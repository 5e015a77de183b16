"""Behaviour: whether a model's predictions move as a lexical rule's edit says they should."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.counterfactual.change import apply
from lit_plugins.counterfactual.rules import RULES, Expectation
from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from lit_plugins.evaluate.inputs import (
    Classifiers,
    models,
    probabilities,
    probabilities_by_part,
    slices,
)
from lit_plugins.evaluate.sampling import sampled
from lit_plugins.evaluate.tables import Parts, frame, mean, slice_cell
from lit_plugins.models.task import Task
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

RULE_SAMPLE = 200
"""Texts of each slice that rules are tried on, unless told otherwise; each edit costs one run."""

TOLERANCE = 0.01
"""A smaller change of a probability is none, unless told otherwise."""


def judge_edits(
    task: Task,
    expects: Expectation,
    before: np.ndarray,
    after: np.ndarray,
    tolerance: float = TOLERANCE,
) -> tuple[np.ndarray, np.ndarray]:
    """What edits do to predictions, and whether that is what their rule expects.

    Args:
        task: the classes.
        expects: "invariance": the prediction stays; "opposite": it changes; "stronger": the
            predicted class's probability does not fall; "weaker": it does not rise.
        before, after: float [edits, classes], probabilities of the text without and with the edit.
        tolerance: how far the probability may move in the wrong direction.

    Returns:
        bool [edits], whether the prediction changes, and bool [edits], whether that or the
        direction of the probability is wrong.
    """
    before, after = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    predicted = task.predicted(before)
    flips = task.predicted(after) != predicted
    at = np.arange(len(predicted))
    rise = after[at, predicted] - before[at, predicted]
    wrong = {
        "invariance": flips,
        "opposite": ~flips,
        "stronger": rise < -tolerance,
        "weaker": rise > tolerance,
    }
    return flips, wrong[expects]


def behaviour(
    classifiers: Classifiers,
    table: TextTable,
    rules: Sequence[str] | None = None,
    *,
    by: str | None = None,
    tolerance: float = TOLERANCE,
    sample: int | None = RULE_SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of what lexical rules do to predictions, and how often that is not as expected.

    Args:
        classifiers: one model, or several by name.
        table: texts; no gold labels are needed.
        rules: keys of `RULES`; None for all.
        by: what to slice by, see `slices`.
        tolerance: see `judge_edits`.
        sample: the most texts of a slice to try; None for all.
        seed: which texts those are.
        progress: called with (edits done, edits in all).

    Returns:
        A row a model, rule and slice: what the rule `expects`; `n`, the texts that it applies to;
        `of`, the texts that were tried; `edits`, one at a time; `flip_rate`, the share of edits
        that change the prediction; `tested`, the edits of texts for which the rule's expectation
        must hold; `direction_errors`, the share of these after which the model does not do as
        expected, see `judge_edits`.

    Raises:
        UserError: a rule, a slice or a number is not there or wrong.
    """
    for rule in rules or ():
        if rule not in RULES:
            raise UserError(f"The rule {rule!r} is not known; choose from {', '.join(RULES)}.")
    chosen = list(RULES) if rules is None else list(rules)
    groups = slices(table, by)
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    edited = {rule: _edits(rule, table, places) for rule in chosen}
    edits = sum(len(each) for some in edited.values() for each in some.values())
    parts = Parts(progress, edits * len(models(classifiers)))
    rows = []
    for name, classifier in models(classifiers).items():
        whole = probabilities(classifier, [table.texts[place] for place in places])
        for rule in chosen:
            new = [text for some in edited[rule].values() for text in some]
            origin = np.array(
                [place for place, some in edited[rule].items() for _ in some], dtype=np.int64
            )
            before = whole[np.searchsorted(places, origin)]
            after = probabilities_by_part(classifier, new, parts.next(len(new)))
            testable = np.isin(
                origin, [at for at in places if RULES[rule].testable(table.texts[at])]
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
    """The new texts by the place of the text that they come from."""
    return {place: edited(rule, table.texts[place]) for place in places}


def edited(rule: str, text: str) -> list[str]:
    """The new texts that a rule makes of a text by one edit each, every one once."""
    new = dict.fromkeys(apply(text, [change])[0] for change in RULES[rule].find(text))
    new.pop(text, None)
    return list(new)
