"""Text to `EncodedText`, with any fast Hugging Face tokenizer, from many threads at once."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Encoding, Tokenizer
from transformers import PreTrainedTokenizerBase

from lit_plugins.errors import UserError
from lit_plugins.text import EncodedText, Row, Span, align


class TextEncoder:
    """Encodes texts as the given tokenizer does, without ever changing it.

    A Hugging Face tokenizer keeps truncation and padding as mutable state of its backend, which
    threads share. This keeps two private copies of the backend whose state is set once.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_length: int):
        if not getattr(tokenizer, "is_fast", False):
            raise UserError(
                f"The tokenizer {type(tokenizer).__name__} gives no character offsets; "
                "use a model with a fast tokenizer (a tokenizer.json)."
            )
        self.max_length = max_length
        self._whole = _copy(tokenizer.backend_tokenizer)
        self._cut = _copy(tokenizer.backend_tokenizer)
        self._cut.enable_truncation(max_length, direction=tokenizer.truncation_side)
        self._empty_id = next(
            (
                token_id
                for token_id in (
                    tokenizer.bos_token_id,
                    tokenizer.eos_token_id,
                    tokenizer.pad_token_id,
                    tokenizer.unk_token_id,
                )
                if token_id is not None
            ),
            0,
        )

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        """One `EncodedText` a text, in order.

        Raises:
            UserError: `texts` is one string, or holds something that is not a string.
        """
        if isinstance(texts, str):
            raise UserError(f"texts is one string, {texts[:40]!r}; give a list of strings.")
        texts = list(texts)
        for position, text in enumerate(texts):
            if not isinstance(text, str):
                raise UserError(
                    f"Text {position} is {text!r:.60}, which is not a string; give strings only."
                )
        return [
            self._encoded(text, whole)
            for text, whole in zip(texts, self._whole.encode_batch(texts), strict=True)
        ]

    def _encoded(self, text: str, whole: Encoding) -> EncodedText:
        all_spans = _spans(whole)
        words, all_words = align(text, all_spans)
        if len(whole.ids) <= self.max_length:
            kept, spans, token_words, cut = whole, all_spans, all_words, ()
        else:
            kept = self._cut.encode(text)
            spans = _spans(kept)
            places = {span: word for span, word in zip(all_spans, all_words, strict=True) if span}
            token_words = [places.get(span) if span else None for span in spans]
            lost = {span for span in all_spans if span} - {span for span in spans if span}
            cut = tuple(sorted({word for span in lost if (word := places[span]) is not None}))
        if not kept.ids:
            # GPT-2's kind adds no special tokens, and a model needs at least one position.
            return EncodedText(
                text, tuple(words), Row((self._empty_id,), (0,)), ("",), (None,), (None,), ()
            )
        return EncodedText(
            text=text,
            words=tuple(words),
            row=Row(tuple(kept.ids), tuple(kept.type_ids)),
            tokens=tuple(kept.tokens),
            token_spans=tuple(spans),
            token_words=tuple(token_words),
            cut=cut,
        )


def _spans(encoding: Encoding) -> list[Span | None]:
    return [
        None if special else (start, end)
        for (start, end), special in zip(
            encoding.offsets, encoding.special_tokens_mask, strict=True
        )
    ]


def _copy(backend: Tokenizer) -> Tokenizer:
    copy = Tokenizer.from_str(backend.to_str())
    copy.no_truncation()
    copy.no_padding()
    return copy
