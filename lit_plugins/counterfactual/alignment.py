"""Alignment of two texts: which words are in both, and which were deleted, inserted or replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from lit_plugins.text.encoded import Span, find_words

Kind = Literal["equal", "replace", "delete", "insert"]
"""How the words changed, by difflib's names."""

_MOST_WORDS = 3000
"""Longest new text, in words, that is aligned without difflib's heuristic for frequent words.

With the heuristic, frequent words match only next to other matches. Without it, alignment of long
texts takes too long."""


@dataclass(frozen=True)
class Segment:
    """One word that is in both texts, or one place where they differ.

    Attributes:
        kind: how the words changed.
        old: the characters in the old text, from the first word to the last. For inserted words, an
            empty span at the place of the insertion.
        new: the same for the new text; an empty span for deleted words.
    """

    kind: Kind
    old: Span
    new: Span


def align(old: str, new: str) -> list[Segment]:
    """Aligns the words of two texts.

    Words are matched by Ratcliff and Obershelp's longest common blocks (Python's difflib),
    regardless of case. A matched word whose case differs is a replacement by itself. White space
    between words does not count.

    Args:
        old: the text before the change.
        new: the text after the change.

    Returns:
        Segments in order, which hold every word of both texts once.
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
    for old_span, new_span in pairs:
        same = old[slice(*old_span)] == new[slice(*new_span)]
        yield Segment("equal" if same else "replace", old_span, new_span)


def _over(words: list[Span], start: int, end: int) -> Span:
    """The characters of a run of words; for an empty run, the place after the word before it."""
    if start < end:
        return words[start][0], words[end - 1][1]
    place = words[start - 1][1] if start else 0
    return place, place
