"""Weights of saved models: whole, damaged, missing or of another size."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import (
    AutoModel,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    T5EncoderModel,
)

from lit_plugins import TextClassifier
from lit_plugins.models.loading import load
from tests.checkpoints import TEXTS
from tests.models.spoiled import edit


def test_weights_in_many_files_are_the_same_model(saved, tmp_path):
    model = AutoModelForSequenceClassification.from_pretrained(saved)
    model.save_pretrained(tmp_path / "sharded", max_shard_size="10KB")
    AutoTokenizer.from_pretrained(saved).save_pretrained(tmp_path / "sharded")
    assert len(list((tmp_path / "sharded").glob("*.safetensors"))) > 2
    loaded, _ = load(str(tmp_path / "sharded"), None, torch.device("cpu"), "float32")
    weights = loaded.state_dict()
    assert weights.keys() == model.state_dict().keys()
    assert all(torch.equal(weights[name], weight) for name, weight in model.state_dict().items())


def test_weights_that_are_a_git_lfs_pointer(saved, refusal):
    path = saved / "model.safetensors"
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")
    assert refusal(saved) == (
        f"The file {str(path)!r} is a git-lfs pointer and not the file itself: "
        "run git lfs pull where it came from."
    )


def test_weights_that_are_a_pickle(saved, refusal):
    weights = load_file(saved / "model.safetensors")
    (saved / "model.safetensors").unlink()
    torch.save(weights, saved / "pytorch_model.bin")
    assert refusal(saved) == (
        f"The model {str(saved)!r} has its weights only as pytorch_model.bin, and pickles are not "
        "read because they can run code; if you trust it, convert it in Python by "
        f"transformers.AutoModelForSequenceClassification.from_pretrained({str(saved)!r})"
        f".save_pretrained({str(saved)!r})."
    )
    path = str(saved)
    transformers.AutoModelForSequenceClassification.from_pretrained(path).save_pretrained(path)
    assert TextClassifier.from_pretrained(saved).predict(TEXTS)


def test_a_pickle_beside_other_safetensors_is_not_read(saved, refusal):
    weights = load_file(saved / "model.safetensors")
    (saved / "model.safetensors").rename(saved / "other.safetensors")
    torch.save(weights, saved / "pytorch_model.bin")
    assert refusal(saved).startswith(f"The model {str(saved)!r} cannot be loaded (Error no file")


def test_no_weights(saved, refusal):
    (saved / "model.safetensors").unlink()
    assert refusal(saved) == (
        f"The model {str(saved)!r} has no weights; "
        "save it again with save_pretrained, which writes safetensors, "
        "since pickles are not read because they can run code."
    )


@pytest.mark.parametrize("kept", [0, 5, 1000])
def test_damaged_weights(saved, kept, refusal):
    path = saved / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    sentence = refusal(saved)
    assert sentence.startswith(f"The weights of {str(saved)!r} are damaged (")
    assert sentence.endswith("; download or save them again.")


def test_a_missing_head(saved, refusal):
    AutoModel.from_pretrained(saved).save_pretrained(saved)
    assert refusal(saved) == (
        f"The checkpoint {str(saved)!r} has no weights for classifier.bias, classifier.weight, "
        "so its classification head would be random; "
        "give a model that was fine-tuned for classification."
    )


@pytest.mark.parametrize("kind", ["distilbert", "roberta", "deberta-v2", "gpt2", "llama"])
def test_a_missing_head_of_any_kind(checkpoint, tmp_path, kind, refusal):
    saved = Path(shutil.copytree(checkpoint(kind), tmp_path / "model"))
    AutoModel.from_pretrained(saved).save_pretrained(saved)
    assert refusal(saved).startswith(f"The checkpoint {str(saved)!r} has no weights for ")


def test_missing_weights_are_not_listed_without_end(saved, refusal):
    path = saved / "model.safetensors"
    weights = {key: weight for key, weight in load_file(path).items() if "embeddings" in key}
    save_file(weights, path, metadata={"format": "pt"})
    assert refusal(saved) == (
        f"The checkpoint {str(saved)!r} has no weights for bert.encoder.layer.0.attention.output."
        "LayerNorm.bias and 35 more, so its classification head would be random; "
        "give a model that was fine-tuned for classification."
    )


def test_a_head_of_another_size(saved, refusal):
    edit(saved, id2label={str(index): f"label {index}" for index in range(5)}, label2id=None)
    assert refusal(saved) == (
        f"The weights of {str(saved)!r} do not fit its config.json: classifier.bias is (2,) and "
        "should be (5,); save model and configuration together."
    )


def test_a_shard_that_is_missing(saved, tmp_path, refusal):
    model = AutoModelForSequenceClassification.from_pretrained(saved)
    (saved / "model.safetensors").unlink()
    model.save_pretrained(saved, max_shard_size="10KB")
    next(iter(sorted(saved.glob("*.safetensors")))).unlink()
    assert refusal(saved).startswith(f"The model {str(saved)!r} cannot be loaded (")


def test_an_encoder_of_an_encoder_decoder_has_no_head(checkpoint, tmp_path, refusal):
    saved = Path(shutil.copytree(checkpoint("t5", 3), tmp_path / "model"))
    T5EncoderModel.from_pretrained(saved).save_pretrained(saved)
    assert refusal(saved).startswith(f"The checkpoint {str(saved)!r} has no weights for ")
