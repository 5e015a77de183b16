"""Alignment of two texts: which words are in both, and which were deleted, inserted or replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Literal, cast

from rapidfuzz.distance import Levenshtein

from lit_plugins.text.encoded import Span, find_words

Kind = Literal["equal", "replace", "delete", "insert"]
"""How the words changed, by difflib's names."""

_LONGEST = 2_000
"""Most words of a text that is aligned by longest common blocks."""

_MOST_PAIRS = 100_000
"""Most pairs of equal words for alignment by longest common blocks, which looks at each of them
once for every block that it finds."""

_MOST_COMPARED = 10_000_000_000
"""Most pairs of words, equal or not, for alignment by fewest edits. It compares 64 at a time."""


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

    Words are matched regardless of case. A matched word whose case differs is a replacement by
    itself. White space between words does not count.

    Texts of up to about 2,000 words are matched by Ratcliff and Obershelp's longest common blocks
    (Python's difflib), which read well. For longer texts, and for those of few different words,
    this would take minutes; they are matched by the fewest insertions, deletions and replacements
    (Levenshtein's distance, by rapidfuzz). Of texts that differ over more than about 100,000 words,
    only the common start and end are matched, and all between them is one replacement.

    Args:
        old: the text before the change.
        new: the text after the change.

    Returns:
        Segments in order, which hold every word of both texts once.
    """
    olds, news = find_words(old), find_words(new)
    segments: list[Segment] = []
    for kind, start, end, new_start, new_end in _opcodes(_keys(old, olds), _keys(new, news)):
        if kind == "equal":
            pairs = zip(olds[start:end], news[new_start:new_end], strict=True)
            segments += _matched(old, new, pairs)
        else:
            segments.append(Segment(kind, _over(olds, start, end), _over(news, new_start, new_end)))
    return segments


def _keys(text: str, words: list[Span]) -> list[str]:
    return [text[start:end].casefold() for start, end in words]


def _opcodes(olds: list[str], news: list[str]) -> Iterable[tuple[Kind, int, int, int, int]]:
    """Kinds of change, each with a run of old words and the run of new words in its place."""
    counts = Counter(news)
    pairs = sum(counts[key] for key in olds)
    if max(len(olds), len(news)) <= _LONGEST and pairs <= _MOST_PAIRS:
        return SequenceMatcher(None, olds, news, autojunk=False).get_opcodes()
    head = _common(olds, news)
    tail = _common(olds[head:][::-1], news[head:][::-1])
    end, new_end = len(olds) - tail, len(news) - tail
    if (end - head) * (new_end - head) <= _MOST_COMPARED:
        return [
            (cast(Kind, code.tag), code.src_start, code.src_end, code.dest_start, code.dest_end)
            for code in Levenshtein.opcodes(olds, news)
        ]
    return (
        ("equal", 0, head, 0, head),
        ("replace", head, end, head, new_end),
        ("equal", end, len(olds), new_end, len(news)),
    )


def _common(olds: Sequence[str], news: Sequence[str]) -> int:
    """The number of equal words at the start."""
    both = zip(olds, news, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))


def _matched(old: str, new: str, pairs: Iterable[tuple[Span, Span]]) -> Iterator[Segment]:
    for old_span, new_span in pairs:
        same = old[slice(*old_span)] == new[slice(*new_span)]
        yield Segment("equal" if same else "replace", old_span, new_span)


def _over(words: list[Span], start: int, end: int) -> Span:
    """The characters of a run of words; for an empty run, the place after the word before it."""
    if start < end:
        return words[start][0], words[end - 1][1]
    place = words[start - 1][1] if start else 0
    return place, place
