"""Tokenizers of saved models, of every kind of file and damaged ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from transformers import (
    ByT5Tokenizer,
)

from lit_plugins.models.loading import load
from tests.checkpoints import CORPUS
from tests.models.spoiled import without_tokenizer


def test_no_tokenizer(saved, refusal):
    without_tokenizer(saved)
    assert refusal(saved) == (
        f"The model {str(saved)!r} has no tokenizer; "
        "save it beside the model with tokenizer.save_pretrained."
    )


@pytest.mark.parametrize("kind", ["gpt2", "llama", "deberta-v2", "albert", "xlm-roberta"])
def test_no_tokenizer_of_any_kind(checkpoint, tmp_path, kind, refusal):
    saved = Path(shutil.copytree(checkpoint(kind), tmp_path / "model"))
    without_tokenizer(saved)
    assert refusal(saved).startswith(f"The model {str(saved)!r} has no tokenizer")


def test_a_damaged_tokenizer(saved, refusal):
    (saved / "tokenizer.json").write_text("{}")
    sentence = refusal(saved)
    assert sentence.startswith(f"The model {str(saved)!r} has no tokenizer that loads (")
    assert sentence.endswith("; save it beside the model with tokenizer.save_pretrained.")


SENTENCEPIECE_FILES = {
    "xlm-roberta": "sentencepiece.bpe.model",
    "albert": "spiece.model",
    "deberta-v2": "spm.model",
}


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SentencePiece model, trained on the corpus."""
    saved = tmp_path_factory.mktemp("pieces")
    SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 3),
        model_prefix=str(saved / "trained"),
        vocab_size=98,
        pad_id=-1,
        control_symbols=["[CLS]", "[SEP]", "[PAD]"],
        minloglevel=2,
    )
    return saved / "trained.model"


@pytest.mark.parametrize("kind", SENTENCEPIECE_FILES)
def test_a_tokenizer_that_is_a_sentencepiece_file_only(checkpoint, tmp_path, kind, pieces):
    saved = Path(shutil.copytree(checkpoint(kind), tmp_path / "model"))
    without_tokenizer(saved)
    shutil.copy(pieces, saved / SENTENCEPIECE_FILES[kind])
    reference = SentencePieceProcessor(model_file=str(pieces))
    _, tokenizer = load(str(saved), None, torch.device("cpu"), "float32")
    for text in ("a wonderful film", "The food was cold"):
        expected = reference.encode(text.lower() if kind == "albert" else text, out_type=str)
        assert tokenizer.tokenize(text) == expected


def test_a_damaged_sentencepiece_file(checkpoint, tmp_path, refusal):
    saved = Path(shutil.copytree(checkpoint("xlm-roberta"), tmp_path / "model"))
    without_tokenizer(saved)
    (saved / "sentencepiece.bpe.model").write_bytes(b"damaged")
    assert refusal(saved) == (
        f"The model {str(saved)!r} has no tokenizer that loads (sentencepiece.bpe.model is no "
        "SentencePiece model); save it beside the model with tokenizer.save_pretrained."
    )


def test_a_tokenizer_without_offsets(checkpoint, tmp_path, refusal):
    saved = Path(shutil.copytree(checkpoint("t5", 3), tmp_path / "model"))
    without_tokenizer(saved)
    ByT5Tokenizer().save_pretrained(saved)
    assert refusal(saved) == (
        "The tokenizer ByT5Tokenizer gives no character offsets; "
        "use a model with a fast tokenizer (a tokenizer.json)."
    )
