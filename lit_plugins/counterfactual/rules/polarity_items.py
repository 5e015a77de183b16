"""What a negation brings along: "any", "at all", "ever", and what becomes of them without it."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Replacement, in_case_of
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.antonym_forms import GRADED
from lit_plugins.lexicon.words import listed

_SOME = {
    "any": "some",
    "anything": "something",
    "anyone": "someone",
    "anybody": "somebody",
    "anywhere": "somewhere",
}
_COMPARED = frozenset(GRADED) | frozenset(listed("good better worse more longer less fewer other"))
"""What an "any" that is no "some" stands before: any better."""
_ONLY_NEGATED = frozenset(
    listed(
        "ever yet either anymore until single whatsoever nor let bother half slightest dare "
        "nearly remotely"
    )
)
_LEAST = frozenset(listed("drop thing word soul penny dime cent bit scrap shred ounce jot patch"))
"""After "a" the least of something: not a drop."""
_BEFORE_MUCH = frozenset(listed("so too very how as"))
_TAKING_UP = frozenset(listed("none zero nor neither either"))
# Words that the rest of a clause is read for, and what comes after it.
_FAR, _NEAR = 40, 12


def freed(reading: Reading, first: int) -> list[Replacement] | None:
    """What else changes, from a word to the end of its clause, once the negation before it goes.

    "any" becomes "some", and "at all" goes.

    Returns:
        The changes; None where a word is left over that has nothing to become, such as "ever", or
        where what comes later takes the negation up.
    """
    if first >= len(reading) or _is_taken_up(reading, reading.clause(first).stop):
        return None
    parts: list[Replacement] = []
    for index in range(first, min(reading.clause(first).stop, first + _FAR)):
        key, after = reading.key(index), reading.key(index + 1)
        if _is_only_negated(reading, index):
            return None
        if reading.is_negation(index):
            break
        if key in _SOME:
            if after in _COMPARED:
                return None
            word = reading.words[index]
            parts.append(((word.start, word.end), in_case_of(_SOME[key], word.text)))
        elif key == "at" and after == "all":
            parts.append((reading.span(index, index + 1), ""))
    return parts


def _is_only_negated(reading: Reading, index: int) -> bool:
    key, before, after = reading.key(index), reading.key(index - 1), reading.key(index + 1)
    if key == "a":
        return after in _LEAST
    if key == "much":
        return before not in _BEFORE_MUCH
    return key in _ONLY_NEGATED or (key == "so" and after == "much")


def _is_taken_up(reading: Reading, end: int) -> bool:
    """Whether what comes later says the negation again, or what there is in place of it."""
    later = reading.keys[end : end + _NEAR]
    instead = {"rather", "instead", "also"}.intersection(later[:3])
    return bool(instead) or not _TAKING_UP.isdisjoint(later) or "not even" in " ".join(later)
