"""The whole words and marks of a tokenizer's vocabulary, by the place where they can stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import regex

from lit_plugins.text.encoded import Span
from lit_plugins.text.tokenizing import decode_all, encode_all

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Letters with inner apostrophes; a consonant of Latin script alone is a piece, not a word.
_WORD = regex.compile(r"(?![b-df-hj-np-tv-xz]\Z)\p{L}\p{M}*(?:['’]?\p{L}\p{M}*)*", regex.IGNORECASE)
_MARKS = regex.compile(r"\p{P}+")


@dataclass(frozen=True)
class Spelling:
    """A kind of words.

    Attributes:
        pattern: matches the words of the kind, and nothing else.
        surroundings: the text before and after a word when it is tried, by the kind of place.
            Byte-level tokenizers have one token for a word after a space and another for the same
            word without one.
    """

    pattern: regex.Pattern[str]
    surroundings: Mapping[str, tuple[str, str]]


WORDS = Spelling(_WORD, {"spaced": ("a ", " a"), "first": ("", " a"), "glued": ("(", " a")})
"""Words of letters."""

MARKS = Spelling(_MARKS, {"spaced": ("a ", " a"), "first": ("", " a"), "glued": ("a", " a")})
"""Punctuation marks."""

OPENING = ("Ps", "Pi")
"""Unicode categories of opening marks, which a word follows without a space."""


@dataclass(frozen=True)
class Words:
    """Words that are one token each.

    Attributes:
        texts: the words as they are written.
        ids: int64 [words], their tokens.
        by_folded: the indices of words that differ only in case, by their caseless form.
    """

    texts: list[str]
    ids: np.ndarray
    by_folded: dict[str, list[int]]


class WholeWords:
    """Finds the words that are one token each at a place of a text; safe for many threads."""

    def __init__(self, tokenizer: Tokenizer, size: int, spelling: Spelling = WORDS):
        """Takes a tokenizer.

        Args:
            tokenizer: a backend that nobody changes.
            size: tokens with this id or a greater one are left out.
            spelling: the kind of words to find.
        """
        self._tokenizer = tokenizer
        self._size = size
        self._spelling = spelling
        self._lock = Lock()
        self._by_place: dict[str, Words] = {}

    def at(self, text: str, span: Span) -> Words:
        """The words that could replace a span. At an empty span they get spaces around them."""
        start, end = span
        if not start:
            return self._of("first")
        before = text[start - 1]
        spaced = before.isspace() or (start == end and needs_space_after(before))
        return self._of("spaced" if spaced else "glued")

    def _of(self, place: str) -> Words:
        with self._lock:
            if place not in self._by_place:
                self._by_place[place] = self._find(*self._spelling.surroundings[place])
            return self._by_place[place]

    def _find(self, before: str, after: str) -> Words:
        texts = [f"{before}{word}{after}" for _, word in self._spelled]
        encodings = encode_all(self._tokenizer, texts, add_special_tokens=False)
        # Where there are more tokens, one of them stands for the space before the word.
        shortest = min((len(encoding.ids) for encoding in encodings), default=0)
        words, ids = [], []
        for (token_id, word), encoding in zip(self._spelled, encodings, strict=True):
            if len(encoding.ids) > shortest:
                continue
            first = encoding.char_to_token(len(before))
            last = encoding.char_to_token(len(before) + len(word) - 1)
            if first is not None and first == last and encoding.ids[first] == token_id:
                words.append(word)
                ids.append(token_id)
        by_folded: dict[str, list[int]] = {}
        for index, word in enumerate(words):
            by_folded.setdefault(word.casefold(), []).append(index)
        return Words(words, np.array(ids, dtype=np.int64), by_folded)

    @cached_property
    def _spelled(self) -> list[tuple[int, str]]:
        """Tokens that write a word of the kind: their ids and the words they spell."""
        pattern = self._spelling.pattern
        vocabulary = self._tokenizer.get_vocab(with_added_tokens=False)
        ids = sorted(token_id for token_id in vocabulary.values() if token_id < self._size)
        decoded = decode_all(self._tokenizer, [[token_id] for token_id in ids])
        words = ((token_id, text.strip()) for token_id, text in zip(ids, decoded, strict=True))
        return [(token_id, word) for token_id, word in words if pattern.fullmatch(word)]


def needs_space_after(character: str) -> bool:
    """Whether a space stands between the character and a word that follows it."""
    return not character.isspace() and unicodedata.category(character) not in OPENING
