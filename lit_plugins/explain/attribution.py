"""A method's input, `Subject`, and its result, `Attribution`.

The registry builds an `Explanation` from the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import numpy as np

from lit_plugins.explain.interactions import Interactions
from lit_plugins.explain.scored_text import Group
from lit_plugins.models.task import Task, Unit
from lit_plugins.options import Choice
from lit_plugins.text.encoded import EncodedText


@dataclass(frozen=True, eq=False)
class Subject:
    """One text, and the class to explain.

    Attributes:
        encoded: the text's words, tokens and model input.
        target: index of the class.
        logits: float32 [classes], the model's logits for the whole text.
        task: what the model's logits mean.
    """

    encoded: EncodedText
    target: int
    logits: np.ndarray
    task: Task

    def outputs(self, unit: Unit) -> np.ndarray:
        """The model's values of all classes for the whole text, float64 [classes]."""
        return self.task.values(self.logits, unit).astype(np.float64)

    def output(self, unit: Unit) -> float:
        """The model's value of the target for the whole text."""
        return float(self.outputs(unit)[self.target])


@dataclass(frozen=True, eq=False, kw_only=True)
class Attribution:
    """A method's result for one subject.

    The attributes have the same meaning as in `ScoredText`. `output` is None if the method explains
    the model's own output.
    """

    scores: np.ndarray
    unit: Unit
    base_value: float
    evaluations: int
    output: float | None = None
    error: np.ndarray | None = None
    token_scores: np.ndarray | None = None
    converged: bool = True
    note: str = ""
    groups: tuple[Group, ...] | None = None
    interactions: Interactions | None = None


class UnitChoice(Choice):
    """An option that chooses the unit of a model's output: a value of `Unit`."""


def output_option(default: Unit) -> UnitChoice:
    """The option that chooses the unit in which the target is explained."""
    return UnitChoice(
        "output",
        default,
        "What is explained: the chosen class's logit or its probability.",
        choices=get_args(Unit),
    )
