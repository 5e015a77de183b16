"""What a method is: a name, its options and a function; one file of this folder has one method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lit_plugins.counterfactual.change import Change
from lit_plugins.models.predictor import Predictor, has_embeddings
from lit_plugins.models.task import Task
from lit_plugins.options import Option
from lit_plugins.text.encoded import EncodedText


@dataclass(frozen=True, eq=False)
class Case:
    """One text, what the model says of it, and what it should say instead.

    Attributes:
        encoded: the text's words, tokens and model input.
        logits: float32 [classes], the model's for the text as it stands.
        goal: index of the class that is wanted; None for any other than the predicted one.
        task: what the model's logits mean.
    """

    encoded: EncodedText
    logits: np.ndarray
    goal: int | None
    task: Task

    @property
    def predicted(self) -> int:
        """Index of the class that the model predicts."""
        return int(self.task.predicted(self.logits))

    def margin(self, logits: np.ndarray) -> np.ndarray:
        """How far changed texts are from what is wanted; below 0 they are there.

        Args:
            logits: float32 [texts, classes].

        Returns:
            float64 [texts], see `Task.margin`.
        """
        return self.task.margin(logits, self.predicted, self.goal)

    def margin_slope(self) -> np.ndarray:
        """The derivative of the text's margin with respect to its logits, float64 [classes]."""
        return self.task.margin_slope(self.logits, self.predicted, self.goal)


def _flips_only(**_: Any) -> bool:
    return False


@dataclass(frozen=True)
class CounterfactualMethod:
    """One way to look for counterfactuals.

    Attributes:
        name: as it is asked for in Python and on the command line.
        title: as people read it.
        help: one or two sentences on what it does.
        options: what may be set, beside what all methods share.
        propose: takes a classifier, cases and every option by keyword; gives each case's changes,
            in order. The search may combine any changes that do not overlap.
        black_box: whether a `Predictor` is all that it needs; otherwise it is a `TextClassifier`
            whose network takes embeddings in place of tokens.
        fluency: takes new texts with the edits in each, and every option by keyword; gives the
            `Counterfactual.fluency` of each text. None for a method without a language model.
        keeps_all: takes every option by keyword; says whether every single change is given, even
            if it does not flip the prediction.
    """

    name: str
    title: str
    help: str
    options: tuple[Option, ...]
    propose: Callable[..., Sequence[Sequence[Change]]]
    black_box: bool
    fluency: Callable[..., Sequence[float]] | None = None
    keeps_all: Callable[..., bool] = _flips_only

    def suits(self, classifier: Predictor) -> bool:
        """Whether a classifier gives what the method needs."""
        return self.black_box or has_embeddings(classifier)
