"""Lexical rules: negations, intensifiers, antonyms and clauses, changed one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lit_plugins.counterfactual.change import Change
from lit_plugins.counterfactual.method import Case, CounterfactualMethod
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.models.predictor import Predictor
from lit_plugins.options import Boolean, Choice
from lit_plugins.plugins import Names

ALL = "all"

OPTIONS = (
    Choice("rule", ALL, "The rule that makes the edits.", choices=Names(ALL, of=RULES)),
    Boolean(
        "flips_only",
        True,
        "Whether to return only edits that flip the prediction; otherwise every single edit, too.",
    ),
)


def lexical(
    classifier: Predictor, cases: Sequence[Case], *, rule: str, flips_only: bool
) -> list[list[Change]]:
    """Proposes the changes that the rules find in each text.

    Args:
        classifier: the model.
        cases: texts, and the predictions to reach.
        rule, flips_only: see the options.
    """
    chosen = RULES.values() if rule == ALL else [RULES[rule]]
    return [
        [change for known in chosen for change in known.find(case.encoded.text)] for case in cases
    ]


def keeps_all(*, flips_only: bool, **_: Any) -> bool:
    """Whether the result has edits that do not flip the prediction, too."""
    return not flips_only


METHOD = CounterfactualMethod(
    "lexical",
    "Rules",
    "Adds and removes negations, strengthens and weakens qualities, puts in antonyms, and swaps "
    'the two sides of a "but"; each edit names its rule.',
    OPTIONS,
    lexical,
    black_box=True,
    keeps_all=keeps_all,
)
