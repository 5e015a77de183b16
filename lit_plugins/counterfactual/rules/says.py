"""Recognizes texts with a single statement, for which the effect of a change is known."""

from __future__ import annotations

from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.function_words import AUXILIARIES, DETERMINERS, SUBJECTS
from lit_plugins.lexicon.phenomena import has_contrast, has_negation, has_question
from lit_plugins.lexicon.polarity import DESCRIPTIVE, polarity


def says_one_thing(text: str) -> bool:
    """Whether a text is one statement with exactly one word that judges, beyond doubt."""
    reading = Reading(text)
    judging = [key for key in reading.keys if polarity(key)]
    if len(judging) != 1 or judging[0] in DESCRIPTIVE:
        return False
    return _is_one_clause(reading) and not has_contrast(text) and not has_question(text)


def says_one_thing_plainly(text: str) -> bool:
    """Whether a text says one thing (`says_one_thing`) and has no negation."""
    return says_one_thing(text) and not has_negation(text)


def says_it_all_one_way(text: str) -> bool:
    """Whether all known words that judge agree, with no negation, contrast or question."""
    ways = {polarity(key) for key in Reading(text).keys} - {0}
    plain = not (has_negation(text) or has_contrast(text) or has_question(text))
    return len(ways) == 1 and plain


def _is_one_clause(reading: Reading) -> bool:
    clauses = {reading.clause(index) for index in range(len(reading)) if not reading.is_mark(index)}
    another = any(
        reading.key(index) == "and"
        and reading.key(index + 1) in DETERMINERS | SUBJECTS | AUXILIARIES
        for index in range(len(reading))
    )
    return len(clauses) == 1 and not another
