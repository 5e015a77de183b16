"""Explanations of a classifier's output: one function, `explain`, for every method.

The package itself is callable: `lit_plugins.explain(classifier, texts)` calls
`lit_plugins.explain.explain(classifier, texts)`. This lets `from lit_plugins import explain` and
`import lit_plugins.explain.registry` work side by side.
"""

from __future__ import annotations

import inspect
import sys
from types import ModuleType
from typing import Any

from lit_plugins.explain.explanation import Explanation
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.explain.registry import METHODS, PIECES, explain, explain_each
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit

__all__ = [
    "METHODS",
    "PIECES",
    "Explanation",
    "ExplanationMethod",
    "Predictor",
    "Unit",
    "explain",
    "explain_each",
]


class _CallablePackage(ModuleType):
    __signature__ = inspect.signature(explain)

    def __call__(self, *arguments: Any, **options: Any) -> list[Explanation]:
        return explain(*arguments, **options)


sys.modules[__name__].__class__ = _CallablePackage
