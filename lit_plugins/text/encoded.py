"""Words and tokens of one text: which token belongs to which word, and what was cut.

A *word* is a span of the text as the user wrote it: letters and digits with their inner
apostrophes and hyphens, one CJK character, one cluster of a Thai, Lao, Khmer or Burmese consonant
with its vowels and marks, one emoji, or a run of one punctuation mark. Words that share a token
count as one word, since no explanation method can tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import regex

from lit_plugins.graphemes import GRAPHEME

Span = tuple[int, int]

_ONE_BY_ONE = r"[\p{Han}\p{Hiragana}\p{Katakana}]"
_COMPLEX = r"\p{Line_Break=Complex_Context}"
"""Thai, Lao, Khmer, Burmese and their relatives, whose words only a dictionary could part."""

_BEFORE = r"\p{Logical_Order_Exception}"  # Thai and Lao vowels that are written before a consonant
_MARK = rf"(?:\p{{M}}|(?!{_BEFORE})\p{{InSC=Vowel_Dependent}})"
_LETTERS = rf"(?:(?!{_ONE_BY_ONE}|{_COMPLEX})[\p{{L}}\p{{M}}\p{{N}}_\u200c\u200d\xad])+"
_WORD = regex.compile(
    rf"""
      {_ONE_BY_ONE}\p{{M}}*                                # scripts without spaces: one by one,
    | {_BEFORE}*{_COMPLEX}{_MARK}*                        # or a consonant with its vowels and
      (?:(?<=\p{{InSC=Invisible_Stacker}})\p{{L}}{_MARK}*)* # the consonants below it
    | [\d\#*]\ufe0f?\u20e3                               # a keycap
    | \d+(?:[.,:/]\d+)+                                  # 3.5, 1,000, 10:30
    | ['’](?:s|re|ve|ll|d|m|t)\b                         # a contraction that stands alone
    | {_LETTERS}(?:['’\-]{_LETTERS})*
    | (\p{{P}})\1*\p{{M}}*                                # a mark, repeated; ‼️
    | (?![\s\x1c-\x1f])(?:\p{{GCB=Prepend}}|{GRAPHEME})   # anything else: one grapheme
    """,
    regex.VERBOSE | regex.IGNORECASE,
)


class Row(NamedTuple):
    """One input of a model: token ids and their segment ids, special tokens included."""

    input_ids: tuple[int, ...]
    type_ids: tuple[int, ...]

    def without_end(self, token_id: int | None) -> Row:
        """The row without trailing tokens of that id. The first token always stays."""
        kept = len(self.input_ids)
        while kept > 1 and self.input_ids[kept - 1] == token_id:
            kept -= 1
        if kept == len(self.input_ids):
            return self
        return Row(self.input_ids[:kept], self.type_ids[:kept])


@dataclass(frozen=True)
class EncodedText:
    """One text as a model reads it.

    Attributes:
        text: the text as written.
        words: character spans of all words, in order, including those that were cut.
        row: token ids and segment ids as the model gets them, special tokens included.
        tokens: the tokenizer's own name of each token.
        token_spans: the character span of each token; None for special tokens.
        token_words: the index in `words` of each token's word, or None if it has none.
        cut: indices of the words that `max_length` cut off, in whole or in part.
    """

    text: str
    words: tuple[Span, ...]
    row: Row
    tokens: tuple[str, ...]
    token_spans: tuple[Span | None, ...]
    token_words: tuple[int | None, ...]
    cut: tuple[int, ...]

    @property
    def truncated(self) -> bool:
        """Whether `max_length` kept the model from seeing the end of the text."""
        return bool(self.cut)

    @property
    def word_texts(self) -> tuple[str, ...]:
        """The words as written."""
        return tuple(self.text[start:end] for start, end in self.words)

    @cached_property
    def visible_words(self) -> tuple[int, ...]:
        """Indices of the words that the model sees, which have at least one token."""
        return tuple(sorted({word for word in self.token_words if word is not None}))

    @cached_property
    def _word_of_token(self) -> np.ndarray:
        return np.array([-1 if word is None else word for word in self.token_words], dtype=np.int64)

    def without_end(self, token_id: int | None) -> EncodedText:
        """The text without trailing tokens of that id. The first token always stays."""
        row = self.row.without_end(token_id)
        if row is self.row:
            return self
        kept = len(row.input_ids)
        return replace(
            self,
            row=row,
            tokens=self.tokens[:kept],
            token_spans=self.token_spans[:kept],
            token_words=self.token_words[:kept],
        )

    def in_pieces(self) -> EncodedText:
        """The text with each token of a word as a word of its own.

        Special tokens and white space belong to no word. Words that were cut stay whole.
        """
        tokens = len(self.tokens)
        parts = [
            (trim(self.text, self.token_spans[token] or (0, 0)), token)
            for token, word in enumerate(self.token_words)
            if word is not None
        ]
        parts += [(self.words[index], tokens) for index in self.cut]  # cut words have no token
        parts.sort(key=lambda part: part[0][0])
        word_of_token = {token: word for word, (_, token) in enumerate(parts)}
        return replace(
            self,
            words=tuple(span for span, _ in parts),
            token_words=tuple(word_of_token.get(token) for token in range(tokens)),
            cut=tuple(word for word, (_, token) in enumerate(parts) if token == tokens),
        )

    @property
    def seen(self) -> Span:
        """The characters that the model sees: all of them, unless `max_length` cut some off."""
        spans = [span for span in self.token_spans if span is not None]
        if not (self.cut and spans):
            return 0, len(self.text)
        return min(start for start, _ in spans), max(end for _, end in spans)

    def tokens_of(self, words: np.ndarray) -> np.ndarray:
        """Marks the tokens of some words, and all tokens that belong to no word.

        Args:
            words: bool [..., words], in the order of `words`.

        Returns:
            bool [..., tokens].
        """
        # Index -1 stands for no word.
        none = np.ones((*words.shape[:-1], 1), dtype=bool)
        return np.concatenate([words, none], axis=-1)[..., self._word_of_token]

    def masked(self, keep: np.ndarray, mask_id: int) -> Row:
        """The row with a mask for each token of the words that are not kept.

        Args:
            keep: bool [words], in the order of `words`.
            mask_id: the token that stands for a missing one.
        """
        return self.masked_tokens(self.tokens_of(keep), mask_id)

    def masked_tokens(self, keep: np.ndarray, mask_id: int) -> Row:
        """The row with a mask for each token that is not kept.

        Args:
            keep: bool [tokens].
            mask_id: the token that stands for a missing one.
        """
        ids = np.where(keep, self.row.input_ids, mask_id)
        return Row(tuple(ids.tolist()), self.row.type_ids)

    def masked_runs(self, keep: np.ndarray, mask_id: int) -> Row:
        """The row with one mask for each run of a word's tokens that are not kept.

        So a word without any kept token has one mask. Tokens of no word, such as white space, are
        left out where they are not kept.

        Args:
            keep: bool [tokens].
            mask_id: the token that stands for a run.
        """
        of_words = np.flatnonzero(self._word_of_token >= 0)
        owner, missing = self._word_of_token[of_words], ~keep[of_words]
        goes_on = missing[1:] & missing[:-1] & (owner[1:] == owner[:-1])
        shown = keep | (self._word_of_token >= 0)
        shown[of_words[1:][goes_on]] = False
        return self._part(np.where(keep, self.row.input_ids, mask_id), shown)

    def without_tokens(self, keep: np.ndarray) -> Row:
        """The row of the kept tokens alone; it may be empty.

        Args:
            keep: bool [tokens].
        """
        return self._part(np.array(self.row.input_ids), keep)

    def _part(self, ids: np.ndarray, shown: np.ndarray) -> Row:
        type_ids = np.array(self.row.type_ids)
        return Row(tuple(ids[shown].tolist()), tuple(type_ids[shown].tolist()))

    def sum_by_word(self, values: np.ndarray) -> np.ndarray:
        """Adds up values of tokens by word.

        Args:
            values: float [tokens].

        Returns:
            float64 [words], 0 for words without tokens. Tokens that belong to no word are left
            out.
        """
        sums = np.zeros(len(self.words) + 1, dtype=np.float64)
        np.add.at(sums, self._word_of_token, values)
        return sums[:-1]


def find_words(text: str) -> list[Span]:
    """Character spans of the words of a text, in order; white space belongs to none."""
    return [match.span() for match in _WORD.finditer(text)]


def trim(text: str, span: Span) -> Span:
    """The span without white space at its ends; empty (start == end) if nothing is left."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def align(text: str, spans: Sequence[Span | None]) -> tuple[list[Span], list[int | None]]:
    """Finds the words of a text and the word of each token.

    Args:
        text: the text as written.
        spans: each token's characters, None for a special token.

    Returns:
        The words, where those that share a token are merged, and the index of each token's word:
        None for special tokens and for tokens that are only white space.
    """
    visible = [trim(text, span) if span is not None else (0, 0) for span in spans]
    words = _merge_shared(find_words(text), visible)
    owner: list[int | None] = [None] * len(text)
    for index, (start, end) in enumerate(words):
        owner[start:end] = [index] * (end - start)
    return words, [owner[start] if start < end else None for start, end in visible]


def _merge_shared(words: list[Span], tokens: Sequence[Span]) -> list[Span]:
    """Merges neighbouring words that a token reaches across."""
    in_order = sorted(tokens)
    merged: list[Span] = []
    next_token = 0
    for start, end in words:
        while next_token < len(in_order) and in_order[next_token][1] <= start:
            next_token += 1
        if merged and next_token < len(in_order) and in_order[next_token][0] < merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged
