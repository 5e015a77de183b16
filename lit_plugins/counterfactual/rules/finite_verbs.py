"""Recognizes finite verbs by the words before and after them."""

from __future__ import annotations

from typing import NamedTuple

from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.adjectives import ADJECTIVES
from lit_plugins.lexicon.function_words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    SUBJECTS,
    is_adverb,
)
from lit_plugins.lexicon.verbs import FRAMES, READ, Form
from lit_plugins.lexicon.words import listed

PLURAL_SUBJECTS = frozenset(("i", "you", "we", "they"))
OBJECTS = frozenset(listed("me you him her it us them myself what how when everything"))
BEFORE_THE_VERB = frozenset(listed("really always actually truly fully"))
"""Adverbs that follow a negation: does not really work."""
AFTER_THE_SUBJECT = frozenset(
    listed("still also simply just clearly certainly definitely probably usually obviously")
)
"""Adverbs that precede a negation: still does not work."""


class Verb(NamedTuple):
    """A finite verb.

    Attributes:
        form: the verb's form.
        base: the verb's base form.
        first: index of the first adverb before the verb; of the verb itself if it has none.
    """

    form: Form
    base: str
    first: int


def finite_verb(reading: Reading, index: int) -> Verb | None:
    """The verb at an index, if it is a known one and its neighbours show that it is finite."""
    forms = READ.get(reading.key(index))
    if forms is None or reading.is_fixed(index) or len(reading.clause(index)) < 2:
        return None
    adverbs = BEFORE_THE_VERB | AFTER_THE_SUBJECT
    first = reading.skip(index - 1, -1, lambda other: reading.key(other) in adverbs) + 1
    number = _number_of_subject(reading, first)
    for form in ("past", "third", "base"):
        base = forms.get(form)
        if base is None or number not in _NUMBERS[form]:
            continue
        if "past" in forms and "base" in forms and number != ("third" if form == "past" else ""):
            return None
        goes_on = FRAMES.get(base)
        if goes_on and any(_GOES_ON[frame](reading, index + 1) for frame in goes_on):
            if (
                form == "base"
                and number == "nouns"
                and (base == "like" or not _has_object(reading, index + 1))
            ):
                return None
            return Verb(form, base, first)
    return None


_NUMBERS: dict[Form, tuple[str, ...]] = {
    "past": ("third", "plural", "noun", "nouns", "none"),
    "third": ("third", "noun", "nouns", "none"),
    "base": ("plural", "nouns"),
}


def _number_of_subject(reading: Reading, index: int) -> str:
    """The kind of the word that seems to be a verb's subject.

    Returns:
        "third" or "plural" for a pronoun, "noun" or "nouns" for a noun, "none" if the verb starts a
        clause, "" if the word before it is no subject.
    """
    before = reading.key(index - 1)
    if before in PLURAL_SUBJECTS:
        return "plural"
    if before in SUBJECTS or before == "there":
        return "third"
    if before in ("and", "but", "yet") or reading.is_mark(index - 1):
        starts = index == 0 or reading.starts_clause(index) or before in ("and", "but", "yet")
        return "none" if starts else ""
    if (
        not reading.is_plain(index - 1)
        or "'" in before
        or before in ADJECTIVES
        or is_adverb(before)
    ):
        return ""
    if before in READ and reading.key(index - 2) in AUXILIARIES | SUBJECTS:
        return ""
    return "nouns" if before.endswith("s") and not before.endswith("ss") else "noun"


def _has_object(reading: Reading, index: int) -> bool:
    key = reading.key(index)
    return key in DETERMINERS or key in OBJECTS or key in ("to", "everyone", "everybody")


def _has_none(reading: Reading, index: int) -> bool:
    key = reading.key(index)
    ends = reading.is_mark(index) or key in CONJUNCTIONS or key in PREPOSITIONS or is_adverb(key)
    return ends or key in DETERMINERS or key in ("fine", "great", "badly", "better", "best")


def _has_quality(reading: Reading, index: int) -> bool:
    quality = reading.skip(
        index, 1, lambda other: reading.is_degree(other) or is_adverb(reading.key(other))
    )
    return reading.key(quality) in ADJECTIVES


_GOES_ON = {"o": _has_object, "n": _has_none, "q": _has_quality}
