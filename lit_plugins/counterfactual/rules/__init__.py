"""The registry of lexical rules. Each family of rules has its own file."""

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
"""All rules by name."""

__all__ = ["RULES", "Expectation", "Rule"]
