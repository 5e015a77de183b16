"""Names of classes that two sides spell differently, matched by what they mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain

from lit_plugins.data.class_numbers import NUMBER, number_in

_SYNONYMS = (
    {"negative", "neg", "bad", "unfavorable", "unfavourable"},
    {"neutral", "neu"},
    {"positive", "pos", "good", "favorable", "favourable"},
    {"false", "no"},
    {"true", "yes"},
    {"ham", "notspam"},
)
"""Names of the same class, in the form of `_words`; no name is in two groups."""

_SHORTEST_PREFIX = 3
_NOT = re.compile(r"^(?:non|not|no)[\s_-]+(?=\w)")
_BETWEEN_WORDS = re.compile(r"(?<=[^\W_])[\s_\-/.,]+(?=[^\W_])")


def match_by_case(found: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The names that equal the found ones, exactly or else regardless of case and outer space."""
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(_folded(name), name)
    matched = {word: word if word in names else folded.get(_folded(word)) for word in found}
    return {word: name for word, name in matched.items() if name is not None}


def match_by_meaning(found: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The names that mean the same as the found ones.

    Names mean the same if they differ only in spaces, hyphens and the like, or in a number that
    one of them has; or if they hold the same number; or if one is short for the other ("neg",
    "negative"); or if both are in one group of synonyms. Earlier rules win. A match is one to
    one: a rule passes over names that it could match in several ways.

    Returns:
        The name of each found word that has one. It is empty if both sides have names left, since
        a few alike names among others prove little.
    """
    left, free = list(dict.fromkeys(map(_folded, found))), list(names)
    matched: dict[str, str] = {}
    for alike in (_same_words, _same_number, _abbreviated, _synonymous):
        for word, name in _pairs(left, free, alike).items():
            matched[word] = name
            left.remove(word)
            free.remove(name)
    if left and free:
        return {}
    return {word: matched[_folded(word)] for word in found if _folded(word) in matched}


def _pairs(
    found: Sequence[str], names: Sequence[str], alike: Callable[[str, str], bool]
) -> dict[str, str]:
    """The pairs of a word and a name that are alike, and alike to nothing else."""
    candidates = {word: [name for name in names if alike(word, name)] for word in found}
    counts = Counter(chain.from_iterable(candidates.values()))
    return {
        word: options[0]
        for word, options in candidates.items()
        if len(options) == 1 and counts[options[0]] == 1
    }


def _folded(name: str) -> str:
    return name.strip().casefold()


def _words(name: str) -> str:
    """A name without case, numbers, and the characters that separate its words."""
    whole = _folded(name)
    words = NUMBER.sub("", whole)
    if words != whole:
        words = words.strip(" _-:.()")
    return _BETWEEN_WORDS.sub("", _NOT.sub("not", words))


def _same_words(one: str, other: str) -> bool:
    numbers = {tuple(NUMBER.findall(name)) for name in (one, other)} - {()}
    return bool(_words(one)) and _words(one) == _words(other) and len(numbers) < 2


def _same_number(one: str, other: str) -> bool:
    number = number_in(one)
    return number is not None and number == number_in(other)


def _abbreviated(one: str, other: str) -> bool:
    short, long = sorted((_words(one), _words(other)), key=len)
    same_numbers = NUMBER.findall(one) == NUMBER.findall(other)
    return same_numbers and len(short) >= _SHORTEST_PREFIX and long.startswith(short)


def _synonymous(one: str, other: str) -> bool:
    return any({_words(one), _words(other)} <= group for group in _SYNONYMS)
