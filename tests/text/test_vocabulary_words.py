"""The words that are one token where they stand."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel

from lit_plugins.text.vocabulary_words import WholeWords

AFTER_SPACE = {"a", "film", "films", "good"}
WITHOUT_SPACE = {"a", "i", "o", "film", "Film", "fi", "lm", "Fi", "oo", "ood", "in", "ing"}


@pytest.fixture(scope="module")
def byte_level() -> Tokenizer:
    """Tokens with a space before them and without, as GPT-2's kind has them."""
    tokens = ["a", "Ġa", "film", "Ġfilm", "Film", "Ġ", "s", "Ġs", "Ġgood", "ing", "(", "Ġfilms"]
    merges = [("Ġ", "a"), ("Ġ", "s"), ("f", "i"), ("l", "m"), ("fi", "lm"), ("Ġ", "film")]
    merges += [("F", "i"), ("Fi", "lm"), ("Ġfilm", "s"), ("Ġ", "g"), ("o", "o"), ("oo", "d")]
    merges += [("Ġg", "ood"), ("i", "n"), ("in", "g")]
    made = [first + second for first, second in merges]
    pieces = dict.fromkeys([*tokens, *"filmFgodn", *made])
    tokenizer = Tokenizer(BPE({token: at for at, token in enumerate(pieces)}, merges))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    tokenizer.decoder = ByteLevelDecoder()
    return tokenizer


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("a xx", (2, 4), AFTER_SPACE),
        (
            "xx a",
            (0, 2),
            WITHOUT_SPACE,
        ),
        (
            "(xx a",
            (1, 3),
            WITHOUT_SPACE,
        ),
        ("a", (1, 1), AFTER_SPACE),
        ("(a", (1, 1), WITHOUT_SPACE),
    ],
)
def test_a_word_after_a_space_is_another_token_than_one_without(byte_level, text, span, expected):
    words = WholeWords(byte_level, 10**6)
    found = words.at(text, span)
    assert set(found.texts) == expected
    space = "Ġ" if expected is AFTER_SPACE else ""
    tokens = [byte_level.id_to_token(int(token_id)) for token_id in found.ids]
    assert tokens == [space + word for word in found.texts]
    for folded, indices in found.by_folded.items():
        assert {found.texts[index].casefold() for index in indices} == {folded}


def test_tokens_without_a_logit_are_left_out(byte_level):
    last = byte_level.token_to_id("Ġgood")
    assert "good" in WholeWords(byte_level, last + 1).at("a xx", (2, 4)).texts
    assert "good" not in WholeWords(byte_level, last).at("a xx", (2, 4)).texts
