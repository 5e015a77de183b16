import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import FixedLength, WhitespaceSplit

from lit_plugins.errors import UserError
from lit_plugins.text.tokenizing import decode_all, encode_all, is_failure


@pytest.fixture
def words() -> Tokenizer:
    tokenizer = Tokenizer(WordLevel({"a": 0, "b": 1}, unk_token="b"))
    tokenizer.pre_tokenizer = WhitespaceSplit()  # type: ignore[assignment]
    return tokenizer


def test_texts_are_encoded_and_decoded_in_order(words):
    assert [encoding.ids for encoding in encode_all(words, ["a b", "", "a x a"])] == [
        *([0, 1], [], [0, 1, 0])
    ]
    assert decode_all(words, [[0, 1], []]) == ["a b", ""]


def test_a_panic_of_compiled_code_is_one_sentence(words):
    words.pre_tokenizer = FixedLength(0)
    with pytest.raises(UserError) as caught:
        encode_all(words, ["a b"])
    assert str(caught.value) == (
        "The model's tokenizer fails on a text (chunk size must be non-zero); save it again with "
        "save_pretrained."
    )
    assert is_failure(caught.value.__cause__)
    assert not isinstance(caught.value.__cause__, Exception)


def test_an_error_of_a_tokenizer_is_one_sentence():
    unknown = Tokenizer(WordLevel({"a": 0}, unk_token="missing"))
    with pytest.raises(UserError, match="fails on a text .*[Mm]issing"):
        encode_all(unknown, ["b"])


def test_an_interruption_is_no_failure():
    assert is_failure(ValueError())
    assert not is_failure(KeyboardInterrupt())
    assert not is_failure(SystemExit())
