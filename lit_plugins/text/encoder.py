"""Encodes texts with any fast Hugging Face tokenizer; safe for many threads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tokenizers import Encoding, Tokenizer

from lit_plugins.errors import UserError, first_sentence
from lit_plugins.text.encoded import EncodedText, Row, Span, align
from lit_plugins.text.given import check_texts
from lit_plugins.text.tokenizing import encode_all, is_failure

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class TextEncoder:
    """Encodes texts as the given tokenizer does and never changes it.

    A Hugging Face tokenizer keeps truncation and padding as mutable state of its backend, which
    threads would share. The encoder has two private copies of the backend, set up once: one that
    cuts texts and one that does not.

    Attributes:
        max_length: the most tokens of a text.
        backend: the copy that neither cuts nor pads.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_length: int):
        """Copies a tokenizer's backend.

        Args:
            tokenizer: a fast tokenizer.
            max_length: the most tokens of a text, special tokens included.

        Raises:
            UserError: the tokenizer is not fast, or cannot be copied.
        """
        self.max_length = max_length
        self.backend = copy_backend(tokenizer)
        self._cut = copy_backend(tokenizer)
        self._side = tokenizer.truncation_side
        self._cut.enable_truncation(max_length, direction=self._side)
        stand_ins = (
            tokenizer.bos_token_id,
            tokenizer.eos_token_id,
            tokenizer.pad_token_id,
            tokenizer.unk_token_id,
            0,
        )
        empty_id = next(token_id for token_id in stand_ins if token_id is not None)
        self._empty_row = Row((empty_id,), (0,))
        self._empty_token = str(tokenizer.convert_ids_to_tokens(empty_id))

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        """Encodes each text, in order.

        Raises:
            UserError: `texts` is one string, an element is no string or no valid Unicode, or the
                tokenizer fails.
        """
        texts = check_texts(texts)
        return [
            self._encoded(text, whole)
            for text, whole in zip(texts, encode_all(self.backend, texts), strict=True)
        ]

    def rows(self, texts: Sequence[str]) -> list[Row]:
        """The `EncodedText.row` of each text, without the work of finding its words.

        Raises:
            UserError: as for `encode`.
        """
        return [
            Row(tuple(cut.ids), tuple(cut.type_ids)) if cut.ids else self._empty_row
            for cut in encode_all(self._cut, check_texts(texts))
        ]

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """The `EncodedText.truncated` of each text; finds the words of those alone that are long.

        Raises:
            UserError: as for `encode`.
        """
        texts = check_texts(texts)
        return [
            len(whole.ids) > self.max_length and self._encoded(text, whole).truncated
            for text, whole in zip(texts, self.backend.encode_batch(texts), strict=True)
        ]

    def _encoded(self, text: str, whole: Encoding) -> EncodedText:
        all_spans = _spans(whole)
        words, all_words = align(text, all_spans)
        if not whole.ids:
            # Tokenizers like GPT-2's add no special tokens, and a model needs one token at least.
            return EncodedText(
                text, tuple(words), self._empty_row, (self._empty_token,), (None,), (None,), ()
            )
        kept, spans, token_words = whole, all_spans, all_words
        lost: list[int | None] = []
        if len(whole.ids) > self.max_length:
            (kept,) = encode_all(self._cut, [text])
            spans = _spans(kept)
            # Truncation keeps tokens at one end of the text and adds special tokens to them.
            owners = [word for word, span in zip(all_words, all_spans, strict=True) if span]
            room = sum(span is not None for span in spans)
            first = len(owners) - room if self._side == "left" else 0
            kept_owners = iter(owners[first : first + room])
            token_words = [next(kept_owners) if span else None for span in spans]
            lost = owners[:first] + owners[first + room :]
        return EncodedText(
            text=text,
            words=tuple(words),
            row=Row(tuple(kept.ids), tuple(kept.type_ids)),
            tokens=tuple(kept.tokens),
            token_spans=tuple(spans),
            token_words=tuple(token_words),
            cut=tuple(sorted({word for word in lost if word is not None})),
        )


def copy_backend(
    tokenizer: PreTrainedTokenizerBase, *, split_special_tokens: bool | None = None
) -> Tokenizer:
    """A private copy of a fast tokenizer's backend, which neither cuts nor pads.

    Args:
        tokenizer: a fast tokenizer; it is not changed.
        split_special_tokens: whether special tokens that are written in a text are read as
            ordinary characters; by default as the tokenizer does.

    Raises:
        UserError: the tokenizer is not fast, or has steps that cannot be copied.
    """
    if not getattr(tokenizer, "is_fast", False):
        raise UserError(
            f"The tokenizer {type(tokenizer).__name__} gives no character offsets; "
            "use a model with a fast tokenizer (a tokenizer.json)."
        )
    try:
        copy = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    except BaseException as error:  # RoFormer's has steps written in Python
        if not is_failure(error):
            raise
        raise UserError(
            f"The tokenizer {type(tokenizer).__name__} cannot be copied "
            f"({first_sentence(error)}); use a model whose tokenizer.json says it all."
        ) from error
    copy.no_truncation()
    copy.no_padding()
    if split_special_tokens is None:
        split_special_tokens = tokenizer.split_special_tokens
    copy.encode_special_tokens = split_special_tokens  # to_str leaves this out
    return copy


def _spans(encoding: Encoding) -> list[Span | None]:
    return [
        None if special else (start, end)
        for (start, end), special in zip(
            encoding.offsets, encoding.special_tokens_mask, strict=True
        )
    ]
