"""Evaluations that help decide which model and which explanation to trust, as pandas tables.

`METRICS` lists them all by name, including those of other packages.

Each table has one row for each model (and method, and slice). Its column `n` counts the texts.
"""

from __future__ import annotations

from lit_plugins.evaluate.agreement import agreement
from lit_plugins.evaluate.behaviour import behaviour
from lit_plugins.evaluate.calibration import calibration
from lit_plugins.evaluate.comparison import by_text, comparison
from lit_plugins.evaluate.contrast_pairs import contrast
from lit_plugins.evaluate.faithfulness_tables import faithfulness, faithfulness_curves
from lit_plugins.evaluate.global_words import global_words
from lit_plugins.evaluate.inputs import texts
from lit_plugins.evaluate.metric import Measure, Metric, Question
from lit_plugins.evaluate.missing_words import missing_words
from lit_plugins.evaluate.plausibility import plausibility
from lit_plugins.evaluate.registry import METRICS

__all__ = [
    "METRICS",
    "Measure",
    "Metric",
    "Question",
    "agreement",
    "behaviour",
    "by_text",
    "calibration",
    "comparison",
    "contrast",
    "faithfulness",
    "faithfulness_curves",
    "global_words",
    "missing_words",
    "plausibility",
    "texts",
]
