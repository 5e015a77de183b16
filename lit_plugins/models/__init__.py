"""Wrappers of Hugging Face models: classifiers and masked language models.

Names are imported on first use, because torch and transformers take seconds to import.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier
    from lit_plugins.models.default_filler import DEFAULT_FILLER, load_filler
    from lit_plugins.models.masked_language_model import MaskedLanguageModel
    from lit_plugins.models.predictions import Gradients, Predictions
    from lit_plugins.models.task import Target

# Some architectures would fetch code for a GPU from the hub; this tells transformers not to.
os.environ.setdefault("USE_HUB_KERNELS", "NO")

__all__ = [
    "DEFAULT_FILLER",
    "Gradients",
    "MaskedLanguageModel",
    "Predictions",
    "Target",
    "TextClassifier",
    "load_filler",
]

_MODULES = {
    "DEFAULT_FILLER": "default_filler",
    "Gradients": "predictions",
    "MaskedLanguageModel": "masked_language_model",
    "Predictions": "predictions",
    "Target": "task",
    "TextClassifier": "classifier",
    "load_filler": "default_filler",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
