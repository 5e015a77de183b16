"""Explanations of what a classifier says: one call, `explain`, for every method."""

from __future__ import annotations

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
