"""Folders of models hold files that can be read to their end, and nothing that runs."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from lit_plugins.errors import UserError
from lit_plugins.models.checkpoint_folder import check_folder

AUTO = "AutoModelForSequenceClassification"
needs_pipes = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "model.safetensors").write_bytes(b"")
    (tmp_path / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}')
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        check_folder(folder, "m", AUTO)
    return str(caught.value)


def test_a_good_folder_gives_its_configuration(folder):
    (folder / "onnx").mkdir()
    (folder / "latest.bin").symlink_to(folder / "gone.bin")
    assert check_folder(folder, "m", AUTO) == {"model_type": "bert"}


@needs_pipes
@pytest.mark.parametrize(
    "name", ["config.json", "tokenizer.json", "model.safetensors", "vocab.txt"]
)
def test_pipes_devices_and_folders_are_not_read(folder, name):
    path = folder / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    mend = "give the folder that save_pretrained wrote."
    assert refusal(folder) == f"The {name} of 'm' is a pipe or a device; {mend}"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert refusal(folder) == f"The {name} of 'm' is a pipe or a device; {mend}"
    path.unlink()
    path.mkdir()
    assert refusal(folder) == f"The {name} of 'm' is a folder; {mend}"


def test_a_file_without_weights_has_a_largest_size(folder):
    with (folder / "tokenizer.json").open("wb") as file:
        file.truncate(2**30 + 1)  # takes no room on the disk
    assert refusal(folder) == (
        "The tokenizer.json of 'm' is a file of more than 1 GiB; give the folder that "
        "save_pretrained wrote."
    )


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
@pytest.mark.parametrize("content", ["[]", "null", "3", '"x"'])
def test_settings_are_an_object(folder, name, content):
    (folder / name).write_text(content)
    assert refusal(folder) == (
        f"The {name} of 'm' holds no JSON object; save the model again with save_pretrained."
    )


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
@pytest.mark.parametrize("named", ["AutoModel", "BertModel", "pipeline", "AutoTokenizer"])
def test_the_class_of_a_tokenizer_is_one(folder, name, named):
    (folder / name).write_text(json.dumps({"tokenizer_class": named}))
    assert refusal(folder) == (
        f"The model 'm' names {named!r} as the class of its tokenizer, which is none; save the "
        "tokenizer again with save_pretrained."
    )
