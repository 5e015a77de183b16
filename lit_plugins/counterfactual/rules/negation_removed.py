"""Removes a negation: "not good" to "good", "doesn't fit" to "fits", "nobody" to "everybody"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change
from lit_plugins.counterfactual.rules import auxiliary_freed, word_freed
from lit_plugins.counterfactual.rules.negated import negated_auxiliary
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.counterfactual.rules.says import says_one_thing

NAME = "negation_removed"


def find(text: str) -> list[Change]:
    """One change for each negation that can be removed so that English is left."""
    reading = Reading(text)
    changes = []
    for index in range(len(reading)):
        if reading.is_question(index):
            continue
        auxiliary = negated_auxiliary(reading, index)
        if auxiliary is not None:
            parts = auxiliary_freed.without_negation(reading, index, auxiliary)
        else:
            parts = word_freed.without_negation(reading, index)
        if parts:
            changes.append(Change(tuple(sorted(parts)), NAME))
    return changes


def testable(text: str) -> bool:
    """Whether one word of the text judges, and all negations are about it."""
    reading = Reading(text)
    negations = (index for index in range(len(reading)) if reading.is_negation(index))
    return says_one_thing(text) and all(reading.judges(index) for index in negations)


RULE = Rule(
    NAME,
    "Negation removed",
    'Removes a negation: "not good" to "good", "doesn\'t fit" to "fits", "nobody" to "everybody".',
    "opposite",
    find,
    testable,
)
