"""Auxiliaries with a negation: isn't, isnt, is n't, is not, cannot."""

from __future__ import annotations

from typing import NamedTuple

from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.function_words import AUXILIARIES, PRONOUNS
from lit_plugins.lexicon.negations import CONTRACTED, CUT_SHORT, WITHOUT_APOSTROPHE


class NegatedAuxiliary(NamedTuple):
    """An auxiliary and its negation.

    Attributes:
        auxiliary: the auxiliary without its negation, such as "is", "will", or the "'s" of
            "'s not".
        last: index of the last word of auxiliary and negation.
        contracted: whether the two are contracted, as in "isn't".
    """

    auxiliary: str
    last: int
    contracted: bool


def negated_auxiliary(reading: Reading, index: int) -> NegatedAuxiliary | None:
    """The negated auxiliary that starts at an index, if there is one."""
    key, after = reading.key(index), reading.key(index + 1)
    if key in CONTRACTED:
        return NegatedAuxiliary(CONTRACTED[key], index, True)
    if key in WITHOUT_APOSTROPHE:
        return NegatedAuxiliary(WITHOUT_APOSTROPHE[key], index, True)
    if key == "cannot":
        return NegatedAuxiliary("can", index, False)
    if after == "n't" and (key in AUXILIARIES or key in CUT_SHORT):
        return NegatedAuxiliary(CUT_SHORT.get(key, key), index + 1, True)
    if after == "not" and (key in AUXILIARIES or reading.is_be(index)):
        return NegatedAuxiliary(key, index + 1, False)
    return None


def is_turned(reading: Reading, last: int) -> bool:
    """Whether the subject follows the auxiliary: isn't it, why don't they."""
    after = reading.key(last + 1)
    return after in PRONOUNS - {"this", "that", "these", "those", "what", "one", "me", "us", "them"}
