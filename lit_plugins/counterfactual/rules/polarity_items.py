"""Words that depend on a negation, such as "any", "at all" and "ever", and changes to free them."""

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
"""Words after an "any" that cannot become "some": any better."""
_ONLY_NEGATED = frozenset(
    listed(
        "ever yet either anymore until single whatsoever nor let bother half slightest dare "
        "nearly remotely"
    )
)
_LEAST = frozenset(listed("drop thing word soul penny dime cent bit scrap shred ounce jot patch"))
"""Words that mean a least amount after "a": not a drop."""
_BEFORE_MUCH = frozenset(listed("so too very how as"))
_TAKING_UP = frozenset(listed("none zero nor neither either"))
_FAR = 40
"""How many words of the rest of the clause are read."""
_NEAR = 12
"""How many words after the clause are read."""


def freed(reading: Reading, first: int) -> list[Replacement] | None:
    """Adapts the rest of a clause to the removal of a negation before it.

    "any" becomes "some", and "at all" is deleted.

    Args:
        reading: the text.
        first: index of the first word after the negation.

    Returns:
        The replacements. None if the rest has a word that needs the negation and cannot be
        replaced, such as "ever", or if the text after the clause refers to the negation.
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
    """Whether the text after a clause repeats its negation or names an alternative."""
    later = reading.keys[end : end + _NEAR]
    instead = {"rather", "instead", "also"}.intersection(later[:3])
    return bool(instead) or not _TAKING_UP.isdisjoint(later) or "not even" in " ".join(later)
