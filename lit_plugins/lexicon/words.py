"""A text's words as the lists of this folder have them: small letters, straight apostrophes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lit_plugins.text.encoded import find_words

SENTENCE_MARKS = frozenset(".!?…。！？")
CLAUSE_MARKS = frozenset(',;:()[]-–—"“”/')


class Word(NamedTuple):
    """One word of a text.

    Attributes:
        start, end: its characters.
        text: as it is written.
        key: as it is looked up: in small letters, with straight apostrophes.
    """

    start: int
    end: int
    text: str
    key: str

    @property
    def is_mark(self) -> bool:
        """Whether it has neither letter nor digit."""
        return not any(char.isalnum() for char in self.text)


@lru_cache(maxsize=64)  # a text is asked about one phenomenon after the other
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, in order."""
    return tuple(
        Word(start, end, text[start:end], key_of(text[start:end]))
        for start, end in find_words(text)
    )


def key_of(word: str) -> str:
    """A word as it is looked up."""
    return word.lower().replace("’", "'")


def listed(words: str) -> tuple[str, ...]:
    """The words of a list that is written as one text; an underscore stands for a space."""
    return tuple(word.replace("_", " ") for word in words.split())
