"""Model inputs in which a place of a text is masked, with as much text around it as fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from tokenizers import Encoding, Tokenizer

from lit_plugins.errors import UserError
from lit_plugins.text.encoded import Row, Span, trim
from lit_plugins.text.given import check_texts
from lit_plugins.text.tokenizing import encode_all
from lit_plugins.text.vocabulary_words import OPENING, needs_space_after

_CHARACTERS = 16
"""Characters around a place that are tokenized, for each token of a row; the rest is cut."""


class Masked(NamedTuple):
    """A row with masked tokens.

    Attributes:
        row: the row.
        positions: where its tokens are masked.
        token_ids: the tokens that were masked, if they are known.
    """

    row: Row
    positions: tuple[int, ...]
    token_ids: tuple[int, ...] = ()


class Masking:
    """Masks places in texts for one masked language model."""

    def __init__(self, tokenizer: Tokenizer, mask_id: int, mask_token: str, max_length: int):
        """Takes a tokenizer.

        Args:
            tokenizer: a backend that neither cuts nor pads, and that nobody changes.
            mask_id: its mask token.
            mask_token: how that token is written in a text.
            max_length: the most tokens of a row.
        """
        self._tokenizer = tokenizer
        self._mask_id = mask_id
        self._mask_token = mask_token
        self.max_length = max_length

    def with_mask(self, text: str, span: Span) -> Masked:
        """The text with the mask token in place of a span; at an empty span it is inserted.

        Raises:
            UserError: the tokenizer does not recognise its own mask token.
        """
        text, (start, end) = self._near(text, span)
        left = right = ""
        if start == end:
            left = " " if start and needs_space_after(text[start - 1]) else ""
            right = " " if end < len(text) and _needs_space_before(text[end]) else ""
        encoding = self._encoding(f"{text[:start]}{left}{self._mask_token}{right}{text[end:]}")
        # The text itself may contain the mask token elsewhere.
        place = start + len(left)
        position = next(
            (
                position
                for position, (token_id, (first, last)) in enumerate(
                    zip(encoding.ids, encoding.offsets, strict=True)
                )
                if token_id == self._mask_id and first <= place < last
            ),
            None,
        )
        if position is None:
            raise self._not_found()
        return self._masked(encoding, position, position)

    def with_masked_tokens(self, text: str, span: Span) -> Masked:
        """The text with every token of a span masked. The row is empty if the span has no token.

        If the span is longer than a row, only the tokens in its middle are in the row.
        """
        text, span = self._near(text, span)
        encoding = self._encoding(text)
        inside = [
            position
            for position, (token, special) in enumerate(
                zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
            )
            if not special and _overlap(trim(text, token), span)
        ]
        return self._masked(encoding, inside[0], inside[-1]) if inside else Masked(Row((), ()), ())

    def with_masks(self, text: str, spans: Sequence[Span]) -> list[Masked]:
        """The text with a mask token in place of each span, in rows that follow each other.

        A text that is longer than a row is cut into rows side by side; those without a mask are
        left out. The positions of all rows together are in the order of `spans`.

        Args:
            text: the text as written.
            spans: characters (start, end) that are not empty, in the order of the text.

        Raises:
            UserError: the tokenizer does not recognise its own mask token.
        """
        written, end, places = "", 0, set()
        for start, stop in spans:
            written += text[end:start]
            places.add(len(written))
            written += self._mask_token
            end = stop
        encoding = self._encoding(written + text[end:])
        masked = {
            token
            for token, (token_id, span) in enumerate(
                zip(encoding.ids, encoding.offsets, strict=True)
            )
            if token_id == self._mask_id and any(place in places for place in range(*span))
        }
        if len(masked) != len(places):
            raise self._not_found()
        rows = [
            Masked(
                Row(
                    tuple(encoding.ids[token] for token in shown),
                    tuple(encoding.type_ids[token] for token in shown),
                ),
                tuple(position for position, token in enumerate(shown) if token in masked),
            )
            for shown in self._windows(encoding)
        ]
        return [row for row in rows if row.positions]

    def _encoding(self, text: str) -> Encoding:
        (encoding,) = encode_all(self._tokenizer, [text])
        return encoding

    def _not_found(self) -> UserError:
        return UserError(
            f"The tokenizer does not find its own mask token {self._mask_token!r} in a text; "
            "save it again with save_pretrained."
        )

    def _near(self, text: str, span: Span) -> tuple[str, Span]:
        """The part of a long text around a span, cut at white space, and the span in that part."""
        reach = _CHARACTERS * self.max_length
        start, end = span
        first, last = max(0, start - reach), min(len(text), end + reach)
        while 0 < first < start and not text[first].isspace():
            first += 1
        while end < last < len(text) and not text[last].isspace():
            last -= 1
        # A side without any white space is not cut.
        first, last = (0 if first == start else first), (len(text) if last == end else last)
        return text[first:last], (start - first, end - first)

    def _masked(self, encoding: Encoding, first: int, last: int) -> Masked:
        """Masks the tokens from `first` to `last`, with as many tokens around them as fit."""
        ids, type_ids = encoding.ids, encoding.type_ids
        shown = self._window(encoding, first, last)
        positions = tuple(
            position for position, token in enumerate(shown) if first <= token <= last
        )
        return Masked(
            Row(
                tuple(self._mask_id if first <= token <= last else ids[token] for token in shown),
                tuple(type_ids[token] for token in shown),
            ),
            positions,
            tuple(ids[shown[position]] for position in positions),
        )

    def _window(self, encoding: Encoding, first: int, last: int) -> list[int]:
        """Indices of the tokens to show: special tokens, and as many around a place as fit."""
        length = len(encoding.ids)
        if length <= self.max_length:
            return list(range(length))
        begin, end = _ordinary(encoding)
        room = self.max_length - begin - (length - end)
        start = min(max((first + last + 1 - room) // 2, begin), end - room)
        return [*range(begin), *range(start, start + room), *range(end, length)]

    def _windows(self, encoding: Encoding) -> list[list[int]]:
        """Indices of the tokens of rows side by side, each with the special tokens around it."""
        length = len(encoding.ids)
        begin, end = _ordinary(encoding)
        room = self.max_length - begin - (length - end)
        return [
            [*range(begin), *range(start, min(start + room, end)), *range(end, length)]
            for start in range(begin, end, room)
        ]


def _ordinary(encoding: Encoding) -> Span:
    """The first token that is not special, and the token after the last such one."""
    ordinary = [token for token, special in enumerate(encoding.special_tokens_mask) if not special]
    return ordinary[0], ordinary[-1] + 1


def check_places(texts: Sequence[str], spans: Sequence[Span]) -> tuple[list[str], list[Span]]:
    """The texts and their spans as lists; spans lose white space at their ends.

    Raises:
        UserError: an element of `texts` is no text, the numbers of texts and spans differ, or a
            span is not within its text.
    """
    texts, spans = check_texts(texts), list(spans)
    if len(spans) != len(texts):
        raise UserError(
            f"There are {len(texts)} texts and {len(spans)} spans; give one span a text."
        )
    for position, (text, span) in enumerate(zip(texts, spans, strict=True)):
        if not (
            isinstance(span, Sequence)
            and len(span) == 2
            and all(isinstance(end, (int, np.integer)) for end in span)
            and 0 <= span[0] <= span[1] <= len(text)
        ):
            raise UserError(
                f"Span {position} is {span!r:.40}; give (start, end) within the "
                f"{len(text)} characters of its text."
            )
    return texts, [trim(text, span) for text, span in zip(texts, spans, strict=True)]


def _needs_space_before(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in OPENING


def _overlap(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
