"""Shared class names of several models, determined once, before any data are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from lit_plugins.data.class_numbers import are_indices
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError
from lit_plugins.models.task import Task

_MEND = "if they mean the same, name them with --labels (labels= in Python)."


class Labelled(Protocol):
    """A model with classes."""

    @property
    def task(self) -> Task:
        """The meaning of the model's logits, with the names of its classes."""


Model = TypeVar("Model", bound=Labelled)


@dataclass(frozen=True)
class SharedLabels(Generic[Model]):
    """Models under common class names, and the class names for gold labels.

    Attributes:
        labels: the names of the shared classes, as which gold labels are read.
        in_order: whether all models that share the classes have them in this order. Only then
            does a number stand for a single class.
        classifiers: all models by name, in the order in which they were passed. Models with the
            same classes spell them alike; each keeps the order of its own outputs.
        apart: names of the models whose classes differ from `labels`.
        example: the name of the first model that has the shared classes.
    """

    labels: tuple[str, ...]
    in_order: bool
    classifiers: Mapping[str, Model]
    apart: tuple[str, ...]
    example: str

    @property
    def task(self) -> Task:
        """The task of the shared classes, in the order of `labels`."""
        return self.classifiers[self.example].task.with_labels(self.labels)

    @property
    def label_names(self) -> Collection[str]:
        """`labels` in the form for `load_table`: a set if numbers do not stand for classes."""
        return self.labels if self.in_order else frozenset(self.labels)

    def fits(self, label_names: Collection[str] | None) -> bool:
        """Whether a table's labels are all among the shared ones; false without labels (None)."""
        return label_names is not None and set(label_names) <= set(self.labels)

    def check_comparable(self) -> None:
        """Refuses models that do not all have the shared classes.

        Raises:
            UserError: a model has other classes; the error names two models and their classes.
        """
        if self.apart:
            name = self.apart[0]
            raise UserError(
                f"The models {self.example!r} and {name!r} cannot be compared, since their classes "
                f"({listed(self.labels)} and {listed(self.classifiers[name].task.labels)}) have "
                f"different names; {_MEND}"
            )

    def sentences(self) -> list[str]:
        """Sentences that warn of the models with other classes, one for each model."""
        return [
            f"Model {name}: its classes ({listed(self.classifiers[name].task.labels)}) have other "
            f"names than those of {self.example} ({listed(self.labels)}), so it gets no gold "
            f"labels and is not compared with {self.example}; {_MEND}"
            for name in self.apart
        ]


def share_labels(classifiers: Mapping[str, Model]) -> SharedLabels[Model]:
    """Finds common names for the classes of models, regardless of the order of the models.

    Two models have the same classes if

    - their class names are the same regardless of case and order, or
    - one model has only numbers for names (LABEL_0, LABEL_1, … or 0, 1, …), and all models with
      names and as many classes have the same names in the same order. It takes these names.

    If models spell a name differently, the most common spelling wins, and lower case wins a tie.
    If models order the shared classes differently, the most common order wins, and the
    alphabetical order wins a tie. If models have different classes, the shared classes are those
    of the first model with names, or of the first model if none has names.

    Args:
        classifiers: models by name.
    """
    classes = {name: _classes(model.task.labels) for name, model in classifiers.items()}
    named = {name: meaning for name, meaning in classes.items() if not _are_numbers(meaning)}
    meant = {name: named.get(name) or _taken(meaning, named) for name, meaning in classes.items()}
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
"""Keys that identify a model's classes, by index; classes without names have numbers as keys."""


def _classes(labels: Sequence[str]) -> _Classes:
    if are_indices(labels):
        return tuple(range(len(labels)))
    folded = tuple(label.casefold() for label in labels)
    if len(set(folded)) == len(folded):
        return folded
    return tuple((label,) for label in labels)  # some differ only in case, so case counts


def _are_numbers(classes: _Classes) -> bool:
    return all(isinstance(which, int) for which in classes)


def _taken(numbers: _Classes, named: Mapping[str, _Classes]) -> _Classes:
    """The named classes that a model without names takes, or its numbers if these are ambiguous."""
    orders = {classes for classes in named.values() if len(classes) == len(numbers)}
    return orders.pop() if len(orders) == 1 else numbers


def _spellings(models: Sequence[tuple[_Classes, Sequence[str]]]) -> dict[Hashable, str]:
    """The most common spelling of each class among models with the same classes."""
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
    """A wrapper with other class names for a model that has no `with_labels`."""

    def __init__(self, model: Labelled, labels: tuple[str, ...]):
        self._model = model
        self.task = model.task.with_labels(labels)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)
