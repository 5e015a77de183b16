"""What a model's logits mean: one object says it, and a new kind of task is one new class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

from lit_plugins.errors import UserError

if TYPE_CHECKING:
    from torch import Tensor

Unit = Literal["logit", "probability"]
"""What a value of a model's output is measured in."""

Target = str | int | None
"""A class: its label, its index, or None for the class that the model predicts."""

NO_LABEL = -1
"""Stands for the gold label of a text that has none, or one that the model lacks."""


class Task(Protocol):
    """What a model's logits mean.

    A model has one logit an output, such as a class. Everything that explanations,
    counterfactuals and evaluations know of the meaning of logits, they ask their model's task.
    """

    @property
    def labels(self) -> tuple[str, ...]:
        """The outputs' names, in the order of the logits."""

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units that the outputs have values in."""

    @property
    def shown(self) -> Unit:
        """The unit that people are shown and that evaluations measure in."""

    def with_labels(self, labels: Sequence[str]) -> Task:
        """The same task under other names of its outputs."""

    def values(self, logits: np.ndarray, unit: Unit) -> np.ndarray:
        """The outputs' values in one of `units`.

        Args:
            logits: float [..., outputs].
            unit: what the values are measured in.

        Returns:
            An array of the same shape and precision.
        """

    def tensor_values(self, logits: Tensor, unit: Unit) -> Tensor:
        """The same as `values`, of a tensor, so that gradients can be taken."""

    def chances(self, logits: np.ndarray) -> np.ndarray:
        """The outputs' values in the unit that is shown: how likely each is, for classes."""

    def predicted(self, values: ArrayLike) -> np.ndarray:
        """The output that the model predicts, and that is explained where no other is asked for.

        Args:
            values: float [..., outputs], in any of `units`.

        Returns:
            int64 [...], its index.
        """

    def confidence(self, chances: ArrayLike) -> np.ndarray:
        """How sure the model is of its prediction.

        Args:
            chances: float [..., outputs].

        Returns:
            float64 [...], 1 for certain.
        """

    def target_index(self, target: str | int) -> int:
        """The index of an output, which is given by its label or its index.

        Raises:
            UserError: the model has no such output.
        """

    def gold_indices(self, labels: Sequence[str | None]) -> np.ndarray:
        """The outputs that gold labels stand for.

        Args:
            labels: a label a text, None where there is none.

        Returns:
            int64 [texts], indices of outputs; `NO_LABEL` for no label and for an unknown one.
        """

    def margin(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """How far changed texts are from a wanted prediction; below 0 they have it.

        Args:
            logits: float32 [texts, outputs], the model's for the changed texts.
            predicted: index of the output that it predicts for the text as it stands.
            goal: index of the output that it should predict; None for any other than `predicted`.

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
    """A choice of one of two or more classes: softmax gives their probabilities.

    Attributes:
        labels: the classes' names, by index.
    """

    labels: tuple[str, ...]
    units: ClassVar[tuple[Unit, ...]] = ("logit", "probability")
    shown: ClassVar[Unit] = "probability"

    def with_labels(self, labels: Sequence[str]) -> ExclusiveClasses:
        """The same number of classes under other names."""
        return replace(self, labels=tuple(labels))

    def values(self, logits: np.ndarray, unit: Unit) -> np.ndarray:
        """The classes' logits or probabilities, in the precision of `logits`."""
        return _softmax(logits) if unit == "probability" else logits

    def tensor_values(self, logits: Tensor, unit: Unit) -> Tensor:
        """The classes' logits or probabilities, of a tensor."""
        return logits.softmax(-1) if unit == "probability" else logits

    def chances(self, logits: np.ndarray) -> np.ndarray:
        """The classes' probabilities."""
        return self.values(logits, self.shown)

    def predicted(self, values: ArrayLike) -> np.ndarray:
        """The class with the largest logit or probability; the first of equal ones."""
        return np.argmax(values, axis=-1)

    def confidence(self, chances: ArrayLike) -> np.ndarray:
        """The largest probability."""
        return np.asarray(chances, dtype=np.float64).max(axis=-1)

    def target_index(self, target: str | int) -> int:
        """The index of a class, which is given by its label or its index."""
        if isinstance(target, str) and target in self.labels:
            return self.labels.index(target)
        is_index = isinstance(target, (int, np.integer)) and not isinstance(target, bool)
        if is_index and 0 <= int(target) < len(self.labels):
            return int(target)
        raise UserError(
            f"The class {target!r:.60} is none of this model's: {', '.join(self.labels)}; "
            f"give one of them or an index from 0 to {len(self.labels) - 1}."
        )

    def gold_indices(self, labels: Sequence[str | None]) -> np.ndarray:
        """The classes of gold labels: a class's name regardless of case, or its index."""
        places = {str(index): index for index in range(len(self.labels))}
        places.update({label.casefold(): at for at, label in reversed([*enumerate(self.labels)])})
        exact = {label: index for index, label in enumerate(self.labels)}
        return np.array(
            [
                NO_LABEL
                if label is None
                else exact.get(label, places.get(label.casefold(), NO_LABEL))
                for label in labels
            ],
            dtype=np.int64,
        )

    def margin(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """The best other class's logit minus the goal's.

        Where any other class will do, it is the predicted class's logit minus the best other's.
        """
        fixed = predicted if goal is None else goal
        best_other = np.delete(logits, fixed, axis=1).max(axis=1)
        margin = (logits[:, fixed] - best_other).astype(np.float64)
        return margin if goal is None else -margin

    def margin_slope(self, logits: np.ndarray, predicted: int, goal: int | None) -> np.ndarray:
        """1 for the class whose logit has to fall below another's, -1 for that other one."""
        fixed = predicted if goal is None else goal
        others = logits.astype(np.float64)
        others[fixed] = -np.inf
        slope = np.zeros(len(logits))
        slope[[fixed, others.argmax()]] = 1, -1
        return slope if goal is None else -slope


def _softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True)) if logits.size else logits
    return shifted / shifted.sum(axis=-1, keepdims=True)
