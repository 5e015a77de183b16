"""Human rationales: which words of a text people marked, put onto the words of an explanation."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from lit_plugins.text.encoded import Span, find_words

_BETWEEN = re.compile(r"[\s,;]+")
_SPACED = re.compile(r"\S+")


def read_rationale(cell: object, text: str, words: Sequence[Span] | None = None) -> np.ndarray:
    """A rationale as a column of a table has it, for the words of an explanation.

    A mark, such as a full stop, of a white-space word with letters or digits has 0: people marked
    the word for its letters.

    Args:
        cell: numbers such as "0 1 0" or "[0, 1, 0]", one a white-space-separated word of the
            text, or one a word of `find_words`.
        text: the text as written.
        words: character spans of the words to have scores; by default those of `find_words`.

    Returns:
        float64 [words], to each word the largest number of what it shares characters with.

    Raises:
        ValueError: there is something else than numbers, or not as many as words.
    """
    numbers = _numbers(cell)
    ours = find_words(text)
    wanted = ours if words is None else words
    spans: Sequence[Span] = [match.span() for match in _SPACED.finditer(text)]
    if len(numbers) != len(spans):
        if len(numbers) != len(ours):
            raise ValueError(
                f"{len(numbers)} numbers for {len(spans)} white-space words, or {len(ours)} words"
            )
        spans = ours
    found = np.zeros(len(wanted))
    for index, (start, end) in enumerate(wanted):
        silent = not _says_something(text[start:end])
        shared = [
            0.0 if silent and _says_something(text[left:right]) else number
            for (left, right), number in zip(spans, numbers, strict=True)
            if left < end and start < right
        ]
        found[index] = max(shared, default=0.0)
    return found


def _numbers(cell: object) -> list[float]:
    parts = _BETWEEN.split(str(cell).strip().strip("[]()").strip())
    numbers = [float(part) for part in parts if part]
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"a number of {cell!r:.60} is none")
    return numbers


def _says_something(word: str) -> bool:
    return any(char.isalnum() for char in word)
