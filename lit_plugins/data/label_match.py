"""The classes that the labels of a column mean, decided for all of them together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lit_plugins.data.class_names import match_by_case, match_by_meaning
from lit_plugins.data.class_numbers import (
    are_indices,
    classes_of_numbers,
    number_in,
    numbers_in,
    plain_number,
)

BOOLEANS: Mapping[str, float] = {"false": 0, "true": 1}
"""The numbers that false and true stand for."""

Label = float | str
"""A label as it is written: a number or a name."""


@dataclass(frozen=True)
class LabelMatch:
    """The classes of a column's labels.

    Attributes:
        classes: the class of each label that has one.
        undecided: the labels that are numbers and may mean several classes.
        translated: the labels whose class has another name.
        by_order: whether `translated` were matched by nothing but their order.
    """

    classes: Mapping[Label, str]
    undecided: tuple[Label, ...] = ()
    translated: tuple[Label, ...] = ()
    by_order: bool = False


def match_labels(
    labels: Collection[Label], names: Sequence[str], *, in_order: bool, declared: bool
) -> LabelMatch:
    """Finds the class of each label.

    Names are matched regardless of case, or else by meaning, see `match_by_meaning`. Numbers are
    matched by `classes_of_numbers`; names such as "LABEL_1" count as numbers, and so do true and
    false, as 1 and 0. Declared names are matched by order with names that say nothing else, such
    as "LABEL_0" and "LABEL_1".

    Args:
        labels: the different labels of the column, or all names that its source declares, in order.
        names: the names of the classes.
        in_order: whether the order of `names` has a meaning.
        declared: whether the source declares `labels`.
    """
    numbers: dict[Label, float] = {}
    words: list[str] = []
    for label in labels:
        number = _number(label, names)
        if number is not None:
            numbers[label] = number
        elif isinstance(label, str):
            words.append(label)
    by_case = match_by_case(words, names)
    meant: dict[str, str] = {}
    if not are_indices(names):
        meant = match_by_meaning(
            [word for word in words if word not in by_case],
            [name for name in names if name not in by_case.values()],
        )
    elif declared and in_order and not by_case and len(words) == len(names):
        order: dict[Label, str] = dict(zip(words, names, strict=True))
        return LabelMatch(order, translated=tuple(words), by_order=True)
    named: dict[Label, str] = dict([*by_case.items(), *meant.items()])
    column = set(numbers.values())
    if not (numbers or named) and all(word.casefold() in BOOLEANS for word in words):
        numbers = {word: BOOLEANS[word.casefold()] for word in words}
        column = set(BOOLEANS.values())  # even if one of the two does not occur
    by_number = classes_of_numbers(column, names, in_order)
    if by_number is None:
        return LabelMatch(named, undecided=tuple(numbers), translated=tuple(meant))
    numbered = {
        label: by_number[number] for label, number in numbers.items() if number in by_number
    }
    inside = [
        label
        for label, name in numbered.items()
        if number_in(name) == numbers[label] and plain_number(name) is None
    ]
    return LabelMatch({**named, **numbered}, translated=(*meant, *inside))


def _number(label: Label, names: Sequence[str]) -> float | None:
    """The number that a label stands for; None for a name."""
    if not isinstance(label, str):
        return label
    by_name = are_indices(names) or not numbers_in(names)
    return None if by_name and match_by_case([label], names) else plain_number(label)
