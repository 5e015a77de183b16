"""Models come from folders and the hub, or one sentence says why not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    ViTConfig,
)

from lit_plugins import EMBEDDED_MODELS, TextClassifier, UserError
from lit_plugins.models import loading
from lit_plugins.models.loading import choose_device, load
from tests.checkpoints import TEXTS
from tests.models.spoiled import edit

CPU = torch.device("cpu")


def test_a_folder_gives_the_model_and_the_tokenizer_that_were_saved(saved):
    model, tokenizer = load(str(saved), None, CPU, "float32")
    assert not model.training
    assert model.dtype == torch.float32
    expected = AutoTokenizer.from_pretrained(saved)
    assert tokenizer(TEXTS)["input_ids"] == expected(TEXTS)["input_ids"]


def test_the_precision_may_be_that_of_the_saved_weights(saved):
    path = saved / "model.safetensors"
    weights = {name: weight.bfloat16() for name, weight in load_file(path).items()}
    save_file(weights, path, metadata={"format": "pt"})
    edit(saved, dtype="bfloat16")
    auto = TextClassifier.from_pretrained(saved, dtype="auto")
    half = TextClassifier.from_pretrained(saved, dtype="bfloat16")
    assert auto.rounding == half.rounding
    assert auto.fingerprint == half.fingerprint
    assert TextClassifier.from_pretrained(saved).fingerprint != half.fingerprint
    assert [loading.default_dtype(torch.device(kind)) for kind in ("cpu", "cuda", "mps")] == [
        *("float32", "auto", "auto")
    ]


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_half_precision_is_near_and_comes_out_as_float32(checkpoint, classifier, dtype):
    half = TextClassifier.from_pretrained(str(checkpoint("bert")), dtype=dtype)
    exact = classifier("bert").predict(TEXTS, embeddings=True)
    near = half.predict(TEXTS, embeddings=True)
    rows = [text.row for text in half.encode(TEXTS)]
    (gradients, *_), (attention, *_) = half.gradients(rows, [0] * len(rows)), half.attention(rows)
    given: list[Any] = [
        near.logits,
        near.probabilities,
        near.embeddings,
        gradients.gradients,
        gradients.embeddings,
        gradients.pooled_gradient,
        half.layer_embeddings(rows),
        attention,
        half.input_embeddings(rows)[0],
        half.embedding_table()[1],
    ]
    assert {values.dtype for values in given} == {np.dtype(np.float32)}
    np.testing.assert_allclose(near.probabilities, exact.probabilities, atol=0.05)


def test_a_path_is_as_good_as_its_name(saved):
    assert TextClassifier.from_pretrained(saved).name == str(saved)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory. Error code 12"),
        RuntimeError("unable to mmap 24 bytes from file <x>: Cannot allocate memory (12)"),
        SafetensorError("Cannot allocate memory (os error 12)"),
    ],
)
def test_a_model_that_does_not_fit_in_memory(saved, monkeypatch, refusal, error):
    def fails(*args: Any, **options: Any) -> None:
        raise error

    monkeypatch.setattr(AutoModelForSequenceClassification, "from_pretrained", fails)
    assert refusal(saved) == (
        f"The model {str(saved)!r} does not fit in memory; "
        "give a smaller one, another device, or dtype='bfloat16'."
    )


def test_a_model_that_needs_a_package_that_is_not_there(saved, monkeypatch, refusal):
    def fails(*args: Any, **options: Any) -> None:
        raise ImportError("Using 8-bit quantization requires bitsandbytes. Please install it.")

    monkeypatch.setattr(AutoModelForSequenceClassification, "from_pretrained", fails)
    assert refusal(saved) == (
        f"The model {str(saved)!r} needs a package that is not installed (Using 8-bit "
        "quantization requires bitsandbytes); install it with pip."
    )


def test_a_folder_may_be_given_from_home(saved, monkeypatch):
    monkeypatch.setenv("HOME", str(saved.parent))
    assert load("~/model", None, CPU, "float32")[0].config.num_labels == 2


@pytest.mark.parametrize("name", ["./nowhere", "/no/where", "a/b/c", "~/nowhere", "no\\where"])
def test_a_folder_that_is_not_there(name, refusal):
    assert refusal(name) == (
        f"There is no folder {name!r}; give a folder with a saved model, a name on the hub, or "
        f"one of {', '.join(EMBEDDED_MODELS)}."
    )


def test_a_file_in_place_of_a_folder(saved, refusal):
    path = str(saved / "model.safetensors")
    assert refusal(path) == (
        f"The model {path!r} is a file; give the folder that holds config.json."
    )


def test_a_folder_without_a_configuration(saved, refusal):
    (saved / "config.json").unlink()
    assert refusal(saved) == (
        f"The model {str(saved)!r} has no config.json; give the folder that save_pretrained wrote."
    )


def test_a_configuration_that_is_no_json(saved, refusal):
    (saved / "config.json").write_text("{model_type: bert}")
    assert refusal(saved) == (
        f"The config.json of {str(saved)!r} is not valid JSON (Expecting property name enclosed "
        "in double quotes: line 1 column 2 (char 1)); save the model again with save_pretrained."
    )


def test_a_configuration_of_no_known_model(saved, refusal):
    edit(saved, model_type="of-tomorrow")
    sentence = refusal(saved)
    assert sentence.startswith(f"The model {str(saved)!r} cannot be loaded (The checkpoint you")
    assert sentence.endswith("); save or download it again.")


def test_a_configuration_with_a_value_of_the_wrong_type(saved, refusal):
    edit(saved, num_hidden_layers="two")
    assert refusal(saved).startswith(f"The model {str(saved)!r} cannot be loaded (")


def test_a_model_with_code_of_its_own(saved, refusal):
    auto = {"AutoConfig": "own.Config", "AutoModelForSequenceClassification": "own.Model"}
    edit(saved, model_type="own", auto_map=auto)
    (saved / "own.py").write_text("raise SystemExit('code was run')")
    assert refusal(saved) == (
        f"The model {str(saved)!r} comes with its own code, which is never run; "
        "give a model whose architecture is part of transformers."
    )


def test_an_architecture_that_classifies_no_text(saved, refusal):
    ViTConfig(hidden_size=8, num_hidden_layers=1, num_attention_heads=1).save_pretrained(saved)
    assert refusal(saved) == (
        f"The model {str(saved)!r} is of a kind that has no sequence classifier; "
        "give a model for text classification."
    )


def test_a_regression(saved, refusal):
    edit(saved, problem_type="regression")
    assert refusal(saved) == (
        f"The model {str(saved)!r} is a regression or has one output only; "
        "give a classifier with two or more classes."
    )


def test_one_output(checkpoint, refusal):
    path = checkpoint("bert", 1)
    assert refusal(path) == (
        f"The model {str(path)!r} is a regression or has one output only; "
        "give a classifier with two or more classes."
    )


def test_many_labels_at_once(saved, refusal):
    edit(saved, problem_type="multi_label_classification")
    assert refusal(saved) == (
        f"The model {str(saved)!r} gives several labels at once (multi-label); "
        "give a classifier whose classes exclude each other."
    )


def test_an_unknown_dtype(saved, refusal):
    assert refusal(saved, dtype="int8") == (
        "The dtype 'int8' is not known; choose from auto, float32, bfloat16, float16."
    )


@pytest.mark.parametrize("device", ["gpu", "cuda:99", "meta", "", -7, None])
def test_an_unknown_device(device):
    with pytest.raises(UserError) as caught:
        choose_device(device)
    assert str(caught.value) == f"The device {str(device)!r} is not there; use 'auto' or 'cpu'."


def test_devices_that_are_there():
    assert choose_device("cpu") == CPU
    assert choose_device(CPU) == CPU
    assert choose_device("auto").type in ("cpu", "cuda", "mps")
