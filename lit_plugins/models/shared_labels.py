"""Class names that several models share, found once, before any data are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError
from lit_plugins.models.task import Task

_LABEL = re.compile(r"(?:label_)?(\d+)", re.IGNORECASE)
_MEND = "if they mean the same, name them with --labels (labels= in Python)."


class Labelled(Protocol):
    """A model with classes."""

    @property
    def task(self) -> Task:
        """What its logits mean; names the classes."""


Model = TypeVar("Model", bound=Labelled)


@dataclass(frozen=True)
class SharedLabels(Generic[Model]):
    """Models under common names of their classes, and the names that gold labels have.

    Attributes:
        labels: the names of the shared classes; gold labels are read as these.
        in_order: whether all models that share the classes have them in this order, so that a
            number stands for one class.
        classifiers: all models by name, in the order in which they were passed. Models that
            mean the same classes spell them alike; each keeps the order of its own outputs.
        apart: names of the models whose classes are others than `labels`.
        example: the first model that has the shared classes.
    """

    labels: tuple[str, ...]
    in_order: bool
    classifiers: Mapping[str, Model]
    apart: tuple[str, ...]
    example: str

    @property
    def task(self) -> Task:
        """What the shared classes mean, in the order of `labels`."""
        return self.classifiers[self.example].task.with_labels(self.labels)

    @property
    def label_names(self) -> Collection[str]:
        """`labels` as `load_table` takes them: a set where no number stands for a class."""
        return self.labels if self.in_order else frozenset(self.labels)

    def fits(self, label_names: Collection[str] | None) -> bool:
        """Whether a table's labels are among the shared ones; None stands for no labels."""
        return label_names is not None and set(label_names) <= set(self.labels)

    def check_comparable(self) -> None:
        """Refuses models that do not all have the shared classes.

        Raises:
            UserError: some are apart; names two models and the classes of both.
        """
        if self.apart:
            name = self.apart[0]
            raise UserError(
                f"The models {self.example!r} and {name!r} cannot be compared, since their classes "
                f"({listed(self.labels)} and {listed(self.classifiers[name].task.labels)}) have "
                f"different names; {_MEND}"
            )

    def sentences(self) -> list[str]:
        """What users should know of models whose classes are others, a sentence a model."""
        return [
            f"Model {name}: its classes ({listed(self.classifiers[name].task.labels)}) have other "
            f"names than those of {self.example} ({listed(self.labels)}), so it gets no gold "
            f"labels and is not compared with {self.example}; {_MEND}"
            for name in self.apart
        ]


def share_labels(classifiers: Mapping[str, Model]) -> SharedLabels[Model]:
    """Common names for the classes of models, the same in whatever order the models come.

    Classes are the same if

    - their names are the same regardless of case; then their index does not matter, or
    - one model has only numbers for names (LABEL_0, LABEL_1, … or 0, 1, …) and all models with
      names and as many classes have the same names in the same order; then it takes these.

    Names that are spelled differently become the spelling of most models, and of equally common
    ones the one with small letters. The order of the shared classes is that of most models, and
    of equally common ones the alphabetical one. Where models have different classes, those of the
    first model with names are the shared ones, or of the first model if none has names.

    Args:
        classifiers: models by name.
    """
    classes = {name: _classes(model.task.labels) for name, model in classifiers.items()}
    named = {name: own for name, own in classes.items() if not _are_numbers(own)}
    meant = {name: named.get(name) or _taken(own, named) for name, own in classes.items()}
    renamed: dict[str, Model] = {}
    for name, model in classifiers.items():
        spelled = _spellings(
            [
                (classes[other], classifiers[other].task.labels)
                for other in classes
                if set(classes[other]) == set(meant[name])
            ]
        )
        renamed[name] = _with_labels(model, tuple(spelled[which] for which in meant[name]))
    example = next(iter([*named, *classes]), "")
    sharing = [name for name in meant if set(meant[name]) == set(meant[example])]
    orders = Counter(renamed[name].task.labels for name in sharing)
    return SharedLabels(
        labels=min(orders, key=lambda order: (-orders[order], order), default=()),
        in_order=len(orders) < 2,
        classifiers=renamed,
        apart=tuple(name for name in meant if name not in sharing),
        example=example,
    )


_Classes = tuple[Hashable, ...]
"""What a model's classes mean, by index: numbers where they have no names."""


def _classes(labels: Sequence[str]) -> _Classes:
    numbers = [_LABEL.fullmatch(label) for label in labels]
    if all(number and int(number[1]) == index for index, number in enumerate(numbers)):
        return tuple(range(len(labels)))
    folded = tuple(label.casefold() for label in labels)
    if len(set(folded)) == len(folded):
        return folded
    return tuple((label,) for label in labels)  # differ in case alone, so case counts


def _are_numbers(classes: _Classes) -> bool:
    return all(isinstance(which, int) for which in classes)


def _taken(numbers: _Classes, named: Mapping[str, _Classes]) -> _Classes:
    """The classes that a model without names takes: none where it could be one of several."""
    orders = {classes for classes in named.values() if len(classes) == len(numbers)}
    return orders.pop() if len(orders) == 1 else numbers


def _spellings(models: Sequence[tuple[_Classes, Sequence[str]]]) -> dict[Hashable, str]:
    """How each class is spelled by models that have the same ones."""
    counts: dict[Hashable, Counter[str]] = {}
    for classes, labels in models:
        for which, label in zip(classes, labels, strict=True):
            counts.setdefault(which, Counter())[label] += 1
    return {
        which: max(spelled, key=lambda label: (spelled[label], label))
        for which, spelled in counts.items()
    }


def _with_labels(model: Any, labels: tuple[str, ...]) -> Any:
    if model.task.labels == labels:
        return model
    return model.with_labels(labels) if hasattr(model, "with_labels") else _Renamed(model, labels)


class _Renamed:
    """A model that cannot be renamed itself, under other names of its classes."""

    def __init__(self, model: Labelled, labels: tuple[str, ...]):
        self._model = model
        self.task = model.task.with_labels(labels)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)
