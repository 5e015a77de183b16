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

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        negation_added.RULE,
        negation_removed.RULE,
        antonym.RULE,
        intensifiers.RULE_UP,
        intensifiers.RULE_DOWN,
        contrast.RULE,
        contraction.RULE,
        closing_mark.RULE,
    )
}
"""What is done, what a sound model makes of it, and how to find where."""

__all__ = ["RULES", "Expectation", "Rule"]
