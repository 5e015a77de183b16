"""Gold labels: maps the cells of a label column to class names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

_WHOLE = re.compile(r"([+-]?[0-9]{1,15})(?:\.0*)?")
_FRACTION = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
_BOOLEANS = {"false": 0, "true": 1}


@dataclass(frozen=True)
class _Unfit:
    """A value that cannot name a class, such as a fraction, a list or a number without a class.

    Attributes:
        text: the value as messages show it.
    """

    text: str


_Value = int | str | _Unfit
_Fit = Callable[[_Value], str | None]


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

    A cell is a name, a whole number (also as a float or a string) or missing (None, NaN, blank).

    With wanted names (`label_names`), labels that all equal wanted names exactly are kept.
    Otherwise names are matched regardless of case, and numbers are indices into the wanted names,
    unless the wanted names are numbers themselves. If no declared name (`class_names`) is wanted,
    and there are as many declared as wanted names, both are matched by order. A set of wanted
    names has no order, so it is matched by name only.

    Without wanted names, the classes are the declared names, or else all labels that occur:
    numbers in ascending order, then names in alphabetical order.

    A label is unknown if it matches no name, if it is a fraction, or if it is -1 and names are
    wanted or declared. If all labels are -1, GLUE's mark for hidden labels, the rows have no
    labels.

    Args:
        cells: the cells of the label column.
        column: the column's name, for messages.
        title: how messages call the source.
        class_names: the names that the source declares for its numbers 0, 1, …; None for none.
        label_names: the wanted names, in the order of their numbers or as a set; None for any.

    Raises:
        UserError: every label is unknown.
    """
    in_order = not isinstance(label_names, AbstractSet)
    if label_names is not None:
        label_names = tuple(label_names if in_order else sorted(label_names))
    if label_names is not None and class_names is None:
        literal = _literal(cells, label_names)
        if literal is not None:
            return Labels(literal, frozenset(), label_names)
    values = [_value(cell) for cell in cells]
    present = [value for value in values if value is not None]
    if not present:
        return _none(values, f"No row of {title} has a label in its column {column!r}.")
    if all(value == -1 for value in present):
        return _none(
            values, f"Every label of {title} is -1, which stands for hidden, so it has no labels."
        )
    if class_names is not None:
        values = [_declared(value, class_names) for value in values]
    notes: list[str] = []
    if label_names is not None:
        names = label_names
        if class_names is not None:
            values = [_value(value) for value in values]
        fit = _wanted(values, names, in_order)
        by_order = _by_order(class_names, names, fit) if in_order else None
        if by_order is not None:
            fit = by_order
            notes.append(
                f"The labels {listed(class_names or ())} of {title} were taken as {listed(names)}, "
                "by their order."
            )
    else:
        names = tuple(class_names) if class_names is not None else _occurring(values)
        fit = _free
    fitted = {value: fit(value) for value in dict.fromkeys(values) if value is not None}
    strangers = [value for value, name in fitted.items() if name is None]
    if len(strangers) == len(fitted):
        wrong = (
            f"No label in the column {column!r} of {title} is one of {listed(names)} (the first"
            if names
            else f"The column {column!r} of {title} holds no classes (its first value"
        )
        raise UserError(
            f"{wrong} is {_shown(strangers[0])}): choose another column with --label-column, or "
            "--label-column none."
        )
    if strangers:
        notes.append(
            f"These labels are none of {listed(names)}: {listed(map(_shown, strangers), most=5)}."
        )
    return Labels(
        values=[None if value is None else fitted[value] for value in values],
        unknown=frozenset(
            place
            for place, value in enumerate(values)
            if value is not None and fitted[value] is None
        ),
        names=names,
        notes=tuple(notes),
    )


def _literal(cells: Sequence[object], names: Sequence[str]) -> list[str | None] | None:
    """The cells, if each is missing or exactly one of the names; otherwise None."""
    known = frozenset(names)
    exact = [cell if isinstance(cell, str) and cell in known else None for cell in cells]
    missing = (_value(cell) is None for cell, name in zip(cells, exact, strict=True) if not name)
    return exact if any(exact) and all(missing) else None


def _none(values: Sequence[object], note: str) -> Labels:
    return Labels([None] * len(values), frozenset(), None, (note,))


def _value(cell: object) -> _Value | None:
    if cell is None or cell != cell:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | _Unfit):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else _Unfit(str(cell))
    if not isinstance(cell, str):
        return _Unfit(str(cell))
    text = cell.strip()
    whole = _WHOLE.fullmatch(text)
    if whole:
        return int(whole[1])
    if _FRACTION.fullmatch(text):
        return _Unfit(text)
    return None if text.casefold() in ("", "nan") else text


def _declared(value: _Value | None, class_names: Sequence[str]) -> _Value | None:
    if isinstance(value, int):
        return class_names[value] if 0 <= value < len(class_names) else _Unfit(str(value))
    return _Unfit(value) if isinstance(value, str) and value not in class_names else value


def _wanted(values: Sequence[_Value | None], names: tuple[str, ...], in_order: bool) -> _Fit:
    folded: dict[str, str] = {}
    for name in names:
        folded.setdefault(name.casefold(), name)
    numbers = {value for value in values if isinstance(value, int)}
    by_place = in_order and any(
        str(value) not in names and 0 <= value < len(names) for value in numbers
    )

    def fit(value: _Value) -> str | None:
        if isinstance(value, _Unfit):
            return None
        if isinstance(value, str):
            if value in names:
                return value
            known = folded.get(value.casefold())
            place = _BOOLEANS.get(value.casefold(), -1) if in_order else -1
            return known or (names[place] if 0 <= place < len(names) else None)
        if by_place:
            return names[value] if 0 <= value < len(names) else None
        return str(value) if str(value) in names else None

    return fit


def _by_order(class_names: Sequence[str] | None, names: tuple[str, ...], fit: _Fit) -> _Fit | None:
    """Matches declared names to wanted names by order; None if any matches by name or number."""
    if class_names is None or len(class_names) != len(names):
        return None
    declared = [_value(name) for name in class_names]
    if any(value is not None and fit(value) is not None for value in declared):
        return None
    order = dict(zip(declared, names, strict=True))
    return lambda value: order.get(value)


def _free(value: _Value) -> str | None:
    return None if isinstance(value, _Unfit) else str(value)


def _occurring(values: Sequence[_Value | None]) -> tuple[str, ...]:
    fit = {value for value in values if value is not None and not isinstance(value, _Unfit)}
    numbers = sorted(value for value in fit if isinstance(value, int))
    return (*map(str, numbers), *sorted(value for value in fit if isinstance(value, str)))


def _shown(value: _Value) -> str:
    if isinstance(value, int):
        return str(value)
    return repr(value.text if isinstance(value, _Unfit) else value)[:60]
