"""Gold labels: maps the cells of a label column to class names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from lit_plugins.data.class_numbers import example_names, plain_number
from lit_plugins.data.label_match import BOOLEANS, Label, LabelMatch, match_labels
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

_WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:\.0*)?")
_FRACTION = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_MISSING = frozenset(
    ["NA", "N/A", "n/a", "<NA>", "#N/A", "NaN", "nan", "NAN", "NULL", "null", "None"]
)
"""Words for a missing value, as `pandas.read_csv` and Python write and read them."""

_MISSING_TYPES = ("NAType", "NaTType")  # of pandas, whose NA equals nothing and is no boolean


@dataclass(frozen=True)
class _Unfit:
    """A value that cannot name a class, such as a list.

    Attributes:
        text: the value as messages show it.
    """

    text: str


_Value = Label | _Unfit


@dataclass(frozen=True)
class Labels:
    """Labels of n rows.

    Attributes:
        values: n names out of `names`; None for a missing or unknown label.
        unknown: the indices (0 to n-1) of rows with unknown labels.
        names: the names of all classes; None if no row has a label.
        notes: whole sentences about the labels.
    """

    values: Sequence[str | None]
    unknown: frozenset[int]
    names: tuple[str, ...] | None
    notes: tuple[str, ...] = ()


def read_labels(
    cells: Sequence[object],
    *,
    column: str,
    title: str,
    class_names: Sequence[str] | None = None,
    label_names: Collection[str] | None = None,
) -> Labels:
    """Converts the cells of a label column to class names.

    A cell is a name, a number (also as a string) or missing: None, NaN, blank, or a word for it
    such as "None", unless a class has that name.

    With wanted names (`label_names`), labels that all equal wanted names exactly are kept.
    Otherwise all labels of the column, or all names that the source declares, are matched
    together, see `match_labels`.

    Without wanted names, the classes are the declared names, or else all labels that occur:
    numbers in ascending order, then names in alphabetical order.

    A label is unknown if it matches no name, or if it is a fraction. If all labels are -1, GLUE's
    mark for hidden labels, the rows have no labels.

    Args:
        cells: the cells of the label column.
        column: the column's name, for messages.
        title: how messages call the source.
        class_names: the names that the source declares for its numbers 0, 1, …; None for none.
        label_names: the wanted names, in the order of their numbers or as a set; None for any. A
            set has no order, so a number stands for a class only if it is in the class's name.

    Raises:
        UserError: every label is unknown, or the labels are numbers that may mean several classes.
    """
    labels, strangers = _read(cells, column, title, class_names, label_names)
    if strangers and all(name is None for name in labels.values):
        raise UserError(
            f"No label in the column {column!r} of {title} is one of {listed(labels.names)} (the "
            f"first is {strangers[0]}): name the classes as the file does with --labels (labels= "
            "in Python), choose another column with --label-column, or --label-column none."
            if labels.names
            else f"The column {column!r} of {title} holds no classes (its first value is "
            f"{strangers[0]}): choose another column with --label-column, or --label-column none."
        )
    return labels


def is_number(label: str | None) -> bool:
    """Whether a gold label stands for a number, as do "1", "LABEL_1" and "true"."""
    value = _value(label)
    if not isinstance(value, str):
        return isinstance(value, int | float)
    return plain_number(value) is not None or value.casefold() in BOOLEANS


def classes_of_labels(labels: Sequence[str | None], names: Collection[str]) -> Sequence[str | None]:
    """The classes that the gold labels of one table name, as `read_labels` reads them.

    Args:
        labels: the gold labels.
        names: the names of the classes, in the order of their numbers or as a set.

    Returns:
        A name out of `names` for each label; None for a missing or unknown label.

    Raises:
        UserError: the labels are numbers that may mean several classes.
    """
    return _read(labels, "label", "the table", None, names)[0].values


def _read(
    cells: Sequence[object],
    column: str,
    title: str,
    class_names: Sequence[str] | None,
    label_names: Collection[str] | None,
) -> tuple[Labels, list[str]]:
    """The labels as in `read_labels`, and the different unknown ones as messages show them."""
    in_order = not isinstance(label_names, AbstractSet)
    if label_names is not None:
        label_names = tuple(label_names if in_order else sorted(label_names))
    if label_names is not None and class_names is None:
        literal = _literal(cells, label_names)
        if literal is not None:
            return Labels(literal, frozenset(), label_names), []
    values = [_value(cell) for cell in cells]
    notes: list[str] = []
    blank = _words_for_missing(values, (*(class_names or ()), *(label_names or ())))
    if blank:
        values = [None if value in blank else value for value in values]
        notes.append(
            f"Taken as no label in the column {column!r} of {title}: {listed(map(repr, blank))}."
        )
    present = {value for value in values if value is not None}
    if present <= {-1}:
        notes.append(
            f"Every label of {title} is -1, which stands for hidden, so it has no labels."
            if present
            else f"No row of {title} has a label in its column {column!r}."
        )
        return Labels([None] * len(values), frozenset(), None, tuple(notes)), []
    if class_names is not None:
        values = [_declared(value, class_names) for value in values]
    if label_names is None:
        names, classes = _own_classes(values, class_names)
    else:
        names = label_names
        labels = _ordered(values)
        if class_names is not None:
            values = [_label(value) if isinstance(value, str) else value for value in values]
            labels = [_label(name) for name in class_names]
        match = match_labels(labels, names, in_order=in_order, declared=class_names is not None)
        _check_decided(match, names, in_order, column, title)
        classes = match.classes
        if match.translated:
            notes.append(_translation(match, title))
    fitted = {
        value: None if isinstance(value, _Unfit) else classes.get(value)
        for value in dict.fromkeys(values)
        if value is not None
    }
    strangers = [_shown(value) for value, name in fitted.items() if name is None]
    if strangers:
        notes.append(f"These labels are none of {listed(names)}: {listed(strangers, most=5)}.")
    found = Labels(
        values=[None if value is None else fitted[value] for value in values],
        unknown=frozenset(
            place
            for place, value in enumerate(values)
            if value is not None and fitted[value] is None
        ),
        names=names,
        notes=tuple(notes),
    )
    return found, strangers


def _own_classes(
    values: Sequence[_Value | None], class_names: Sequence[str] | None
) -> tuple[tuple[str, ...], Mapping[Label, str]]:
    """The classes of labels that no names are wanted for; a fraction is none of them."""
    labels = [label for label in _ordered(values) if not isinstance(label, float)]
    names = map(str, labels) if class_names is None else class_names
    return tuple(names), {label: str(label) for label in labels}


def written_label(cell: Any) -> str | None:
    """A gold label in memory as a string; None for a missing one, such as NaN.

    Whole numbers have no fraction, because pandas writes integers beside a missing value as
    floats.
    """
    if isinstance(cell, str):
        return cell if cell.strip() else None
    if type(cell).__name__ in _MISSING_TYPES:
        return None
    is_scalar = getattr(cell, "ndim", None) == 0  # of numpy
    value = _value(cell.item() if is_scalar else cell)
    if value is None:
        return None
    return value.text if isinstance(value, _Unfit) else str(value)


def _literal(cells: Sequence[object], names: Sequence[str]) -> list[str | None] | None:
    """The cells, if each is missing or exactly one of the names; otherwise None."""
    known = frozenset(names)
    exact = [cell if isinstance(cell, str) and cell in known else None for cell in cells]
    missing = (_value(cell) is None for cell, name in zip(cells, exact, strict=True) if not name)
    return exact if any(exact) and all(missing) else None


def _value(cell: object) -> _Value | None:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | _Unfit):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if not isinstance(cell, str):
        return _Unfit(str(cell))
    text = cell.strip()
    whole = _WHOLE.fullmatch(text)
    if whole:
        return int(whole[1])
    if not _FRACTION.fullmatch(text):
        return text or None
    number = float(text)
    # A longer whole number would lose digits and could become another one.
    return _Unfit(text) if number.is_integer() else number


def _words_for_missing(values: Collection[_Value | None], names: Collection[str]) -> list[str]:
    """The words for a missing value that occur and are no class's name."""
    known = {name.casefold() for name in names}
    return sorted(
        value
        for value in set(values)
        if isinstance(value, str) and value in _MISSING and value.casefold() not in known
    )


def _declared(value: _Value | None, class_names: Sequence[str]) -> _Value | None:
    if isinstance(value, float | int):
        inside = value in range(len(class_names))
        return class_names[int(value)] if inside else _Unfit(_shown(value))
    return _Unfit(value) if isinstance(value, str) and value not in class_names else value


def _label(name: str) -> Label:
    whole = _WHOLE.fullmatch(name)
    return int(whole[1]) if whole else name


def _ordered(values: Collection[_Value | None]) -> list[Label]:
    """The different labels: numbers in ascending order, then names in alphabetical order."""
    different = {value for value in values if value is not None and not isinstance(value, _Unfit)}
    numbers = sorted(value for value in different if not isinstance(value, str))
    return [*numbers, *sorted(value for value in different if isinstance(value, str))]


def _check_decided(
    match: LabelMatch, names: Sequence[str], in_order: bool, column: str, title: str
) -> None:
    """Refuses numbers that may mean several classes, unless other labels are names of classes."""
    numbers = [label for label in match.undecided if not isinstance(label, str)]
    if match.classes or not numbers or not in_order:
        return
    fraction = next((number for number in numbers if not float(number).is_integer()), None)
    if fraction is not None:
        raise UserError(
            f"The column {column!r} of {title} holds fractions, such as {fraction}, so its numbers "
            "are no classes: choose another column with --label-column, or --label-column none."
        )
    raise UserError(
        f"The labels {listed(map(_shown, sorted(numbers)))} in the column {column!r} of {title} do "
        f"not say which of the classes {listed(names)} they mean: put its number into each name "
        f"with --labels={example_names(numbers, names)!r} or the like (labels= in Python), write "
        "names into the file, or give --label-column none."
    )


def _translation(match: LabelMatch, title: str) -> str:
    names = listed(match.classes[label] for label in match.translated)
    return (
        f"The labels {listed(map(str, match.translated))} of {title} were taken as {names}"
        f"{', by their order' if match.by_order else ''}."
    )


def _shown(value: _Value) -> str:
    if isinstance(value, int | float):
        return str(value)
    return repr(value.text if isinstance(value, _Unfit) else value)[:60]
