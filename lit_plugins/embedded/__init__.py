"""What the package brings along: small models of English reviews and a set of short ones."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

EMBEDDED_MODELS = ("sentiment-small", "sentiment-bow")
"""Short names that `TextClassifier.from_pretrained` takes."""

EMBEDDED_FILLER = "review-filler"
"""The name of the masked language model that `MaskedLanguageModel.from_pretrained` takes."""


def model_path(name: str) -> Path:
    """The folder of an embedded model."""
    return Path(str(files(__name__))) / "models" / name


def reviews_path() -> Path:
    """The embedded reviews: columns sentence, label, domain, phenomenon and pair, tab-separated."""
    return Path(str(files(__name__))) / "reviews.tsv"


def some_reviews(count: int) -> list[str]:
    """The first texts of the embedded reviews."""
    lines = reviews_path().read_text(encoding="utf-8").splitlines()[1 : count + 1]
    return [line.split("\t")[0] for line in lines]
