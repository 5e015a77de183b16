"""No setting of a model makes transformers fetch code or run it."""

from __future__ import annotations

import json
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers import BertConfig, Gemma3Config
from transformers.integrations import hub_kernels

from lit_plugins import TextClassifier, UserError
from lit_plugins.models.outside_code import drop_outside_code
from tests.checkpoints import TEXTS

NAMED = ["org/kernel", "org/kernel:f@main", "kernels-community/flash-attn2", "flash_attention_2"]


@pytest.fixture
def folder(checkpoint: Callable[..., Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(checkpoint("bert"), tmp_path / "model"))


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def edit(path: Path, **settings: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))


@pytest.mark.parametrize(
    "settings",
    [
        *({"attn_implementation": name} for name in NAMED),
        *({"_attn_implementation": name} for name in NAMED),
        {"attn_implementation": {"": "org/kernel"}},
        {"_attn_implementation_internal": "org/kernel"},
        {"experts_implementation": "org/kernel"},
        {"fusion_config": {"org/kernel": True}, "kernel_config": {"X": "org/kernel"}},
        {"use_kernels": True},
        {
            "auto_map": {
                "AutoConfig": "own.C",
                "AutoModelForSequenceClassification": "org/repo--own.M",
            }
        },
    ],
    ids=repr,
)
def test_named_code_is_left_out_and_the_logits_are_the_same(
    folder, checkpoint, classifier, settings
):
    (folder / "own.py").write_text("raise SystemExit('code was run')")
    edit(folder / "config.json", **settings)
    before = set(sys.modules)
    logits = TextClassifier.from_pretrained(folder).predict(TEXTS).logits
    np.testing.assert_allclose(logits, classifier("bert").predict(TEXTS).logits, atol=1e-6)
    files = [getattr(sys.modules[name], "__file__", None) for name in set(sys.modules) - before]
    assert not [file for file in files if file and Path(file).is_relative_to(folder)]


def test_configurations_within_others_are_searched_too():
    config = Gemma3Config(attn_implementation={"": "org/one", "text_config": "org/two"})
    drop_outside_code(config)
    assert config._attn_implementation is None
    assert config.text_config._attn_implementation is None


@pytest.mark.parametrize("name", ["eager", "sdpa"])
def test_what_is_part_of_torch_stays(name):
    config = BertConfig(attn_implementation=name)
    drop_outside_code(config)
    assert config._attn_implementation == name


def test_a_kernel_of_the_hub_is_refused_once_a_model_was_loaded(folder):
    TextClassifier.from_pretrained(folder)
    with pytest.raises(UserError, match="The kernel 'org/x' is code on the hub.*USE_HUB_KERNELS="):
        hub_kernels.get_kernel("org/x", version=1)
