"""Explanations of what a classifier says: one call, `explain`, for every method."""

from __future__ import annotations

from lit_plugins.explain.explanation import Explanation
from lit_plugins.explain.method import ExplanationMethod, Predictor, rows_of
from lit_plugins.explain.registry import METHODS, PIECES, explain, explain_each
from lit_plugins.explain.scored_text import Unit

__all__ = [
    "METHODS",
    "PIECES",
    "Explanation",
    "ExplanationMethod",
    "Predictor",
    "Unit",
    "explain",
    "explain_each",
    "rows_of",
]
