"""Antonyms of words in all their forms: better and worse, loved and hated, joys and miseries."""

from __future__ import annotations

from typing import NamedTuple

from lit_plugins.lexicon import verbs
from lit_plugins.lexicon.adjectives import comparative, is_graded_by_ending, superlative
from lit_plugins.lexicon.antonyms import PAIRS, both_ways

ADJECTIVES = both_ways(PAIRS["adjective"])
ADVERBS = both_ways(PAIRS["adverb"])
VERBS = both_ways(PAIRS["verb"])
NOUNS = both_ways(PAIRS["noun"])

_ADVERBS_IN_ER = frozenset(("later", "longer", "shorter", "nearer"))


class Graded(NamedTuple):
    """The analysis of a graded adjective.

    Attributes:
        ending: "er" for a comparative, "est" for a superlative.
        base: the adjective in its base form.
    """

    ending: str
    base: str


def plural(noun: str) -> str:
    """The regular plural of a noun."""
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def _graded() -> dict[str, Graded]:
    forms: dict[str, Graded] = {}
    for adjective in ADJECTIVES:
        if is_graded_by_ending(adjective):
            forms.setdefault(comparative(adjective), Graded("er", adjective))
            forms.setdefault(superlative(adjective), Graded("est", adjective))
    return {form: graded for form, graded in forms.items() if form not in _ADVERBS_IN_ER}


GRADED = _graded()
"""Analyses of comparatives and superlatives of a single word, by that word."""

PLURALS = {plural(noun): plural(antonym) for noun, antonym in NOUNS.items()}


def graded(adjective: str, ending: str) -> str:
    """The comparative ("er") or superlative ("est") of an adjective."""
    return comparative(adjective) if ending == "er" else superlative(adjective)


def verb_in_form(base: str, form: verbs.Form) -> str:
    """A verb in the given form."""
    return str(getattr(verbs.forms_of(base), form))
