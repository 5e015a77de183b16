"""`check_rule`: the contract of lexical rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from lit_plugins.counterfactual.change import Change, apply
from lit_plugins.counterfactual.rules import Expectation, Rule
from lit_plugins.embedded import some_reviews
from lit_plugins.plugins import check_described
from lit_plugins.testing.claims import claim, claim_declared, claim_sentence
from lit_plugins.testing.texts import LONG_TEXT, ODD_TEXTS

_MANY = 1000


def check_rule(rule: Rule, texts: Sequence[str] | None = None, *, least: int = 1) -> None:
    """Checks a rule on texts.

    Args:
        rule: the rule; it need not be registered.
        texts: texts without stray white space, some of which the rule changes; None for the
            embedded reviews.
        least: least number of changes that the rule must find in `texts`.

    Raises:
        AssertionError: the rule violates the contract; one sentence says how.
    """
    claim_declared(check_described, rule)
    claim_sentence(rule.help, f"The help of {rule.name}")
    claim(
        rule.expects in get_args(Expectation),
        f"The rule {rule.name} expects {rule.expects!r}; choose from "
        f"{', '.join(get_args(Expectation))}.",
    )
    changes = 0
    for text in some_reviews(_MANY) if texts is None else texts:
        for change in _changes(rule, text):
            changes += 1
            new_text = _applied(rule, text, change)
            claim(
                new_text == new_text.strip() and ("  " in text or "  " not in new_text),
                f"The rule {rule.name} leaves stray white space: {new_text!r} of {text!r}.",
            )
    claim(
        changes >= least,
        f"The rule {rule.name} finds {changes} changes in these texts; give texts in which it "
        f"finds at least {least}.",
    )
    for text in (*ODD_TEXTS, LONG_TEXT):
        for change in _changes(rule, text):
            _applied(rule, text, change)


def _changes(rule: Rule, text: str) -> list[Change]:
    changes = list(rule.find(text))
    claim(
        changes == list(rule.find(text)),
        f"The rule {rule.name} finds other changes of {text[:60]!r} when it is called again.",
    )
    testable = rule.testable(text)
    claim(
        isinstance(testable, bool),
        f"`testable` of {rule.name} gives {testable!r} for {text[:60]!r}; give True or False.",
    )
    return changes


def _applied(rule: Rule, text: str, change: Change) -> str:
    """Makes a change, and checks that the new text differs from the old one only in the edits."""
    shown = text[:60]
    claim(
        change.rule == rule.name,
        f"A change of {shown!r} names the rule {change.rule!r}; give it {rule.name!r}.",
    )
    try:
        new_text, edits = apply(text, [change])
    except ValueError as error:
        raise AssertionError(
            f"A change of {shown!r} by {rule.name} cannot be made: {error}"
        ) from error
    claim(new_text != text and edits, f"A change of {shown!r} by {rule.name} changes nothing.")
    restored = new_text
    for edit in reversed(edits):
        start, end = edit.new
        restored = restored[:start] + edit.old_text + restored[end:]
    claim(
        restored == text,
        f"The edits of {shown!r} by {rule.name} do not lead back to the text.",
    )
    return new_text
