"""See why a Hugging Face text classifier says what it says, in Google's LIT and in Python."""

from __future__ import annotations

from lit_plugins import evaluate
from lit_plugins.counterfactual import Counterfactual, counterfactuals
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.explain import Explanation, explain
from lit_plugins.models.classifier import Gradients, Predictions, TextClassifier

__version__ = "0.1.0"

__all__ = [
    "EMBEDDED_MODELS",
    "Counterfactual",
    "Explanation",
    "Gradients",
    "Predictions",
    "TextClassifier",
    "UserError",
    "counterfactuals",
    "evaluate",
    "explain",
]
