"""Models that many tests share, made once a session."""

import os
import signal

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports the hub's client

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForSequenceClassification, PreTrainedModel

from lit_plugins import TextClassifier
from lit_plugins.models.quiet import quiet_transformers
from tests.checkpoints import save_checkpoint

torch.set_num_threads(1)  # tiny models only lose by more

# A shell lets what it runs in the background ignore Ctrl-C, and all that the tests start with it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="session")
def plain(checkpoint: Callable[..., Path]) -> Callable[..., PreTrainedModel]:
    """Such a model as `transformers` loads it, in evaluation mode; not to be changed."""
    made: dict[tuple[str, int, str | None], PreTrainedModel] = {}

    def load(kind: str, classes: int = 2, attention: str | None = None) -> PreTrainedModel:
        key = (kind, classes, attention)
        if key not in made:
            with quiet_transformers():
                made[key] = AutoModelForSequenceClassification.from_pretrained(
                    checkpoint(kind, classes), attn_implementation=attention
                ).eval()
        return made[key]

    return load
