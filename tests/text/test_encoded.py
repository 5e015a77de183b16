"""Words of a text, the tokens that belong to them, and sums and masks by word."""

from dataclasses import replace

import numpy as np
import pytest

from lit_plugins.text.encoded import EncodedText, Row, align, find_words, trim
from tests.random_texts import EMOJI, check_words, random_texts


def words_of(text: str) -> list[str]:
    return [text[start:end] for start, end in find_words(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" \t\r\n\xa0\u3000", []),
        ("word", ["word"]),
        ("  two   words \n", ["two", "words"]),
        ("Don't, can’t 'll", ["Don't", ",", "can’t", "'ll"]),
        ("well-made e-mail -- no", ["well-made", "e-mail", "--", "no"]),
        ("3.5 of 5, 1,000 at 10:30", ["3.5", "of", "5", ",", "1,000", "at", "10:30"]),
        ("!!! ?! … ...", ["!!!", "?", "!", "…", "..."]),
        ("naïve café ﬁne e\u0301te\u0301", ["naïve", "café", "ﬁne", "e\u0301te\u0301"]),
        ("映画すごいカラー", ["映", "画", "す", "ご", "い", "カ", "ラ", "ー"]),
        ("辻\U000e0100か\u3099", ["辻\U000e0100", "か\u3099"]),
        ("한국어 नमस्ते क्\u200dष می\u200cخواهم", ["한국어", "नमस्ते", "क्\u200dष", "می\u200cخواهم"]),
        ("อาหารอร่อย เขาทำ ๒๓", ["อา", "หา", "ร", "อ", "ร่", "อ", "ย", "เขา", "ทำ", "๒๓"]),
        ("ແຊບຫຼາຍ", ["ແຊ", "ບ", "ຫຼາ", "ຍ"]),
        ("ខ្មែរ ឆ្ងាញ់", ["ខ្មែ", "រ", "ឆ្ងា", "ញ់"]),
        ("မန္တလေး", ["မ", "န္တ", "လေး"]),
        ("นี่iPhone-15", ["นี่", "iPhone-15"]),
        ("good👍🏽bad", ["good", "👍🏽", "bad"]),
        ("$5 + 3%", ["$", "5", "+", "3", "%"]),
        ("snake_case #tag @me", ["snake_case", "#", "tag", "@", "me"]),
        ("a\x1cb", ["a", "b"]),
    ],
)
def test_words(text, words):
    assert words_of(text) == words


@pytest.mark.parametrize("emoji", EMOJI)
def test_an_emoji_is_one_word_whatever_it_is_made_of(emoji):
    assert words_of(emoji) == [emoji]
    assert words_of(f"so {emoji}! {emoji}{emoji}") == ["so", emoji, "!", emoji, emoji]


def test_words_of_any_text_hold_all_that_is_visible():
    for text in random_texts(seed=0, count=2000):
        check_words(text, tuple(find_words(text)))


@pytest.mark.parametrize(
    ("span", "trimmed"), [((0, 2), (1, 2)), ((1, 4), (1, 2)), ((2, 4), (4, 4)), ((0, 0), (0, 0))]
)
def test_trim(span, trimmed):
    assert trim(" a  b", span) == trimmed


def test_tokens_belong_to_the_word_that_holds_them():
    words, owners = align("good film !", [None, (0, 2), (2, 4), (4, 9), (10, 11), None])
    assert words == [(0, 4), (5, 9), (10, 11)]
    assert owners == [None, 0, 0, 1, 2, None]


def test_words_that_share_a_token_are_one_word():
    words, owners = align("a b, c d", [(0, 1), (1, 3), (3, 6), (6, 8)])
    assert words == [(0, 1), (2, 3), (3, 6), (7, 8)]
    assert owners == [0, 1, 2, 3]


def test_one_token_may_join_many_words():
    words, owners = align("a b c d", [(0, 7)])
    assert words == [(0, 7)]
    assert owners == [0]


def test_tokens_of_white_space_or_nothing_belong_to_no_word():
    words, owners = align(" a  b", [(0, 1), (1, 2), (2, 4), (4, 4), (4, 5)])
    assert words == [(1, 2), (4, 5)]
    assert owners == [None, 0, None, None, 1]


def test_a_word_may_have_no_token():
    words, owners = align("a \u200b b", [(0, 1), (4, 5)])
    assert words == [(0, 1), (2, 3), (4, 5)]
    assert owners == [0, 2]


def test_any_tokens_of_any_text_find_their_words():
    rng = np.random.default_rng(0)
    for text in random_texts(seed=1, count=500):
        if not text:
            continue
        ends = np.sort(rng.integers(0, len(text) + 1, size=(rng.integers(1, 8), 2)), axis=1)
        spans = [(int(start), int(end)) for start, end in ends]
        words, owners = align(text, spans)
        check_words(text, tuple(words))
        for span, owner in zip(spans, owners, strict=True):
            start, end = trim(text, span)
            if start == end:
                assert owner is None
                continue
            holders = [at for at, word in enumerate(words) if word[0] < end and start < word[1]]
            assert holders == [owner]


@pytest.fixture
def encoded() -> EncodedText:
    """[CLS] un ##kind , film [SEP] with its last word cut."""
    return EncodedText(
        text="unkind, film noir",
        words=((0, 6), (6, 7), (8, 12), (13, 17)),
        row=Row((1, 10, 11, 12, 13, 2), (0,) * 6),
        tokens=("[CLS]", "un", "##kind", ",", "film", "[SEP]"),
        token_spans=(None, (0, 2), (2, 6), (6, 7), (8, 12), None),
        token_words=(None, 0, 0, 1, 2, None),
        cut=(3,),
    )


def test_what_an_encoded_text_says_of_itself(encoded):
    assert encoded.word_texts == ("unkind", ",", "film", "noir")
    assert encoded.visible_words == (0, 1, 2)
    assert encoded.truncated


@pytest.mark.parametrize(
    ("keep", "ids"),
    [
        ([True, True, True, True], (1, 10, 11, 12, 13, 2)),
        ([False, True, True, True], (1, 99, 99, 12, 13, 2)),
        ([True, False, False, False], (1, 10, 11, 99, 99, 2)),
        ([False, False, False, True], (1, 99, 99, 99, 99, 2)),
    ],
)
def test_masked_words_lose_all_their_tokens_and_special_tokens_stay(encoded, keep, ids):
    assert encoded.masked(np.array(keep), mask_id=99) == Row(ids, (0,) * 6)


@pytest.mark.parametrize(
    ("keep", "one_a_word", "left_out"),
    [
        ([1, 1, 1, 1, 1, 1], (1, 10, 11, 12, 13, 2), (1, 10, 11, 12, 13, 2)),
        ([1, 0, 0, 1, 1, 1], (1, 99, 12, 13, 2), (1, 12, 13, 2)),
        ([1, 1, 1, 0, 0, 1], (1, 10, 11, 99, 99, 2), (1, 10, 11, 2)),
        ([1, 0, 1, 0, 1, 1], (1, 99, 11, 99, 13, 2), (1, 11, 13, 2)),
        ([1, 1, 0, 0, 0, 1], (1, 10, 99, 99, 99, 2), (1, 10, 2)),
        ([0, 0, 0, 0, 0, 0], (99, 99, 99), ()),
    ],
)
def test_a_words_missing_tokens_become_one_mask_or_none(encoded, keep, one_a_word, left_out):
    kept = np.array(keep, dtype=bool)
    assert encoded.masked_runs(kept, mask_id=99) == Row(one_a_word, (0,) * len(one_a_word))
    assert encoded.without_tokens(kept) == Row(left_out, (0,) * len(left_out))


def test_what_is_seen_ends_where_the_text_was_cut(encoded):
    assert encoded.text[slice(*encoded.seen)] == "unkind, film"
    whole = replace(encoded, cut=())
    assert whole.seen == (0, len(encoded.text))


def test_sums_by_word_leave_special_tokens_out(encoded):
    values = np.array([100.0, 1.0, 2.0, 4.0, 8.0, 100.0], dtype=np.float32)
    sums = encoded.sum_by_word(values)
    assert sums.dtype == np.float64
    np.testing.assert_array_equal(sums, [3.0, 4.0, 8.0, 0.0])


def test_in_pieces_each_token_is_a_word_and_cut_words_stay_whole(encoded):
    pieces = encoded.in_pieces()
    assert pieces.words == ((0, 2), (2, 6), (6, 7), (8, 12), (13, 17))
    assert pieces.word_texts == ("un", "kind", ",", "film", "noir")
    assert pieces.token_words == (None, 0, 1, 2, 3, None)
    assert pieces.cut == (4,)
    assert pieces.truncated
    assert pieces.visible_words == (0, 1, 2, 3)
    assert (pieces.text, pieces.row, pieces.tokens) == (encoded.text, encoded.row, encoded.tokens)
    assert pieces.in_pieces() == pieces
    values = np.arange(6.0)
    np.testing.assert_array_equal(pieces.sum_by_word(values), [1, 2, 3, 4, 0])
    keep = np.array([True, False, True, True, True])
    assert pieces.masked(keep, mask_id=99).input_ids == (1, 10, 99, 12, 13, 2)


def test_in_pieces_a_word_that_was_cut_in_part_stays_behind_its_own_pieces():
    text = EncodedText(
        text="good unkind",
        words=((0, 4), (5, 11)),
        row=Row((1, 10, 11, 2), (0,) * 4),
        tokens=("[CLS]", "good", "un", "[SEP]"),
        token_spans=(None, (0, 4), (5, 7), None),
        token_words=(None, 0, 1, None),
        cut=(1,),
    )
    pieces = text.in_pieces()
    assert pieces.words == ((0, 4), (5, 7), (5, 11))
    assert pieces.token_words == (None, 0, 1, None)
    assert pieces.cut == (2,)


def test_in_pieces_words_cut_on_the_left_stay_before_the_rest():
    text = EncodedText(
        text="a good film",
        words=((0, 1), (2, 6), (7, 11)),
        row=Row((1, 12, 2), (0,) * 3),
        tokens=("[CLS]", "film", "[SEP]"),
        token_spans=(None, (7, 11), None),
        token_words=(None, 2, None),
        cut=(0, 1),
    )
    pieces = text.in_pieces()
    assert pieces.words == text.words
    assert pieces.token_words == (None, 2, None)
    assert pieces.cut == (0, 1)


def test_in_pieces_white_space_belongs_to_no_piece():
    text = EncodedText(
        text="a  b",
        words=((0, 1), (3, 4)),
        row=Row((5, 6, 7), (0,) * 3),
        tokens=("a", "Ġ", "Ġb"),
        token_spans=((0, 1), (1, 2), (2, 4)),
        token_words=(0, None, 1),
        cut=(),
    )
    pieces = text.in_pieces()
    assert pieces.words == ((0, 1), (3, 4))
    assert pieces.token_words == (0, None, 1)
    assert not pieces.truncated


def test_a_text_without_its_end_keeps_its_words(encoded):
    assert encoded.without_end(None) is encoded
    assert encoded.without_end(13) is encoded
    shorter = encoded.without_end(2)
    assert shorter.row == Row((1, 10, 11, 12, 13), (0,) * 5)
    assert shorter.tokens == ("[CLS]", "un", "##kind", ",", "film")
    assert shorter.token_words == (None, 0, 0, 1, 2)
    assert shorter.token_spans == (None, (0, 2), (2, 6), (6, 7), (8, 12))
    assert (shorter.words, shorter.cut) == (encoded.words, encoded.cut)


def test_a_text_of_nothing_but_its_end_keeps_its_first_token():
    text = EncodedText("", (), Row((2, 2), (0, 0)), ("</s>",) * 2, (None,) * 2, (None,) * 2, ())
    assert text.without_end(2).row == Row((2,), (0,))
