"""Numbers as class labels: decides for a whole column of numbers which class each of them means."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence

NUMBER = re.compile(r"(?<!\w)[+-]?\d+(?:[.,]\d+)?|\d+(?:[.,]\d+)?", re.ASCII)
"""Pattern of a number inside a name."""

_WITHOUT_NAME = re.compile(r"(?:label_)?(\d{1,9})", re.IGNORECASE)
_MOST_IN_EXAMPLE = 6


def classes_of_numbers(
    numbers: Collection[float], names: Sequence[str], in_order: bool
) -> dict[float, str] | None:
    """Decides which classes the numbers of a column mean.

    Numbers inside the names come first, such as 4 in "4 stars": either each number of the column
    is in a name, or each name's number is in the column. Otherwise, and for names that say nothing
    but their order, numbers are indices, if 0, 1, …, n-1 is the only evenly spaced numbering of
    the n classes that they fit. So 0 and n-1 occur, nothing lies outside, and no number but 1
    divides all of them.

    Args:
        numbers: all numbers of the column, without repetition.
        names: the names of the classes.
        in_order: whether the order of the names has a meaning, so that numbers may be indices.

    Returns:
        The class of each number that has one; None if the numbers may mean several classes.
    """
    numbered = {} if in_order and are_indices(names) else numbers_in(names)
    column = set(numbers)
    if numbered and (column <= set(numbered) or set(numbered) <= column):
        return {number: numbered[number] for number in column if number in numbered}
    last = len(names) - 1
    if not in_order or not {0, last} <= column <= set(range(len(names))):
        return None
    if math.gcd(*map(int, column)) > 1:
        return None
    return {number: names[int(number)] for number in column}


def numbers_in(names: Sequence[str]) -> dict[float, str]:
    """The names by the whole number in each; empty unless each name has exactly one of its own."""
    numbered: dict[float, str] = {}
    for name in names:
        number = number_in(name)
        if number is None or number in numbered:
            return {}
        numbered[number] = name
    return numbered


def number_in(name: str) -> int | None:
    """The only number in a name, if it is whole."""
    found = NUMBER.findall(name)
    if len(found) != 1:
        return None
    number = float(found[0].replace(",", "."))
    return int(number) if number.is_integer() and abs(number) < 1e15 else None


def plain_number(name: str) -> int | None:
    """The number that is all of a name, as in "3" and "LABEL_3"."""
    found = _WITHOUT_NAME.fullmatch(name)
    return int(found[1]) if found else None


def are_indices(names: Sequence[str]) -> bool:
    """Whether the names are only numbered, in order: "LABEL_0", "LABEL_1", … or "0", "1", …"""
    return all(plain_number(name) == index for index, name in enumerate(names))


def example_names(numbers: Collection[float], names: Sequence[str]) -> str:
    """Names for the same classes that hold likely numbers, separated by commas.

    Under these names, `classes_of_numbers` decides the column; a long list is cut.

    Args:
        numbers: the whole numbers of a column; there is at least one.
        names: the names of the classes, in order.
    """
    likely = _likely_numbers(sorted(numbers), len(names))
    shown = [_renumbered(name, number) for number, name in zip(likely, names, strict=True)]
    return ",".join(shown if len(shown) <= _MOST_IN_EXAMPLE else [*shown[:3], "…"])


def _renumbered(name: str, number: float) -> str:
    inside = len(NUMBER.findall(name))
    if inside == 1 and plain_number(name) is None:
        return NUMBER.sub(f"{number:.0f}", name)
    return f"{number:.0f} {'name' if inside else name}"


def _likely_numbers(numbers: Sequence[float], classes: int) -> Sequence[float]:
    """One number for each class, in ascending order, that a user may have meant.

    They hold all numbers of the column, or are among them.
    """
    low, high = int(numbers[0]), int(numbers[-1])
    step = max((high - low) // (classes - 1), 1)
    for likely in (
        range(classes),
        range(1, classes + 1),
        range(low, low + step * classes, step),
    ):
        if set(numbers) <= set(likely) or (likely[0] == low == 0 and set(likely) <= set(numbers)):
            return likely
    if len(numbers) >= classes:
        return [numbers[index * (len(numbers) - 1) // (classes - 1)] for index in range(classes)]
    others = [number for number in range(low, low + 2 * classes) if number not in numbers]
    return sorted([*numbers, *others[: classes - len(numbers)]])
