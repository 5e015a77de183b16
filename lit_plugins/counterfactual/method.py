"""`CounterfactualMethod`: a method's name, options and functions. Each file of `methods/` has one.

A `Case` is the input of its functions.
"""

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
    """One text, the model's logits for it, and the prediction to reach.

    Attributes:
        encoded: the text's words, tokens and model input.
        logits: float32 [classes], the model's logits for the unchanged text.
        goal: index of the class to reach; None for any other than the predicted one.
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
        """How far changed texts are from the prediction to reach; below 0, they have reached it.

        Args:
            logits: float32 [texts, classes].

        Returns:
            float64 [texts]; see `Task.margin`.
        """
        return self.task.margin(logits, self.predicted, self.goal)

    def margin_slope(self) -> np.ndarray:
        """The derivative of the text's margin with respect to its logits, float64 [classes]."""
        return self.task.margin_slope(self.logits, self.predicted, self.goal)


def _flips_only(**_: Any) -> bool:
    return False


@dataclass(frozen=True)
class CounterfactualMethod:
    """One method of finding counterfactuals.

    Attributes:
        name: the method's name in Python and on the command line.
        title: the method's name for readers of the page.
        help: one or two sentences on what the method does.
        options: the options that a caller may set, in addition to `registry.SHARED`.
        propose: finds changes to try. It takes a classifier, a sequence of `Case` and every option
            by keyword, and returns the changes of each case, in order. The search may combine any
            changes that do not overlap.
        black_box: whether the method works with any `Predictor`; otherwise it needs a
            `TextClassifier` whose network takes embeddings in place of tokens.
        fluency: rates changed texts. It takes pairs of a new text and its edits, and every option
            by keyword, and returns the `Counterfactual.fluency` of each. None for a method without
            a language model.
        keeps_all: whether the result has every single change, even one that does not flip the
            prediction. It takes every option by keyword.
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
        """Whether the method can change this classifier's predictions."""
        return self.black_box or has_embeddings(classifier)
