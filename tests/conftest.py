"""Models that many tests share, made once a session."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports the hub's client

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from lit_plugins import TextClassifier
from tests.checkpoints import save_checkpoint

torch.set_num_threads(1)  # tiny models only lose by more


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A saved model of a kind, with so many classes."""
    made: dict[tuple[str, int], Path] = {}

    def make(kind: str, classes: int = 2) -> Path:
        if (kind, classes) not in made:
            folder = tmp_path_factory.mktemp(f"{kind}-{classes}")
            made[kind, classes] = save_checkpoint(kind, folder, classes)
        return made[kind, classes]

    return make


@pytest.fixture(scope="session")
def classifier(checkpoint: Callable[..., Path]) -> Callable[..., TextClassifier]:
    """Such a model, loaded."""
    made: dict[tuple[str, int], TextClassifier] = {}

    def load(kind: str, classes: int = 2) -> TextClassifier:
        if (kind, classes) not in made:
            made[kind, classes] = TextClassifier.from_pretrained(str(checkpoint(kind, classes)))
        return made[kind, classes]

    return load
