"""Explanations of what a classifier says: one call, `explain`, for every method."""

from __future__ import annotations

from lit_plugins.explain.explanation import Explanation, Unit
from lit_plugins.explain.registry import METHODS, Method, explain

__all__ = ["METHODS", "Explanation", "Method", "Unit", "explain"]
