"""Embedded data of the package: small models for English reviews, and a set of short reviews."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

EMBEDDED_MODELS = ("sentiment-small", "sentiment-bow")
"""Names of the embedded classifiers, for `TextClassifier.from_pretrained`."""

EMBEDDED_FILLER = "review-filler"
"""Name of the embedded masked language model, for `MaskedLanguageModel.from_pretrained`."""


def model_path(name: str) -> Path:
    """The folder of an embedded model."""
    return Path(str(files(__name__))) / "models" / name


def reviews_path() -> Path:
    """The file of embedded reviews.

    It is tab-separated, with the columns sentence, label, domain, phenomenon and pair.
    """
    return Path(str(files(__name__))) / "reviews.tsv"


def some_reviews(count: int) -> list[str]:
    """The first `count` texts of the embedded reviews."""
    lines = reviews_path().read_text(encoding="utf-8").splitlines()[1 : count + 1]
    return [line.split("\t")[0] for line in lines]
