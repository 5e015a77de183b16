"""Small changes that flip a prediction: one function, `counterfactuals`, for every method."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change, Edit
from lit_plugins.counterfactual.counterfactual import Counterfactual
from lit_plugins.counterfactual.method import CounterfactualMethod
from lit_plugins.counterfactual.registry import (
    METHODS,
    SHARED,
    counterfactuals,
    counterfactuals_each,
)

__all__ = [
    "METHODS",
    "SHARED",
    "Change",
    "Counterfactual",
    "Edit",
    "CounterfactualMethod",
    "counterfactuals",
    "counterfactuals_each",
]
