"""A place in a text as a model's input: masked, with as much around it as the model reads."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from tokenizers import Encoding, Tokenizer

from lit_plugins.errors import UserError
from lit_plugins.text.encoded import Row, Span, trim
from lit_plugins.text.encoder import check_texts
from lit_plugins.text.vocabulary_words import OPENING, needs_space_after

# Characters a token on either side that are given to the tokenizer; what is further off is cut.
_CHARACTERS = 16


class Masked(NamedTuple):
    """A row of which the tokens at `positions` are masked, and what stood there if it is known."""

    row: Row
    positions: tuple[int, ...]
    token_ids: tuple[int, ...] = ()


class Masking:
    """Masks places in texts."""

    def __init__(self, tokenizer: Tokenizer, mask_id: int, mask_token: str, max_length: int):
        """Takes a tokenizer.

        Args:
            tokenizer: one that neither cuts nor pads, and that nobody changes.
            mask_id: its mask token.
            mask_token: how that token is written in a text.
            max_length: the most tokens of a row.
        """
        self._tokenizer = tokenizer
        self._mask_id = mask_id
        self._mask_token = mask_token
        self.max_length = max_length

    def with_mask(self, text: str, span: Span) -> Masked:
        """The text with the mask token written in place of a span, or put in at an empty one.

        Raises:
            UserError: the tokenizer does not read its own mask token.
        """
        text, (start, end) = self._near(text, span)
        left = right = ""
        if start == end:
            left = " " if start and needs_space_after(text[start - 1]) else ""
            right = " " if end < len(text) and _needs_space_before(text[end]) else ""
        encoding = self._tokenizer.encode(
            f"{text[:start]}{left}{self._mask_token}{right}{text[end:]}"
        )
        # The text may have the mask token written in it, too.
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
            raise UserError(
                f"The tokenizer does not find its own mask token {self._mask_token!r} in a text; "
                "save it again with save_pretrained."
            )
        return self._masked(encoding, position, position)

    def with_masked_tokens(self, text: str, span: Span) -> Masked:
        """The text with every token of a span masked; no row at all if it holds none.

        Of a span that is longer than a row, the tokens in its middle are masked.
        """
        text, span = self._near(text, span)
        encoding = self._tokenizer.encode(text)
        inside = [
            position
            for position, (token, special) in enumerate(
                zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
            )
            if not special and _overlap(trim(text, token), span)
        ]
        return self._masked(encoding, inside[0], inside[-1]) if inside else Masked(Row((), ()), ())

    def _near(self, text: str, span: Span) -> tuple[str, Span]:
        """A long text, cut at white space far from the span, and where the span is in it."""
        reach = _CHARACTERS * self.max_length
        start, end = span
        first, last = max(0, start - reach), min(len(text), end + reach)
        while 0 < first < start and not text[first].isspace():
            first += 1
        while end < last < len(text) and not text[last].isspace():
            last -= 1
        # Where there is no white space at all, nothing is cut.
        first, last = (0 if first == start else first), (len(text) if last == end else last)
        return text[first:last], (start - first, end - first)

    def _masked(self, encoding: Encoding, first: int, last: int) -> Masked:
        """Masks the tokens from `first` to `last` and shows as many around them as fit."""
        ids, type_ids = encoding.ids, encoding.type_ids
        shown = self._window(encoding, first, last)
        positions = tuple(place for place, at in enumerate(shown) if first <= at <= last)
        return Masked(
            Row(
                tuple(self._mask_id if first <= at <= last else ids[at] for at in shown),
                tuple(type_ids[at] for at in shown),
            ),
            positions,
            tuple(ids[shown[place]] for place in positions),
        )

    def _window(self, encoding: Encoding, first: int, last: int) -> list[int]:
        """The special tokens and as many tokens around a place as fit."""
        length = len(encoding.ids)
        if length <= self.max_length:
            return list(range(length))
        own = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
        before, after = own[0], length - own[-1] - 1
        room = self.max_length - before - after
        start = min(max((first + last + 1 - room) // 2, own[0]), own[-1] + 1 - room)
        return [*range(before), *range(start, start + room), *range(length - after, length)]


def check_places(texts: Sequence[str], spans: Sequence[Span]) -> tuple[list[str], list[Span]]:
    """Texts and, without white space at their ends, the spans in them.

    Raises:
        UserError: a text is none, there is not one span a text, or one is not within its text.
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
            and all(isinstance(at, (int, np.integer)) for at in span)
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
