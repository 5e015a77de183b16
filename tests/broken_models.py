"""Models with damaged weights, made from the embedded ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer

from lit_plugins.embedded import model_path


def with_broken_word(path: Path, word: str) -> Path:
    """Writes a model that gives logits which are no numbers for texts with a word.

    Args:
        path: the folder to write; it must not exist.
        word: a word that is one token.
    """
    shutil.copytree(model_path("sentiment-bow"), path)
    token = AutoTokenizer.from_pretrained(path).convert_tokens_to_ids(word)
    weights = load_file(path / "model.safetensors")
    (table,) = (name for name in weights if name.endswith("word_embeddings.weight"))
    weights[table][token] = torch.nan
    save_file(weights, path / "model.safetensors", metadata={"format": "pt"})
    return path
