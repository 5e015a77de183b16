"""See why a Hugging Face text classifier says what it says, in Google's LIT and in Python.

Names are loaded at first use, so that `import lit_plugins` needs neither torch nor transformers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lit_plugins import evaluate
    from lit_plugins.counterfactual import Counterfactual, counterfactuals
    from lit_plugins.embedded import EMBEDDED_MODELS
    from lit_plugins.errors import UserError
    from lit_plugins.explain import Explanation, explain
    from lit_plugins.models import Gradients, Predictions, TextClassifier

__version__ = "0.2.0"

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

_PACKAGES = ("evaluate", "explain")  # `explain` is called as a function, too
_HOMES = {
    "EMBEDDED_MODELS": "embedded",
    "Counterfactual": "counterfactual",
    "Explanation": "explain",
    "Gradients": "models",
    "Predictions": "models",
    "TextClassifier": "models",
    "UserError": "errors",
    "counterfactuals": "counterfactual",
}


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        return import_module(f"{__name__}.{name}")
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
