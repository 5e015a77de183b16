"""One vocabulary of classes for models that are compared, where they mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lit_plugins.models.classifier import TextClassifier

_GENERIC = re.compile(r"label_\d+", re.IGNORECASE)


def shared_labels(classifiers: Mapping[str, TextClassifier]) -> tuple[str, ...]:
    """The classes that datasets are labelled with: the first model's that has names for them."""
    named = [each.labels for each in classifiers.values() if not _are_generic(each.labels)]
    return (named or [each.labels for each in classifiers.values()])[0]


def with_shared_labels(classifier: TextClassifier, labels: Sequence[str]) -> TextClassifier | None:
    """The classifier under the shared names of its classes.

    LIT compares predictions with gold labels, and models with each other, only if both spell the
    classes alike, in one order. Names that differ in case, and names such as LABEL_0, are taken
    to mean the shared ones.

    Returns:
        The classifier itself, a view of it with other names, or None if its classes are others.
    """
    if classifier.labels == tuple(labels):
        return classifier
    same = [label.casefold() for label in classifier.labels] == [each.casefold() for each in labels]
    generic = _are_generic(classifier.labels) and len(labels) == len(classifier.labels)
    return classifier.with_labels(labels) if same or generic else None


def _are_generic(labels: Sequence[str]) -> bool:
    return all(_GENERIC.fullmatch(label) for label in labels)
