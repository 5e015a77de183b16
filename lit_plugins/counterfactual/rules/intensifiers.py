"""Strengthens or weakens a quality: "good" to "very good", "very good" to "somewhat good"."""

from __future__ import annotations

from collections.abc import Callable

from lit_plugins.counterfactual.change import Change, Replacement, capitalized, in_case_of
from lit_plugins.counterfactual.rules.article_agreement import put
from lit_plugins.counterfactual.rules.finite_verbs import finite_verb
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.counterfactual.rules.says import says_it_all_one_way
from lit_plugins.lexicon import verbs
from lit_plugins.lexicon.adjectives import ADJECTIVES, EXTREME, NEGATIVE, POSITIVE, UNGRADED
from lit_plugins.lexicon.degree import AMPLIFIERS, DOWNTONERS, STRONGER, WEAKER
from lit_plugins.lexicon.function_words import ADVERBS, is_adverb
from lit_plugins.lexicon.words import listed

UP, DOWN = "intensifier_up", "intensifier_down"

# After these words, a quality has a degree already, or cannot have one.
_NOT_AFTER = (
    AMPLIFIERS
    | DOWNTONERS
    | frozenset(
        listed(
            "as how so too more most less least not pretty quite even any half twice once little "
            "bit kind sort or much such only just plain"
        )
    )
)
_GOOD_OR_BAD = POSITIVE | NEGATIVE


def intensified(text: str) -> list[Change]:
    """One change for each adjective, word of degree or verb that can be strengthened."""
    return _changes(text, UP, _more)


def toned_down(text: str) -> list[Change]:
    """One change for each adjective or word of degree that can be weakened."""
    return _changes(text, DOWN, _less)


def _changes(
    text: str, name: str, make: Callable[[Reading, int], Replacement | None]
) -> list[Change]:
    reading = Reading(text)
    made = (
        make(reading, index)
        for index in range(len(reading))
        if not reading.is_negated(index) and not reading.is_question(index)
    )
    return [Change((replacement,), name) for replacement in made if replacement is not None]


def _more(reading: Reading, index: int) -> Replacement | None:
    if reading.key(index) in STRONGER and not reading.is_adjective(index):
        return _exchanged(reading, index, index, STRONGER[reading.key(index)])
    pair = f"{reading.key(index)} {reading.key(index + 1)}"
    if pair in ("a bit", "a little", "kind of", "sort of"):
        far = reading.key(index + 2) == "too"
        return _exchanged(reading, index, index + 1, "far" if far else "very", 1 if far else 0)
    if _may_be_graded(reading, index):
        return _put_before(
            reading, index, "absolutely" if reading.key(index) in EXTREME else "very"
        )
    return _really(reading, index)


def _less(reading: Reading, index: int) -> Replacement | None:
    if reading.key(index) in WEAKER:
        return _exchanged(reading, index, index, WEAKER[reading.key(index)])
    if reading.key(index) == "too" and reading.is_adjective(index + 1):
        free = reading.key(index - 1) not in _NOT_AFTER | {"a"}
        return _put_before(reading, index, "a bit") if free else None
    if _may_be_graded(reading, index) and reading.key(index) not in EXTREME:
        return _put_before(reading, index, "fairly")
    return None


def _exchanged(
    reading: Reading, first: int, last: int, word: str, skip: int = 0
) -> Replacement | None:
    """Replaces a word of degree before a quality by another."""
    quality = last + 1 + skip
    key, before = reading.key(quality), reading.key(first - 1)
    if key not in ADJECTIVES and not (is_adverb(key) and key.endswith("ly") and key not in ADVERBS):
        return None
    if before in AMPLIFIERS | DOWNTONERS | {"so", "not", "too", "pretty", "quite", "would", "only"}:
        return None
    if reading.key(first) in ("so", "really", "super") and not _ends(reading, quality + 1):
        return None
    if reading.key(first) == "so" and not reading.is_predicative(quality):
        return None
    if word == "very" and key in EXTREME:
        word = "absolutely"
    if reading.key(first) in (before, reading.key(first - 2)):
        # A repeated word, as in "really, really funny", can be weakened only as a whole.
        return None
    written = in_case_of(word, reading.words[first].text)
    return put(reading, first, last, written)


def _ends(reading: Reading, index: int) -> bool:
    ends = reading.is_mark(index) or reading.key(index) in (
        "and",
        "but",
        "for",
        "about",
        "with",
        "by",
    )
    return ends or reading.is_plain(index)


def _may_be_graded(reading: Reading, index: int) -> bool:
    """Whether a word can take a "very" or an "absolutely" before it."""
    key, before, after = reading.key(index), reading.key(index - 1), reading.key(index + 1)
    if key not in _GOOD_OR_BAD or key in UNGRADED or not reading.is_adjective(index):
        return False
    if (
        before in _NOT_AFTER
        or after in ("enough", "as", "of", "at")
        or after[:1].isdigit()
        or is_adverb(before)
    ):
        return False
    starts = reading.sentence(index).start == index
    if reading.is_attributive(index):
        return starts or before in ("a", "an") or (before == "some" and key not in EXTREME)
    return reading.is_predicative(index) or (starts and reading.is_mark(index + 1))


def _put_before(reading: Reading, index: int, word: str) -> Replacement:
    """Puts a word before another.

    It replaces both as one place, so that no other rule inserts a word there.
    """
    written = reading.words[index]
    quality = written.text
    if quality.isupper() and len(quality) > 1:
        word = word.upper()
    elif quality[:1].isupper():
        word, quality = capitalized(word), quality[:1].lower() + quality[1:]
    return put(reading, index, index, f"{word} {quality}")


def _really(reading: Reading, index: int) -> Replacement | None:
    """Puts "really" before a verb: I liked it: I really liked it."""
    verb = finite_verb(reading, index)
    if verb is None or verb.first != index or verb.base not in verbs.POSITIVE | verbs.NEGATIVE:
        return None
    if reading.is_mark(index - 1) or reading.key(index - 1) in ("and", "but", "yet", "how"):
        return None
    if verb.base in ("lose", "win", "forget", "remember", "save", "break", "crash", "help"):
        return None
    return _put_before(reading, index, "really")


RULE_UP = Rule(
    UP,
    "Intensifier up",
    'Strengthens a quality: "good" to "very good", "slightly" to "extremely", "liked" to "really '
    'liked".',
    "stronger",
    intensified,
    says_it_all_one_way,
)
RULE_DOWN = Rule(
    DOWN,
    "Intensifier down",
    'Weakens a quality: "very good" to "somewhat good", "good" to "fairly good".',
    "weaker",
    toned_down,
    says_it_all_one_way,
)
