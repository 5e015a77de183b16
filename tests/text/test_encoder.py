"""Texts become what the model reads, word by word, with every kind of tokenizer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from lit_plugins import UserError
from lit_plugins.text.encoded import EncodedText
from lit_plugins.text.encoder import TextEncoder
from tests.checkpoints import KINDS, TEXTS
from tests.random_texts import EMOJI, check_tokens, random_texts

LONG = "the  food was cold 👍🏽👍🏽 and 映画 naïve—can't be 3.5 … " * 3
UNCUT = 100_000

Loader = Callable[[str], PreTrainedTokenizerFast]


@pytest.fixture(scope="module")
def load(checkpoint: Callable[..., Path]) -> Loader:
    """The tokenizer of a kind, new each time."""
    return lambda kind: AutoTokenizer.from_pretrained(checkpoint(kind))


@pytest.fixture(params=KINDS)
def tokenizer(request: pytest.FixtureRequest, load: Loader) -> PreTrainedTokenizerFast:
    return load(request.param)


def test_a_row_is_what_the_tokenizer_makes(tokenizer):
    encoder = TextEncoder(tokenizer, UNCUT)
    texts = [text for text in [*TEXTS, *random_texts(seed=2, count=200)] if text]
    for text, encoded in zip(texts, encoder.encode(texts), strict=True):
        expected = tokenizer(text, return_token_type_ids=True)
        assert encoded.text == text
        assert list(encoded.row.input_ids) == expected["input_ids"]
        assert list(encoded.row.type_ids) == expected["token_type_ids"]
        assert list(encoded.tokens) == expected.tokens()
        assert not encoded.truncated


def test_every_visible_token_of_any_text_is_in_one_word(tokenizer):
    encoder = TextEncoder(tokenizer, UNCUT)
    for encoded in encoder.encode([*TEXTS, LONG, *EMOJI, *random_texts(seed=3, count=400)]):
        check_tokens(encoded)


def test_special_tokens_are_in_no_word_but_those_that_were_written_are(tokenizer):
    encoder = TextEncoder(tokenizer, UNCUT)
    written = tokenizer.all_special_tokens[0]
    (encoded,) = encoder.encode([f"a {written} film"])
    added = tokenizer("x", return_special_tokens_mask=True)["special_tokens_mask"]
    assert encoded.token_words.count(None) >= sum(added)
    for token, span in zip(encoded.tokens, encoded.token_spans, strict=True):
        if span is None:
            assert token in tokenizer.all_special_tokens
    position = next(
        at
        for at, span in enumerate(encoded.token_spans)
        if encoded.tokens[at] == written and span is not None
    )
    word = encoded.token_words[position]
    assert word is not None
    assert written in encoded.word_texts[word]


def test_an_emoji_is_one_word_however_many_tokens_it_takes(tokenizer):
    encoder = TextEncoder(tokenizer, UNCUT)
    for emoji in EMOJI:
        (encoded,) = encoder.encode([f"so {emoji} good"])
        assert encoded.word_texts == ("so", emoji, "good")


def without_cut(encoder: TextEncoder, text: str) -> EncodedText:
    (encoded,) = encoder.encode([text])
    return encoded


@pytest.mark.parametrize("side", ["right", "left"])
def test_what_is_cut_is_known_at_every_length(tokenizer, side):
    whole = without_cut(TextEncoder(tokenizer, UNCUT), LONG)
    tokenizer.truncation_side = side
    own = [at for at, span in enumerate(whole.token_spans) if span is not None]
    added = len(whole.tokens) - len(own)
    for max_length in range(added + 1, len(whole.tokens) + 2):
        encoder = TextEncoder(tokenizer, max_length)
        (encoded,) = encoder.encode([LONG])
        room = max_length - added
        kept = own[:room] if side == "right" else own[-room:]
        lost = sorted(set(own) - set(kept))
        assert encoded.words == whole.words
        assert encoded.row.input_ids == tuple(
            tokenizer(LONG, truncation=True, max_length=max_length)["input_ids"]
        )
        assert [word for word, span in zip(encoded.token_words, encoded.token_spans, strict=True)
                if span is not None] == [whole.token_words[at] for at in kept]  # fmt: skip
        assert set(encoded.cut) == {whole.token_words[at] for at in lost} - {None}
        assert encoded.truncated == bool(encoded.cut)
        assert list(encoded.cut) == sorted(encoded.cut)
        check_tokens(encoded)
        texts = [LONG, "", "cold", LONG[:9]]
        assert encoder.truncated(texts) == [text.truncated for text in encoder.encode(texts)]


def test_a_text_exactly_at_the_limit_is_not_cut(tokenizer):
    length = len(without_cut(TextEncoder(tokenizer, UNCUT), "the food was cold").tokens)
    at_limit = without_cut(TextEncoder(tokenizer, length), "the food was cold")
    assert (at_limit.cut, at_limit.truncated) == ((), False)
    beyond = without_cut(TextEncoder(tokenizer, length - 1), "the food was cold")
    assert beyond.truncated
    assert [beyond.word_texts[word] for word in beyond.cut] == ["cold"]


def test_a_character_that_is_cut_within_its_bytes_is_reported(load):
    for kind in ("gpt2", "roberta", "llama"):
        tokenizer = load(kind)
        whole = without_cut(TextEncoder(tokenizer, UNCUT), "a 🧨")
        added = len(tokenizer("")["input_ids"])
        for lost in range(1, sum(word == 1 for word in whole.token_words)):
            encoder = TextEncoder(tokenizer, len(whole.tokens) - lost)
            encoded = without_cut(encoder, "a 🧨")
            assert encoded.cut == (1,)
            assert 1 in encoded.visible_words
            assert len(encoded.tokens) == len(whole.tokens) - lost >= added


def test_texts_without_tokens_are_one_token_that_the_model_can_read(load):
    tokenizer = load("gpt2")
    (empty,) = TextEncoder(tokenizer, UNCUT).encode([""])
    assert empty.row.input_ids == (tokenizer.bos_token_id,)
    assert empty.tokens == (tokenizer.bos_token,)
    assert (empty.words, empty.token_words, empty.token_spans) == ((), (None,), (None,))
    assert not empty.truncated


def test_words_that_the_tokenizer_drops_keep_their_place(load):
    (encoded,) = TextEncoder(load("bert"), UNCUT).encode(["a \u200b film"])
    assert encoded.word_texts == ("a", "\u200b", "film")
    assert encoded.visible_words == (0, 2)


def test_texts_come_back_in_order(tokenizer):
    encoder = TextEncoder(tokenizer, UNCUT)
    texts = [*TEXTS, "", *reversed(TEXTS)]
    assert [encoded.text for encoded in encoder.encode(tuple(texts))] == texts
    assert encoder.encode(texts) == [encoder.encode([text])[0] for text in texts]
    assert encoder.encode([]) == []


def test_the_tokenizer_is_not_changed_and_its_own_settings_do_not_matter(tokenizer):
    plain = TextEncoder(tokenizer, 12).encode([*TEXTS, LONG])
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer(TEXTS, padding="max_length", max_length=20, truncation=True)
    backend = tokenizer.backend_tokenizer
    before = (backend.truncation, backend.padding, backend.to_str())
    assert before[0] is not None
    assert before[1] is not None
    assert TextEncoder(tokenizer, 12).encode([*TEXTS, LONG]) == plain
    assert (backend.truncation, backend.padding, backend.to_str()) == before


def test_a_tokenizer_that_splits_special_tokens_still_does(checkpoint):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint("bert"), split_special_tokens=True)
    encoded = without_cut(TextEncoder(tokenizer, UNCUT), "a [SEP] film")
    assert list(encoded.row.input_ids) == tokenizer("a [SEP] film")["input_ids"]
    assert encoded.word_texts == ("a", "[", "SEP", "]", "film")


def test_many_threads_encode_at_once(tokenizer):
    encoder = TextEncoder(tokenizer, 12)
    batches = [[LONG, text, LONG[: 7 * at]] for at, text in enumerate(TEXTS * 8)]
    alone = [encoder.encode(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(encoder.encode, batches)) == alone


def refusal(*texts: Any) -> str:
    backend = Tokenizer(models.WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    encoder = TextEncoder(PreTrainedTokenizerFast(tokenizer_object=backend), UNCUT)
    with pytest.raises(UserError) as caught:
        encoder.encode(texts[0] if len(texts) == 1 else texts)
    return str(caught.value)


def test_texts_that_are_no_list_of_strings_are_refused():
    assert refusal("a film") == "texts is one string, 'a film'; give a list of strings."
    assert refusal("a", 3) == "Text 1 is 3, which is not a string; give strings only."
    assert refusal(None, "a") == "Text 0 is None, which is not a string; give strings only."


def test_half_a_character_is_refused():
    assert refusal("a", "b \ud83d") == (
        "Text 1, 'b \\ud83d', holds half of a character (a surrogate); "
        "read it again with the right encoding."
    )


def test_a_tokenizer_without_offsets_is_refused():
    class SlowTokenizer:
        is_fast = False

    with pytest.raises(UserError, match="SlowTokenizer gives no character offsets; use a model"):
        TextEncoder(SlowTokenizer(), UNCUT)


def test_a_tokenizer_written_in_python_is_refused(load):
    class Splitter:
        def pre_tokenize(self, text: object) -> None: ...

    tokenizer = load("bert")
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.PreTokenizer.custom(Splitter())
    with pytest.raises(UserError, match=r"BertTokenizer cannot be copied \(.+\); use a model"):
        TextEncoder(tokenizer, UNCUT)
