"""Texts made at random, and what must hold of the words of any text."""

from __future__ import annotations

import random

from lit_plugins.text.encoded import EncodedText

EMOJI = ["😀", "👍🏽", "👩‍👩‍👧", "🏴‍☠️", "🇫🇷", "❤️", "#️⃣", "1️⃣", "‼️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨🏿‍🚀"]

_PIECES = [
    *"aZeéèßİıøñ09_",
    *".,!?…-'’\"()[]{}<>@#%&*/\\~^$+=|`",
    *["film", "don't", "well-made", "3.5", "U.S.A.", "ﬁne", "㎏", "½", "e\u0301", "\u0301", "ﷺ"],
    *"映画すごいカラー韓국어ไทยالعةनमस्ते",
    *["می\u200cخواهم", "क्\u200dष", "\u200b", "\u200d", "\ufeff", "\u2066", "\xad", "\ufe0f"],
    *["𝕳", "𐍈", "\U000e0001", "\ue000", "\x00", "\x07", "\x7f", "\ufffd"],
    *[" ", " ", " ", "  ", "\n", "\r\n", "\t", "\xa0", "\u3000", "\u2028", "\x1c", "\x85"],
    *["\u0600", "\u0600 "],
    *["[SEP]", "[MASK]", "</s>", "<s>", "<mask>", "<|endoftext|>", "[UNK]", "##ing", "▁", "Ġ"],
    *EMOJI,
]


def random_texts(seed: int, count: int, pieces: int = 12) -> list[str]:
    """Texts of characters from all over Unicode, some of any code point."""
    rng = random.Random(seed)

    def piece() -> str:
        if rng.random() < 0.9:
            return rng.choice(_PIECES)
        code = rng.randrange(0x110000)
        return chr(code) if not 0xD800 <= code < 0xE000 else "?"

    return ["".join(piece() for _ in range(rng.randrange(pieces + 1))) for _ in range(count)]


def check_words(text: str, words: tuple[tuple[int, int], ...]) -> None:
    """Words come in order, do not overlap, and hold all that is not white space."""
    end_before = 0
    for start, end in words:
        assert end_before <= start < end <= len(text)
        assert not text[end_before:start].strip()
        assert text[start:end].strip() == text[start:end]
        end_before = end
    assert not text[end_before:].strip()


def check_tokens(encoded: EncodedText) -> None:
    """Each token with visible characters is in the one word that holds them all."""
    check_words(encoded.text, encoded.words)
    assert len(encoded.tokens) == len(encoded.token_spans) == len(encoded.token_words)
    assert len(encoded.tokens) == len(encoded.row.input_ids) == len(encoded.row.type_ids)
    for span, word in zip(encoded.token_spans, encoded.token_words, strict=True):
        piece = encoded.text[slice(*span)] if span else ""
        if word is None:
            assert not piece.strip()
        else:
            assert span is not None
            start = span[0] + len(piece) - len(piece.lstrip())
            end = span[1] - len(piece) + len(piece.rstrip())
            assert encoded.words[word][0] <= start < end <= encoded.words[word][1]
    owners = [word for word in encoded.token_words if word is not None]
    assert owners == sorted(owners)
