"""The whole words of a tokenizer's vocabulary, for each kind of place."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np
import regex
from tokenizers import Tokenizer

from lit_plugins.text.encoded import Span

# Letters with inner apostrophes; a consonant of Latin script alone is a piece, not a word.
_WORD = regex.compile(r"(?![b-df-hj-np-tv-xz]\Z)\p{L}\p{M}*(?:['’]?\p{L}\p{M}*)*", regex.IGNORECASE)
# What stands on either side of a word while the tokenizer is asked whether it is one token: the
# byte-level kinds write a word with a token of its own after a space and another without one.
_SURROUNDINGS = {"spaced": ("a ", " a"), "first": ("", " a"), "glued": ("(", " a")}


OPENING = ("Ps", "Pi")
"""The Unicode categories of marks that a word follows without a space."""


@dataclass(frozen=True)
class Words:
    """Words that are one token each.

    Attributes:
        texts: the words as they are written.
        ids: int64 [words], their tokens.
        by_folded: the indices of the words that are the same but for case, by their caseless form.
    """

    texts: list[str]
    ids: np.ndarray
    by_folded: dict[str, list[int]]


class WholeWords:
    """Finds the words that are one token where they stand, from any number of threads."""

    def __init__(self, tokenizer: Tokenizer, size: int):
        """Takes a tokenizer.

        Args:
            tokenizer: one that nobody changes.
            size: tokens with this id or a greater one are left out.
        """
        self._tokenizer = tokenizer
        self._size = size
        self._lock = Lock()
        self._found: dict[str, Words] = {}

    def at(self, text: str, span: Span) -> Words:
        """The words that could stand in place of a span, or with spaces around an empty one."""
        start, end = span
        if not start:
            return self._of("first")
        before = text[start - 1]
        spaced = before.isspace() or (start == end and needs_space_after(before))
        return self._of("spaced" if spaced else "glued")

    def _of(self, place: str) -> Words:
        with self._lock:
            if place not in self._found:
                self._found[place] = self._find(*_SURROUNDINGS[place])
            return self._found[place]

    def _find(self, before: str, after: str) -> Words:
        encodings = self._tokenizer.encode_batch(
            [f"{before}{word}{after}" for _, word in self._spelled], add_special_tokens=False
        )
        # More than that, and a token of its own stands for the space before the word.
        shortest = min((len(encoding.ids) for encoding in encodings), default=0)
        texts, ids = [], []
        for (token_id, word), encoding in zip(self._spelled, encodings, strict=True):
            if len(encoding.ids) > shortest:
                continue
            first = encoding.char_to_token(len(before))
            last = encoding.char_to_token(len(before) + len(word) - 1)
            if first is not None and first == last and encoding.ids[first] == token_id:
                texts.append(word)
                ids.append(token_id)
        by_folded: dict[str, list[int]] = {}
        for index, word in enumerate(texts):
            by_folded.setdefault(word.casefold(), []).append(index)
        return Words(texts, np.array(ids, dtype=np.int64), by_folded)

    @cached_property
    def _spelled(self) -> list[tuple[int, str]]:
        """The tokens that are written with letters only, and how."""
        vocabulary = self._tokenizer.get_vocab(with_added_tokens=False)
        ids = sorted(token_id for token_id in vocabulary.values() if token_id < self._size)
        decoded = self._tokenizer.decode_batch([[token_id] for token_id in ids])
        words = ((token_id, text.strip()) for token_id, text in zip(ids, decoded, strict=True))
        return [(token_id, word) for token_id, word in words if _WORD.fullmatch(word)]


def needs_space_after(character: str) -> bool:
    """Whether a word that follows the character stands after a space."""
    return not character.isspace() and unicodedata.category(character) not in OPENING
