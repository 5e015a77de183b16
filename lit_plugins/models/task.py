"""Tasks: one object defines what a model's logits mean; a new kind of task is one new class."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

from lit_plugins.data.labels import classes_of_labels
from lit_plugins.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

Unit = Literal["logit", "probability"]
"""Unit of the values of a model's outputs."""

Target = str | int | None
"""A class: its label, its index (also as a string), or None for the class that the model predicts.

A string is a label first. An integer that is the label of one class and the index of another is
refused.
"""

_DIGITS = re.compile("[0-9]{1,9}")

NO_LABEL = -1
"""Index that marks a text without a gold label, or with a label that the model lacks."""


class Task(Protocol):
    """The meaning of a model's logits.

    A model has one logit for each output, such as a class. Explanations, counterfactuals and
    evaluations interpret logits only through their model's task.
    """

    @property
    def labels(self) -> tuple[str, ...]:
        """The outputs' names, in the order of the logits."""

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units in which the outputs have values."""

    @property
    def shown(self) -> Unit:
        """The unit that users see and that evaluations measure in."""

    def with_labels(self, labels: Sequence[str]) -> Task:
        """The same task with other names for its outputs."""

    def values(self, logits: np.ndarray, unit: Unit) -> np.ndarray:
        """The outputs' values in one of `units`.

        Args:
            logits: float [..., outputs].
            unit: the unit of the values.

        Returns:
            An array of the same shape and precision.
        """

    def tensor_values(self, logits: Tensor, unit: Unit) -> Tensor:
        """The outputs' values as a tensor, through which gradients can be taken; see `values`."""

    def chances(self, logits: np.ndarray) -> np.ndarray:
        """The outputs' values in the unit `shown`; for classes, their probabilities."""

    def predicted(self, values: ArrayLike) -> np.ndarray:
        """The predicted output, which is also the default output to explain.

        Args:
            values: float [..., outputs], in any of `units`.

        Returns:
            int64 [...], the index of the output.
        """

    def confidence(self, chances: ArrayLike) -> np.ndarray:
        """The model's confidence in its prediction.

        Args:
            chances: float [..., outputs], as returned by `chances`.

        Returns:
            float64 [...], where 1 is certain.
        """

    def target_index(self, target: str | int) -> int:
        """The index of the output with this label or index.

        Args:
            target: a label, or an index, also as a string of digits; a label comes first.

        Raises:
            UserError: the model has no such output; or an integer is one output's label and
                another output's index.
        """

    def gold_indices(self, labels: Sequence[str | None]) -> np.ndarray:
        """The outputs that gold labels name.

        What a number means depends on the other labels, so all labels of a table go into one call.

        Args:
            labels: the label of each text, or None for a text without one.

        Returns:
            int64 [texts], indices of outputs; `NO_LABEL` for a missing or unknown label.

        Raises:
            UserError: labels are numbers that may mean several outputs.
        """

    def margin(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """The distance of changed texts from a wanted prediction; below 0 once they have it.

        Args:
            logits: float32 [texts, outputs], the model's logits for the changed texts.
            predicted: index of the output that the model predicts for the original text.
            goal: index of the wanted output; None for any output other than `predicted`.

        Returns:
            float64 [texts], in logits.
        """

    def margin_slope(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """The derivative of one text's margin with respect to its logits.

        Args:
            logits: float32 [outputs].
            predicted, goal: as for `margin`.

        Returns:
            float64 [outputs].
        """


@dataclass(frozen=True)
class ExclusiveClasses:
    """Two or more classes that exclude each other; softmax gives their probabilities.

    Attributes:
        labels: the classes' names, by index.
    """

    labels: tuple[str, ...]
    units: ClassVar[tuple[Unit, ...]] = ("logit", "probability")
    shown: ClassVar[Unit] = "probability"

    def with_labels(self, labels: Sequence[str]) -> ExclusiveClasses:
        """The same classes with other names."""
        return replace(self, labels=tuple(labels))

    def values(self, logits: np.ndarray, unit: Unit) -> np.ndarray:
        """The classes' logits or probabilities, in the precision of `logits`."""
        return _softmax(logits) if unit == "probability" else logits

    def tensor_values(self, logits: Tensor, unit: Unit) -> Tensor:
        """The classes' logits or probabilities as a tensor."""
        return logits.softmax(-1) if unit == "probability" else logits

    def chances(self, logits: np.ndarray) -> np.ndarray:
        """The classes' probabilities."""
        return self.values(logits, self.shown)

    def predicted(self, values: ArrayLike) -> np.ndarray:
        """The class with the largest logit or probability; the first class of a tie."""
        return np.argmax(values, axis=-1)

    def confidence(self, chances: ArrayLike) -> np.ndarray:
        """The largest probability."""
        return np.asarray(chances, dtype=np.float64).max(axis=-1)

    def target_index(self, target: str | int) -> int:
        """The index of the class with this label or index."""
        if isinstance(target, str) and target in self.labels:
            return self.labels.index(target)
        is_index = isinstance(target, (int, np.integer)) and not isinstance(target, bool)
        if is_index or (isinstance(target, str) and _DIGITS.fullmatch(target)):
            index = int(target)
            if str(index) in self.labels and self.labels.index(str(index)) != index:
                raise UserError(
                    f"The class {index} is one class's name and another's index; give a name, such "
                    f"as {str(index)!r}, as a string."
                )
            if 0 <= index < len(self.labels):
                return index
        raise UserError(
            f"The class {target!r:.60} is none of this model's: {', '.join(self.labels)}; "
            f"give one of them or an index from 0 to {len(self.labels) - 1}."
        )

    def gold_indices(self, labels: Sequence[str | None]) -> np.ndarray:
        """The classes that gold labels name, see `lit_plugins.data.labels.read_labels`.

        Raises:
            UserError: labels are numbers that may mean several classes.
        """
        places = {label: index for index, label in enumerate(self.labels)}
        named = classes_of_labels(labels, self.labels)
        return np.array(
            [NO_LABEL if name is None else places[name] for name in named], dtype=np.int64
        )

    def margin(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """The largest logit of all other classes minus the goal's logit.

        Without a goal, the predicted class's logit minus the largest logit of all other classes.
        """
        fixed = predicted if goal is None else goal
        best_other = np.delete(logits, fixed, axis=1).max(axis=1)
        margin = (logits[:, fixed] - best_other).astype(np.float64)
        return margin if goal is None else -margin

    def margin_slope(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """The slope: 1 for the class whose logit must fall, -1 for the class that must overtake it.

        All other classes have 0.
        """
        fixed = predicted if goal is None else goal
        others = logits.astype(np.float64)
        others[fixed] = -np.inf
        slope = np.zeros(len(logits))
        slope[[fixed, others.argmax()]] = 1, -1
        return slope if goal is None else -slope


def _softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True)) if logits.size else logits
    return shifted / shifted.sum(axis=-1, keepdims=True)
