"""Human rationales: maps the words that people marked in a text to the words of an explanation."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from lit_plugins.text.encoded import Span, find_words

_BETWEEN = re.compile(r"[\s,;]+")
_SPACED = re.compile(r"\S+")


def read_rationale(cell: object, text: str, words: Sequence[Span] | None = None) -> np.ndarray:
    """Reads a rationale from a table cell, as one number for each word of an explanation.

    Punctuation that is attached to a white-space-separated word with letters or digits gets 0,
    because people marked that word for its letters.

    Args:
        cell: numbers such as "0 1 0" or "[0, 1, 0]", one for each white-space-separated word of
            the text, or one for each word of `find_words`.
        text: the text as written.
        words: character spans of the explanation's words; by default those of `find_words`.

    Returns:
        float64 [words]; each word gets the largest number among the words it shares characters
        with.

    Raises:
        ValueError: the cell holds something other than finite numbers, or their count fits neither
            division into words.
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
    marks = np.zeros(len(wanted))
    for index, (start, end) in enumerate(wanted):
        silent = not _says_something(text[start:end])
        shared = [
            0.0 if silent and _says_something(text[left:right]) else number
            for (left, right), number in zip(spans, numbers, strict=True)
            if left < end and start < right
        ]
        marks[index] = max(shared, default=0.0)
    return marks


def _numbers(cell: object) -> list[float]:
    parts = _BETWEEN.split(str(cell).strip().strip("[]()").strip())
    numbers = [float(part) for part in parts if part]
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"{cell!r:.60} holds a number that is not finite")
    return numbers


def _says_something(word: str) -> bool:
    return any(char.isalnum() for char in word)
