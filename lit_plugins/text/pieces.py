"""Rows and vocabularies by the tokenizer's own pieces, the tokens as it writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lit_plugins.errors import UserError
from lit_plugins.text.encoded import Row

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class Pieces:
    """The pieces of a tokenizer's vocabulary."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_length: int):
        """Reads a tokenizer's vocabulary.

        Args:
            tokenizer: any tokenizer.
            max_length: the most tokens of a row.
        """
        self._tokenizer = tokenizer
        self._ids = tokenizer.get_vocab()
        self._max_length = max_length

    def vocabulary(self, size: int) -> tuple[list[str], list[int]]:
        """The pieces with ids below `size`, and their ids, in the order of the ids."""
        pieces = {index: piece for piece, index in self._ids.items() if index < size}
        ids = sorted(pieces)
        return [pieces[index] for index in ids], ids

    def row(self, pieces: Sequence[str]) -> Row:
        """The row of some pieces, special tokens included, cut to the most tokens of a row.

        Raises:
            UserError: a piece is not in the vocabulary.
        """
        unknown = [piece for piece in pieces if piece not in self._ids]
        if unknown:
            raise UserError(
                f"The token {unknown[0]!r} is not in the vocabulary; give the tokenizer's pieces."
            )
        ids = tuple(self._ids[piece] for piece in pieces)[: self._max_length]
        return Row(ids, (0,) * len(ids))

    def text(self, pieces: Sequence[str]) -> str:
        """The text of some pieces, without special tokens.

        Raises:
            UserError: a piece is not in the vocabulary.
        """
        return self._tokenizer.decode(self.row(pieces).input_ids, skip_special_tokens=True)
