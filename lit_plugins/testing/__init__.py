"""Checks for plug-ins: the same contract that this package's own methods, rules and so on pass.

Each check raises an `AssertionError` with one sentence on the first violation. The checks work in
any test framework, and without one.
"""

from __future__ import annotations

from lit_plugins.testing.counterfactual_methods import check_counterfactual_method
from lit_plugins.testing.methods import check_explanations, check_method
from lit_plugins.testing.metrics import check_metric
from lit_plugins.testing.page_modules import check_page_module
from lit_plugins.testing.readers import check_reader
from lit_plugins.testing.rules import check_rule
from lit_plugins.testing.texts import LONG_TEXT, ODD_TEXTS, TEXTS

__all__ = [
    "LONG_TEXT",
    "ODD_TEXTS",
    "TEXTS",
    "check_counterfactual_method",
    "check_explanations",
    "check_method",
    "check_metric",
    "check_page_module",
    "check_reader",
    "check_rule",
]
