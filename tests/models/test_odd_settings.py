"""Whatever a model's files say, it opens, or one sentence says why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lit_plugins import TextClassifier, UserError


@pytest.fixture
def folder(checkpoint: Callable[..., Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint("bert"), tmp_path / "m"))


def edit(path: Path, *keys: str, value: Any) -> None:
    content = inner = json.loads(path.read_text())
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(content))


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        TextClassifier.from_pretrained(folder)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert ". " not in sentence
    return sentence


@pytest.mark.parametrize(
    "value", ["512", "", "x", -1, 1, 2, [512], {"a": 1}, float("nan")], ids=repr
)
def test_the_most_tokens_are_a_number_that_leaves_room_for_a_word(folder, value):
    edit(folder / "tokenizer_config.json", "model_max_length", value=value)
    if value == "":
        assert TextClassifier.from_pretrained(folder).max_length == 64
        return
    assert refusal(folder) == (
        f"The tokenizer's model_max_length is {value!r}; write a number of at least 3 into "
        "tokenizer_config.json, or give max_length."
    )
    assert TextClassifier.from_pretrained(folder, max_length=9).max_length == 9


@pytest.mark.parametrize("value", [None, 0, 1e30, 10**30, 4.0], ids=repr)
def test_other_numbers_of_tokens_are_bounded_by_the_model(folder, value):
    edit(folder / "tokenizer_config.json", "model_max_length", value=value)
    assert TextClassifier.from_pretrained(folder).max_length == (4 if value == 4.0 else 64)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("padding_side", "nonsense"),
        ("truncation_side", 3),
        ("unk_token", ""),
        ("unk_token", []),
        ("cls_token", 7),
        ("tokenizer_class", 7),
        ("added_tokens_decoder", "x"),
        ("added_tokens_decoder", {"x": "y"}),
        ("extra_special_tokens", 3),
        ("auto_map", 5),
    ],
)
def test_odd_settings_of_a_tokenizer(folder, key, value):
    edit(folder / "tokenizer_config.json", key, value=value)
    refusal(folder)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("normalizer", {"type": "Precompiled", "precompiled_charsmap": "AAAAAA=="}),
        ("pre_tokenizer", {"type": "FixedLength", "length": 0}),
        ("model", {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "gone"}),
        ("model", {"type": "Unigram", "vocab": [], "unk_id": 3}),
        ("model", None),
        ("added_tokens", "x"),
        ("post_processor", {"type": "BertProcessing"}),
    ],
)
def test_tokenizers_that_panic_or_fail(folder, key, value):
    # Other classes make some of these steps themselves.
    edit(folder / "tokenizer_config.json", "tokenizer_class", value="PreTrainedTokenizerFast")
    edit(folder / "tokenizer.json", key, value=value)
    refusal(folder)


@pytest.mark.parametrize(
    "key",
    [
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "max_position_embeddings",
        "num_hidden_layers",
        "num_labels",
        "type_vocab_size",
    ],
)
@pytest.mark.parametrize("value", [2 * 10**7, 10**9, 10**13])
def test_sizes_that_do_not_fit_the_weights_take_no_memory(folder, key, value):
    edit(folder / "config.json", key, value=value)
    assert "onfig" in refusal(folder)


def test_layers_without_end_are_not_built(folder):
    edit(folder / "config.json", "num_hidden_layers", value=20_000)
    assert "asks for a far larger model than that of its files" in refusal(folder)


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xff" * 8,
        (2**60).to_bytes(8, "little") + b"{}",
        (60).to_bytes(8, "little")
        + b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}     ',
        (66).to_bytes(8, "little")
        + b'{"a":{"dtype":"F32","shape":[4000000000],"data_offsets":[0,4]}}   ',
    ],
)
def test_headers_that_lie(folder, header):
    (folder / "model.safetensors").write_bytes(header)
    assert refusal(folder).startswith(f"The weights of {str(folder)!r} are damaged (")
