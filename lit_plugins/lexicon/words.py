"""A text's words, normalised for look-up in word lists: lower case, straight apostrophes."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from lit_plugins.text.encoded import find_words

SENTENCE_MARKS = frozenset(".!?…。！？")
CLAUSE_MARKS = frozenset(',;:()[]-–—"“”/')


class Word(NamedTuple):
    """A word of a text.

    Attributes:
        start, end: the word's span in the text, in characters.
        text: the word as written.
        key: the word's form for look-up: lower case, with straight apostrophes.
    """

    start: int
    end: int
    text: str
    key: str

    @property
    def is_mark(self) -> bool:
        """Whether the word has neither a letter nor a digit."""
        return not any(char.isalnum() for char in self.text)


@lru_cache(maxsize=64)  # several phenomena look at the same text in turn
def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text, in order."""
    return tuple(
        Word(start, end, text[start:end], key_of(text[start:end]))
        for start, end in find_words(text)
    )


def key_of(word: str) -> str:
    """The form of a word for look-up in word lists."""
    return word.lower().replace("’", "'")


def listed(words: str) -> tuple[str, ...]:
    """Splits a list that is written as one string; an underscore stands for a space."""
    return tuple(word.replace("_", " ") for word in words.split())
