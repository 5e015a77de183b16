"""Explanations of what a classifier says: one call, `explain`, for every method."""

from __future__ import annotations

from lit_plugins.explain.explanation import Explanation, Unit
from lit_plugins.explain.method import Method, Predictor, rows_of
from lit_plugins.explain.registry import METHODS, PIECES, explain, explain_each

__all__ = [
    "METHODS",
    "PIECES",
    "Explanation",
    "Method",
    "Predictor",
    "Unit",
    "explain",
    "explain_each",
    "rows_of",
]
