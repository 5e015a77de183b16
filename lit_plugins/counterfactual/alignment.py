"""Where two texts differ: which words stand in both, and which went, came or were replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from lit_plugins.text.encoded import Span, find_words

Kind = Literal["equal", "replace", "delete", "insert"]
"""What became of the words, by difflib's names."""

_MOST_WORDS = 3000
"""In longer texts, words that stand everywhere match only beside others: else it takes too long."""


@dataclass(frozen=True)
class Segment:
    """One word that stands in both texts, or one place where they differ.

    Attributes:
        kind: what became of it.
        old: its characters in the old text, from its first word to its last; empty for words that
            came, where they would stand.
        new: the same in the new text.
    """

    kind: Kind
    old: Span
    new: Span


def align(old: str, new: str) -> list[Segment]:
    """The words of two texts side by side, in order.

    Words are matched by Ratcliff and Obershelp's longest common blocks (Python's difflib), case
    aside: a word that got or lost its capital is a replacement of its own. White space between
    words does not count.

    Args:
        old: the text as it was.
        new: the text as it is.

    Returns:
        Segments that hold every word of both texts once.
    """
    olds, news = find_words(old), find_words(new)
    keys = _keys(old, olds), _keys(new, news)
    matcher = SequenceMatcher(None, *keys, autojunk=len(news) > _MOST_WORDS)
    segments: list[Segment] = []
    for kind, *ranges in matcher.get_opcodes():
        start, end, new_start, new_end = ranges
        if kind == "equal":
            pairs = zip(olds[start:end], news[new_start:new_end], strict=True)
            segments += _matched(old, new, pairs)
        else:
            segments.append(Segment(kind, _over(olds, start, end), _over(news, new_start, new_end)))
    return segments


def _keys(text: str, words: list[Span]) -> list[str]:
    return [text[start:end].casefold() for start, end in words]


def _matched(old: str, new: str, pairs: Iterator[tuple[Span, Span]]) -> Iterator[Segment]:
    for one, other in pairs:
        same = old[slice(*one)] == new[slice(*other)]
        yield Segment("equal" if same else "replace", one, other)


def _over(words: list[Span], start: int, end: int) -> Span:
    """The characters of some words; of none, the place after the word before."""
    if start < end:
        return words[start][0], words[end - 1][1]
    place = words[start - 1][1] if start else 0
    return place, place
