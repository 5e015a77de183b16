"""Models of the hub are fetched once, or one sentence says why not."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import torch
from huggingface_hub.errors import (
    GatedRepoError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from lit_plugins import TextClassifier
from lit_plugins.models.loading import load


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path | Exception], list[dict[str, Any]]]:
    """Lets the hub answer with a folder or an error; gives what it was asked for."""

    def answer(with_what: Path | Exception) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def snapshot_download(name: str, **options: Any) -> str:
            asked.append({"name": name, **options})
            if isinstance(with_what, Exception):
                raise with_what
            return str(with_what)

        monkeypatch.setattr("lit_plugins.models.loading.snapshot_download", snapshot_download)
        return asked

    return answer


def test_a_name_on_the_hub_is_fetched_once_without_pickles(saved, hub):
    asked = hub(saved)
    ours = TextClassifier.from_pretrained("someone/model", revision="v1.0")
    assert ours.name == "someone/model"
    (request,) = asked
    assert (request["name"], request["revision"]) == ("someone/model", "v1.0")
    for file, fetched in {
        "config.json": True,
        "tokenizer.json": True,
        "vocab.txt": True,
        "spiece.model": True,
        "model.safetensors": True,
        "model-00001-of-00002.safetensors": True,
        "pytorch_model.bin": False,
        "tf_model.h5": False,
        "onnx/model.safetensors": False,
        "consolidated.safetensors": False,
        "modeling_own.py": False,
    }.items():
        wanted = any(fnmatch(file, pattern) for pattern in request["allow_patterns"])
        unwanted = any(fnmatch(file, pattern) for pattern in request["ignore_patterns"])
        assert (wanted and not unwanted) == fetched, file


def test_a_folder_is_never_looked_for_on_the_hub(saved, hub):
    asked = hub(AssertionError())
    load(str(saved), "v1.0", torch.device("cpu"), "float32")
    assert asked == []


def test_a_name_that_is_not_in_the_cache_while_offline(refusal):
    for name in ("nobody/nothing-9", "nothing-9"):
        assert refusal(name) == (
            f"The model {name!r} is not in the local cache and HF_HUB_OFFLINE is set; "
            "unset it, or give a folder."
        )


@pytest.mark.parametrize("name", ["no such:model", "a b/c", "n" * 300, ""])
def test_a_name_that_no_hub_would_take(name, refusal):
    assert refusal(name) == (
        f"There is no folder {name!r}, and no model on the hub has such a name; "
        "give a folder or a name like 'owner/model'."
    )


NOT_FOUND = MagicMock(headers={})


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            GatedRepoError("no.", response=NOT_FOUND),
            "The model 'an/example' is gated; ask for access on the hub and run `hf auth login`.",
        ),
        (
            RevisionNotFoundError("no.", response=NOT_FOUND),
            "The model 'an/example' has no revision 'v9'; give a branch, tag or commit.",
        ),
        (
            RepositoryNotFoundError("no.", response=NOT_FOUND),
            "There is no model 'an/example' on the hub, or it is private; check the name "
            "or run `hf auth login`.",
        ),
        (
            LocalEntryNotFoundError("Got: ConnectError.\nCheck your connection."),
            "The hub is out of reach, so the model 'an/example' cannot be fetched; "
            "check the connection, or give a folder.",
        ),
        (
            OSError(28, "No space left on device"),
            "The model 'an/example' cannot be fetched ([Errno 28] No space left on device); "
            "try again, or give a folder.",
        ),
    ],
)
def test_what_the_hub_answers(hub, refusal, answer, sentence):
    hub(answer)
    assert refusal("an/example", revision="v9") == sentence


def test_a_model_on_the_hub_without_the_files_that_are_read(hub, refusal, tmp_path):
    hub(tmp_path)
    assert refusal("an/example") == (
        "The model 'an/example' has no config.json; give the folder that save_pretrained wrote."
    )
    (tmp_path / "config.json").write_text("{}")
    assert refusal("an/example") == (
        "The model 'an/example' has no weights; "
        "save it again with save_pretrained, which writes safetensors, "
        "since pickles are not read because they can run code."
    )
