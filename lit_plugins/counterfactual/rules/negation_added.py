"""Adds a negation: "is good" to "is not good", "works" to "does not work"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change, Replacement, in_case_of
from lit_plugins.counterfactual.rules.finite_verbs import (
    AFTER_THE_SUBJECT,
    BEFORE_THE_VERB,
    finite_verb,
)
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.counterfactual.rules.says import says_one_thing_plainly
from lit_plugins.lexicon.adjectives import ADJECTIVES
from lit_plugins.lexicon.degree import DOWNTONERS
from lit_plugins.lexicon.function_words import (
    DETERMINERS,
    DO,
    MODALS,
    PREPOSITIONS,
    SUBJECTS,
    is_adverb,
)
from lit_plugins.lexicon.verbs import READ, forms_of
from lit_plugins.lexicon.words import listed

NAME = "negation_added"

_NO_SUBJECTS = frozenset(listed("what how where why when as than here nor neither so not"))
_NOT_NEGATED = (
    DOWNTONERS
    | SUBJECTS - {"this", "that", "these", "those"}
    | frozenset(
        listed("only even already too almost there pretty sometimes once both some far all each")
    )
)
_EVERY = frozenset(listed("every everyone everybody everything all both"))
_BITS = frozenset(listed("bit little tad touch few lot"))
_LIKE_IMPERATIVES = frozenset(listed("buy try avoid skip watch read book visit order trust use"))
_COMMANDED = frozenset(listed("it this that these the them a an your any one"))


def find(text: str) -> list[Change]:
    """One change for each finite verb that can be negated and whose clause judges something."""
    reading = Reading(text)
    changes = []
    for index in range(len(reading)):
        if (
            reading.is_negated(index)
            or reading.is_question(index)
            or _is_followed_by_not(reading, index)
        ):
            continue
        replacement = _negated(reading, index)
        all_of_them = _EVERY.intersection(
            reading.keys[max(reading.clause(index).start, index - 12) : index]
        )
        if replacement and all_of_them:
            # "Everybody was not kind" has two meanings; "Not everybody was kind" has one.
            replacement = _not_every(reading, index)
        if replacement is not None:
            changes.append(Change((replacement,), NAME))
    return changes


def _is_followed_by_not(reading: Reading, index: int) -> bool:
    """Whether the next clause negates part of this one: I love the look but not the smell."""
    end = reading.clause(index).stop
    return reading.key(end) == "not" or (reading.is_negation(end + 1) and reading.key(end) == "but")


def _not_every(reading: Reading, index: int) -> Replacement | None:
    first = reading.clause(index).start
    if reading.key(first) not in _EVERY or reading.key(first) == "all":
        return None
    if first + 1 != index and reading.key(first) != "every":
        return None
    word = reading.words[first]
    return ((word.start, word.end), in_case_of(f"not {word.key}", word.text))


def _negated(reading: Reading, index: int) -> Replacement | None:
    key = reading.key(index)
    if reading.key(index - 2) in ("whether", "if") and key in MODALS:
        return None
    if reading.is_be(index) and _may_be_predicate(reading, index):
        return _after_auxiliary(reading, index)
    if key in MODALS or key.endswith("'ll"):
        return _modal(reading, index)
    if key in DO and "base" in READ.get(reading.key(index + 1), {}):
        return _inserted(reading, index)
    return _verb(reading, index) or _imperative(reading, index)


def _may_be_predicate(reading: Reading, index: int) -> bool:
    """Whether a form of "be" has its subject before it and a judging predicate after it."""
    key, before, after = reading.key(index), reading.key(index - 1), reading.key(index + 1)
    if not reading.judges(index + 1) or before in _NO_SUBJECTS:
        return False
    if key.endswith("'s"):
        # After a noun, "'s" is the genitive more often than a short "is".
        pronoun = key[:-2] or before
        if pronoun not in SUBJECTS | {"there", "here"}:
            return False
        if after in ("been", "got", "had"):
            return False
    if index == 0 or reading.is_mark(index - 1):
        return after in ("a", "an", "very", "really") or after in ADJECTIVES
    return True


def _after_auxiliary(reading: Reading, index: int) -> Replacement | None:
    last = reading.skip(index + 1, 1, lambda other: reading.key(other) in AFTER_THE_SUBJECT) - 1
    after = reading.key(last + 1)
    there = reading.key(index) == "there's" or reading.key(index - 1) == "there"
    if there:
        if last == index and after in ("a", "an") and reading.key(index + 2) not in _BITS:
            article = reading.words[index + 1]
            return ((article.start, article.end), in_case_of("no", article.text))
        return None
    if reading.is_mark(last + 1) or _is_not_negated(reading, last + 1):
        return None
    if is_adverb(after) and not reading.is_degree(last + 1) and after not in BEFORE_THE_VERB:
        return None
    if any(reading.key(other) in DOWNTONERS | {"pretty"} for other in (last + 2, last + 3)):
        return None
    return _inserted(reading, last)


def _is_not_negated(reading: Reading, index: int) -> bool:
    if reading.key(index) == "a" and reading.key(index + 1) in _BITS:
        return True
    if reading.key(index) in ("kind", "sort") and reading.key(index + 1) == "of":
        return True
    if reading.key(index) == "too":
        return False
    return reading.key(index) in _NOT_NEGATED or reading.key(index) in PREPOSITIONS - {
        "like",
        "of",
        "in",
        "for",
        "without",
    }


def _modal(reading: Reading, index: int) -> Replacement | None:
    key, word = reading.key(index), reading.words[index]
    last = reading.skip(index + 1, 1, lambda other: reading.key(other) in AFTER_THE_SUBJECT) - 1
    after = reading.key(last + 1)
    if after not in ("be", "have", "make", "give", "buy", "watch", "read", "return", "come") and (
        "base" not in READ.get(after, {})
    ):
        return None
    turned = key in MODALS and reading.is_mark(index - 1)
    if turned or not reading.judges(last + 1):
        return None
    if after == "have" and key != "will":
        return None
    if after == "be" and not (
        reading.is_degree(last + 2) or reading.key(last + 2) in ADJECTIVES | DETERMINERS
    ):
        return None
    if key.endswith("'ll"):
        if key[:-3] not in SUBJECTS or last > index:
            return None
        return ((word.end - 3, word.end), in_case_of(" will not", word.text[-2:]))
    if key == "can" and last == index:
        return ((word.start, word.end), in_case_of("cannot", word.text))
    return _inserted(reading, last)


def _inserted(reading: Reading, index: int) -> Replacement:
    word = reading.words[index]
    letters = "".join(char for char in word.text if char.isalpha())
    upper = letters.isupper() and (len(letters) > 1 or _shouts(reading, index))
    return ((word.end, word.end), " NOT" if upper else " not")


def _shouts(reading: Reading, index: int) -> bool:
    return index + 1 < len(reading) and reading.words[index + 1].text.isupper()


def _verb(reading: Reading, index: int) -> Replacement | None:
    verb = finite_verb(reading, index)
    if verb is None or not reading.judges(index):
        return None
    if any(
        _is_not_negated(reading, other) and reading.key(other) in DOWNTONERS | {"pretty", "a"}
        for other in (index + 1, index + 2)
    ):
        return None
    auxiliary = {"third": "does not", "past": "did not"}.get(verb.form, "do not")
    word = reading.words[index]
    before = reading.key(verb.first)
    if verb.first == index or reading.key(index - 1) in AFTER_THE_SUBJECT:
        # For example "Works" to "Does not work".
        return ((word.start, word.end), in_case_of(f"{auxiliary} {verb.base}", word.text))
    if index - verb.first > 1 or before not in BEFORE_THE_VERB:
        return None
    adverb = reading.words[verb.first]
    negated = in_case_of(f"{auxiliary} {adverb.key}", adverb.text)
    return ((adverb.start, word.end), f"{negated} {in_case_of(verb.base, word.text)}")


def _imperative(reading: Reading, index: int) -> Replacement | None:
    if reading.key(index) not in _LIKE_IMPERATIVES or reading.key(index + 1) not in _COMMANDED:
        return None
    if reading.sentence(index).start != index:
        return None
    word = reading.words[index]
    base = forms_of(word.key).base
    return ((word.start, word.end), in_case_of(f"do not {base}", word.text))


RULE = Rule(
    NAME,
    "Negation added",
    'Negates a verb: "is good" to "is not good", "works" to "does not work".',
    "opposite",
    find,
    says_one_thing_plainly,
)
