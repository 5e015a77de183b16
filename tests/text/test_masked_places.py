"""A place in a text as a model's input."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import BertProcessing

from lit_plugins import UserError
from lit_plugins.text.masked_places import Masked, Masking
from tests.models.fillers import spans_of


@pytest.fixture(scope="module")
def letters() -> Tokenizer:
    """A token a word, and [CLS] and [SEP] around them."""
    tokens = ["[CLS]", "[SEP]", "[MASK]", "[UNK]", *"abcdefghij"]
    tokenizer = Tokenizer(WordLevel({token: at for at, token in enumerate(tokens)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.add_special_tokens(["[MASK]"])
    tokenizer.post_processor = BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    return tokenizer


def shown(letters: Tokenizer, masked: Masked) -> str:
    """The tokens of a row as text."""
    return " ".join(letters.id_to_token(token_id) for token_id in masked.row.input_ids)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("a", "[CLS] [MASK] b c d e [SEP]"),
        ("b", "[CLS] a [MASK] c d e [SEP]"),
        ("e", "[CLS] c d [MASK] f g [SEP]"),
        ("i", "[CLS] f g h [MASK] j [SEP]"),
        ("j", "[CLS] f g h i [MASK] [SEP]"),
    ],
)
def test_a_window_is_around_its_place(letters, at, expected):
    masking = Masking(letters, 2, "[MASK]", 7)
    text = "a b c d e f g h i j"
    (span,) = spans_of(text, at)
    for masked in (masking.with_mask(text, span), masking.with_masked_tokens(text, span)):
        assert shown(letters, masked) == expected
        assert masked.row.type_ids == (0,) * 7
        assert [masked.row.input_ids[place] for place in masked.positions] == [2]
    assert masked.token_ids == (letters.token_to_id(at),)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("a",), ["[CLS] [MASK] b c d e [SEP]"]),
        (("b", "d e"), ["[CLS] a [MASK] c [MASK] f [SEP]"]),
        (("b", "h"), ["[CLS] a [MASK] c d e [SEP]", "[CLS] f g [MASK] i j [SEP]"]),
        (("i", "j"), ["[CLS] f g h [MASK] [MASK] [SEP]"]),
        ((), []),
    ],
)
def test_masks_of_a_long_text_are_in_rows_side_by_side(letters, words, expected):
    masking = Masking(letters, 2, "[MASK]", 7)
    text = "a b c d e f g h i j"
    rows = masking.with_masks(text, spans_of(text, *words))
    assert [shown(letters, row) for row in rows] == expected
    for row in rows:
        assert row.positions == tuple(
            place for place, token_id in enumerate(row.row.input_ids) if token_id == 2
        )


def test_a_mask_token_that_the_text_has_itself_is_no_place(letters):
    (row,) = Masking(letters, 2, "[MASK]", 7).with_masks("[MASK] a", [(7, 8)])
    assert shown(letters, row) == "[CLS] [MASK] [MASK] [SEP]"
    assert row.positions == (2,)


@pytest.mark.parametrize(
    ("words", "expected", "tokens"),
    [
        ("c d", "[CLS] a b [MASK] [MASK] e [SEP]", "c d"),
        ("b c d e f", "[CLS] [MASK] [MASK] [MASK] [MASK] [MASK] [SEP]", "b c d e f"),
        ("a b c d e f g h", "[CLS] [MASK] [MASK] [MASK] [MASK] [MASK] [SEP]", "b c d e f"),
    ],
)
def test_of_a_long_span_the_middle_is_masked(letters, words, expected, tokens):
    text = "a b c d e f g h i j"
    masked = Masking(letters, 2, "[MASK]", 7).with_masked_tokens(text, *spans_of(text, words))
    assert shown(letters, masked) == expected
    assert [letters.id_to_token(token_id) for token_id in masked.token_ids] == tokens.split()


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("a b", (1, 1), "a [MASK] b"),
        ("a b", (2, 2), "a [MASK] b"),
        ("", (0, 0), "[MASK]"),
        ("a", (0, 0), "[MASK] a"),
        ("a", (1, 1), "a [MASK]"),
        ("[MASK] a [MASK]", (7, 8), "[MASK] [MASK] [MASK]"),
    ],
)
def test_a_mask_stands_between_spaces(letters, text, span, expected):
    masked = Masking(letters, 2, "[MASK]", 64).with_mask(text, span)
    assert shown(letters, masked) == f"[CLS] {expected} [SEP]"
    before = text[: span[0]].split()
    assert masked.positions == (len(before) + 1,)


def test_what_is_far_off_is_not_even_cut_into_tokens(letters):
    class Counted:
        """Notes how much it was given."""

        read = 0

        def encode_batch(self, texts: list[str]) -> object:
            self.read += sum(map(len, texts))
            return letters.encode_batch(texts)

    words = list("abcdefghij" * 10_000)
    text = " ".join(words)
    for start in (0, len(text) // 2 + 1, len(text) - 1):
        counted = Counted()
        masking = Masking(counted, 2, "[MASK]", 7)  # type: ignore[arg-type]
        masked = masking.with_masked_tokens(text, (start, start + 1))
        whole = masking._masked(letters.encode(text), start // 2 + 1, start // 2 + 1)
        assert masked == whole
        assert counted.read < 500
    solid = "a" * 5000
    assert masking._near(solid, (2000, 2001)) == (solid, (2000, 2001))


def test_a_tokenizer_that_does_not_read_its_mask(letters):
    with pytest.raises(UserError, match="does not find its own mask token '<mask>' in a text"):
        Masking(letters, 2, "<mask>", 64).with_mask("a", (0, 1))
