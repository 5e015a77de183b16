"""Replaces a word by its antonym in the same form: "good" to "bad", "better" to "worse"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change, Replacement, in_case_of
from lit_plugins.counterfactual.rules.article_agreement import put
from lit_plugins.counterfactual.rules.finite_verbs import OBJECTS, finite_verb
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.counterfactual.rules.says import says_one_thing_plainly
from lit_plugins.lexicon import antonym_forms as forms
from lit_plugins.lexicon.adjectives import ADJECTIVES, is_graded_by_ending
from lit_plugins.lexicon.function_words import (
    CONJUNCTIONS,
    DETERMINERS,
    HAVE,
    MODALS,
    PREPOSITIONS,
    is_adverb,
)
from lit_plugins.lexicon.negations import CONTRACTED, WITHOUT_APOSTROPHE
from lit_plugins.lexicon.verbs import FRAMES, READ
from lit_plugins.lexicon.words import listed

NAME = "antonym"

_BEFORE_A_BASE = (
    MODALS
    | frozenset(CONTRACTED)
    | frozenset(WITHOUT_APOSTROPHE)
    | frozenset(listed("to not n't never i you we they do does did cannot"))
)
_SENTENCE_ADVERBS = frozenset(listed("honestly"))
_VERBS_TOO = frozenset(
    listed("hit treat delight comfort hope dream curse praise benefit pain benefit pleasure")
)
_AFTER_WELL = frozenset(listed("made written acted done known worth over into under above within"))


def find(text: str) -> list[Change]:
    """One change for each word that has an antonym and is used in the sense of the lists."""
    reading = Reading(text)
    changes = []
    for index in range(len(reading)):
        replacement = _exchanged(reading, index)
        if replacement is not None:
            changes.append(Change((replacement,), NAME))
    return changes


def _exchanged(reading: Reading, index: int) -> Replacement | None:
    if reading.is_fixed(index):
        return None
    key = reading.key(index)
    if key in forms.GRADED:
        graded = forms.GRADED[key]
        return _put(
            reading, index, index, forms.graded(forms.ADJECTIVES[graded.base], graded.ending)
        )
    if key in forms.ADJECTIVES and reading.is_adjective(index):
        return _adjective(reading, index, forms.ADJECTIVES[key])
    antonym = _adverb(reading, index) or _verb(reading, index) or _noun(reading, index)
    return _put(reading, index, index, antonym) if antonym else None


def _put(reading: Reading, first: int, last: int, word: str) -> Replacement:
    return put(reading, first, last, in_case_of(word, reading.words[first].text))


def _adjective(reading: Reading, index: int, antonym: str) -> Replacement | None:
    before = reading.key(index - 1)
    if before in ("more", "most") and is_graded_by_ending(antonym):
        graded = forms.graded(antonym, "er" if before == "more" else "est")
        return _put(reading, index - 1, index, graded)
    return _put(reading, index, index, antonym)


def _adverb(reading: Reading, index: int) -> str | None:
    key, after = reading.key(index), reading.key(index + 1)
    if key not in forms.ADVERBS or key in _SENTENCE_ADVERBS:
        return None
    if after in ADJECTIVES or is_adverb(after):
        return None
    if key == "well" and (
        after in _AFTER_WELL or after.endswith("ed") or reading.is_mark(index - 1)
    ):
        return None
    if key == "fast" and not reading.is_mark(index + 1):
        return None
    return forms.ADVERBS[key]


def _verb(reading: Reading, index: int) -> str | None:
    known = {
        form: base for form, base in READ.get(reading.key(index), {}).items() if base in forms.VERBS
    }
    if not known:
        return None
    verb = finite_verb(reading, index)
    if verb is not None:
        return forms.verb_in_form(forms.VERBS[verb.base], verb.form) if verb.form in known else None
    before = reading.skip(
        index - 1,
        -1,
        lambda other: is_adverb(reading.key(other)) and reading.key(other) not in ("not", "never"),
    )
    goes_on = _has_object(reading, index + 1)
    starts = reading.starts_clause(index) and reading.is_mark(index - 1) and goes_on
    led = reading.key(before) in _BEFORE_A_BASE or reading.key(before).endswith(("'ll", "'d"))
    if "base" in known and (led or starts):
        base = known["base"]
        wanted = "o" not in FRAMES.get(base, "o") or goes_on or reading.is_mark(index + 1)
        return forms.VERBS[base] if wanted and base != "like" or goes_on else None
    if "participle" in known and (reading.key(before) in HAVE or reading.key(before)[-3:] == "'ve"):
        return forms.verb_in_form(forms.VERBS[known["participle"]], "participle")
    if "ing" in known and goes_on:
        return forms.verb_in_form(forms.VERBS[known["ing"]], "ing")
    return None


def _has_object(reading: Reading, index: int) -> bool:
    key = reading.key(index)
    return key in DETERMINERS or key in OBJECTS or key in ("everyone", "everybody", "anyone")


def _noun(reading: Reading, index: int) -> str | None:
    key = reading.key(index)
    antonym = forms.NOUNS.get(key) or forms.PLURALS.get(key)
    after = reading.key(index + 1)
    ends = reading.is_mark(index + 1) or after in CONJUNCTIONS or after in PREPOSITIONS
    if antonym is None or not (ends or reading.is_be(index + 1) or after in ("to", "here")):
        return None
    before = reading.skip(
        index - 1,
        -1,
        lambda other: reading.key(other) in ADJECTIVES or is_adverb(reading.key(other)),
    )
    determined = reading.key(before) in DETERMINERS
    if key in ("hell", "heaven") and (
        reading.key(index - 1) in ("the", "as", "like") or after == "of"
    ):
        return None
    if key in _VERBS_TOO and not determined:
        return None
    led = reading.key(before) in PREPOSITIONS or reading.is_be(before)
    return antonym if determined or led or before < index - 1 else None


RULE = Rule(
    NAME,
    "Antonym",
    'Replaces a word by one of the opposite meaning: "good" to "bad", "better" to "worse", "loved" '
    'to "hated".',
    "opposite",
    find,
    says_one_thing_plainly,
)
