"""Lexical rules, by name; one short file has one family."""

from __future__ import annotations

from lit_plugins.counterfactual.rules import (
    antonym,
    closing_mark,
    contraction,
    contrast,
    intensifiers,
    negation_added,
    negation_removed,
)
from lit_plugins.counterfactual.rules.rule import Expectation, Rule
from lit_plugins.plugins import Registry, check_described

RULES: Registry[Rule] = Registry(
    "lit_plugins.rules",
    "rule",
    Rule,
    lambda: (
        negation_added.RULE,
        negation_removed.RULE,
        antonym.RULE,
        intensifiers.RULE_UP,
        intensifiers.RULE_DOWN,
        contrast.RULE,
        contraction.RULE,
        closing_mark.RULE,
    ),
    check=check_described,
)
"""What is done, what a sound model makes of it, and how to find where."""

__all__ = ["RULES", "Expectation", "Rule"]
