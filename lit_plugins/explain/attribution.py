"""What a method is asked, and what it answers; the registry makes an `Explanation` of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lit_plugins.explain.scored_text import Group
from lit_plugins.models.task import Unit, softmax
from lit_plugins.options import Choice
from lit_plugins.text.encoded import EncodedText


@dataclass(frozen=True, eq=False)
class Subject:
    """One text, and the class to explain.

    Attributes:
        encoded: the text's words, tokens and model input.
        target: index of the class.
        logits: float32 [classes], the model's for the text as it stands.
    """

    encoded: EncodedText
    target: int
    logits: np.ndarray

    def output(self, unit: Unit) -> float:
        """The model's value of the target for the text as it stands."""
        return float(values(self.logits[np.newaxis], self.target, unit)[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class Attribution:
    """A method's answer for one subject.

    The attributes are those of `Explanation`; `output` is None where it is the model's own.
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


def values(logits: np.ndarray, target: int, unit: Unit) -> np.ndarray:
    """A class's logits or probabilities, float64 [rows], of logits [rows, classes]."""
    return outputs(logits, unit)[:, target]


def outputs(logits: np.ndarray, unit: Unit) -> np.ndarray:
    """All classes' logits or probabilities, float64 [rows, classes], of logits [rows, classes]."""
    return (softmax(logits) if unit == "probability" else logits).astype(np.float64)


def output_option(default: Unit) -> Choice:
    """The option that says which of the model's values is explained."""
    return Choice(
        "output",
        default,
        "What is explained: the chosen class's logit or its probability.",
        choices=("logit", "probability"),
    )
