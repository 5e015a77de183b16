"""Inputs of the benchmarks: sentences, and models of two shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from lit_plugins.data import load_table
from lit_plugins.embedded import EMBEDDED_MODELS, model_path
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.models.loading import choose_device
from lit_plugins.text.encoded import EncodedText

DISTILBERT = "distilbert"
"""DistilBERT's real configuration with random weights, for measuring speed alone."""

SHAPES = (DISTILBERT, "sentiment-small")


@dataclass(frozen=True, eq=False)
class Case:
    """A text, its words and tokens, and the class that is explained: the predicted one."""

    text: str
    encoded: EncodedText
    target: int


@dataclass(frozen=True, eq=False)
class Workload:
    """One model: as `transformers` loads it, for other packages, and as a `TextClassifier`.

    Attributes:
        name: the name or folder that the user gave.
        folder: the model's folder.
        model: the model in float32 and evaluation mode, on the device.
        tokenizer: the model's tokenizer.
        classifier: the same model and tokenizer as this package's classifier.
    """

    name: str
    folder: Path
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    classifier: TextClassifier

    @classmethod
    def load(cls, name: str, folder: Path, device: str = "cpu") -> Workload:
        """Loads a saved model for both sides."""
        model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32)
        classifier = TextClassifier.from_pretrained(folder, device=device)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        return cls(name, folder, model.to(choose_device(device)).eval(), tokenizer, classifier)

    @property
    def trained(self) -> bool:
        """Whether the weights are trained, so that predictions depend on a text's meaning."""
        return self.name != DISTILBERT

    def cases(self, texts: Sequence[str]) -> list[Case]:
        """Encodes texts, with the model's predicted classes as targets."""
        encoded = self.classifier.encode(texts)
        logits = self.classifier.logits([text.row for text in encoded])
        predicted = self.classifier.task.predicted(logits).tolist()
        return [
            Case(text.text, text, target) for text, target in zip(encoded, predicted, strict=True)
        ]


def folder_of(name: str, made_in: Path) -> Path:
    """Returns the folder of a model.

    Args:
        name: an embedded model, a folder, or `DISTILBERT`.
        made_in: the folder in which `DISTILBERT` is made at its first use.
    """
    if name != DISTILBERT:
        return model_path(name) if name in EMBEDDED_MODELS else Path(name)
    folder = made_in / DISTILBERT
    if not folder.exists():
        torch.manual_seed(0)
        DistilBertForSequenceClassification(DistilBertConfig()).save_pretrained(folder)
        tokenizer = AutoTokenizer.from_pretrained(
            model_path(EMBEDDED_MODELS[0]), model_input_names=["input_ids", "attention_mask"]
        )
        tokenizer.save_pretrained(folder)
    return folder


def sentences(source: str, count: int | None = None) -> list[str]:
    """Loads all texts of a file or dataset, or a sample of `count`, which is always the same."""
    return list(load_table(source, label_column="none", max_examples=count).texts)


def contrast_pairs() -> list[str]:
    """Returns the embedded reviews that form pairs of opposite labels, pair by pair."""
    table = load_table("reviews")
    pairs = zip(table.columns["pair"], table.texts, strict=True)
    return [text for _, text in sorted((str(pair), text) for pair, text in pairs if pair)]


def of_words(classifier: TextClassifier, texts: Sequence[str], words: int, count: int) -> list[str]:
    """Returns up to `count` texts of exactly `words` words; if need be, longer ones are cut."""
    encoded = [text for text in classifier.encode(texts) if len(text.words) >= words]
    encoded.sort(key=lambda text: len(text.words))
    return [text.text[: text.words[words - 1][1]] for text in encoded[:count]]
