"""The words that are proposed."""

from __future__ import annotations

import pytest
from transformers import AutoTokenizer

from tests.models.fillers import KINDS, TEXT, spans_of


@pytest.mark.parametrize("kind", KINDS)
def test_words_are_whole(filler, folder, kind):
    tokenizer = AutoTokenizer.from_pretrained(folder(kind))
    found = filler(kind).propose([TEXT], spans_of(TEXT, "cold"), 1000)[0]
    assert len({word for word, _ in found}) == len(found) >= 8
    without = tokenizer.tokenize("the food was and")
    for word, _ in found:
        assert word.isalpha()
        tokens = tokenizer.tokenize(f"the food was {word} and")
        assert len(tokens) == len(without) + 1, tokens


def test_casing_is_the_tokenizers(filler):
    words = {
        kind: {word for word, _ in filler(kind).propose(["Old film"], [(0, 3)], 999)[0]}
        for kind in KINDS
    }
    assert all(word == word.lower() for word in words["bert"] | words["albert"])
    assert any(word != word.lower() for word in words["roberta"])
