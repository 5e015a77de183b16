"""Columns: finds the texts and the labels, and tidies the cells of the other columns."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from lit_plugins.data.headers import LABEL_NAMES, TEXT_NAMES, names_like_data
from lit_plugins.data.rows import Rows
from lit_plugins.data.table import Cell, Kind
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

RATIONALE = "rationale"
"""The only column that may hold lists: numbers, one for each word of the text."""

_TEXT_FLAG = "--text-column (text_column= in Python)"
_LABEL_FLAG = "--label-column (label_column= in Python)"

MAX_CATEGORIES = 50
"""Most distinct strings in a column of the kind "category"."""

MAX_CATEGORY_LENGTH = 40
"""Longest string in a column of the kind "category", in characters."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]+)?([eE][+-]?[0-9]+)?")
# JavaScript's numbers are doubles: a larger integer, such as a post's id, would lose digits.
_LARGEST_EXACT = 2**53


def choose_columns(
    rows: Rows, title: str, text_column: str | None, label_column: str | None
) -> tuple[str, str | None]:
    """Chooses the text column and the label column.

    Args:
        rows: the source's rows.
        title: how error messages call the source.
        text_column: matched exactly, else regardless of case. None for the first of `TEXT_NAMES`
            among the columns, else the only column of strings besides the labels.
        label_column: matched in the same way; "none" for no labels. None for the first of
            `LABEL_NAMES` among the columns.

    Returns:
        The names of the text column and of the label column; the latter is None without labels.

    Raises:
        UserError: there is no such column, it holds lists or bytes, the text column cannot be
            guessed, or both names mean the same column.
    """
    text = (
        _given(rows, title, text_column, _TEXT_FLAG)
        if text_column is not None
        else _first_of(TEXT_NAMES, rows, apart_from=label_column)
    )
    label: str | None
    if label_column is None:
        label = _first_of(LABEL_NAMES, rows, apart_from=text)
    elif label_column.casefold() == "none":
        label = None
    else:
        label = _given(rows, title, label_column, _LABEL_FLAG)
    if text is None:
        text = _only_strings(rows, title, label)
    if text == label:
        raise UserError(
            f"The column {text!r} of {title} cannot hold both the texts and the labels: choose "
            f"another with {_TEXT_FLAG} or {_LABEL_FLAG}."
        )
    return text, label


def _given(rows: Rows, title: str, wanted: str, flag: str) -> str:
    if wanted in rows.columns:
        return wanted
    if wanted in rows.unread:
        raise UserError(
            f"The column {wanted!r} of {title} holds lists, objects or bytes: choose one of "
            f"{listed(rows.columns)} with {flag}."
        )
    alike = [name for name in rows.columns if name.casefold() == wanted.casefold()]
    if len(alike) != 1:
        raise UserError(
            f"{title} has no column {wanted!r}: choose one of {listed(rows.columns)} with {flag}."
        )
    return alike[0]


def _first_of(names: Sequence[str], rows: Rows, apart_from: str | None) -> str | None:
    taken = (apart_from or "").casefold()
    there = {
        name.casefold(): name for name in reversed(list(rows.columns)) if name.casefold() != taken
    }
    return next((there[name] for name in names if name in there), None)


def _only_strings(rows: Rows, title: str, label: str | None) -> str:
    strings = []
    for name, cells in rows.columns.items():
        tidied = tidy_column(cells, rows.typed) if name != label else None
        if tidied is not None and tidied[0] in ("text", "category") and any(tidied[1]):
            strings.append(name)
    if len(strings) != 1:
        candidates = listed(strings or rows.columns)
        like_data = names_like_data(rows)
        header = " (or write a line with names above the first one, as it looks like data)"
        raise UserError(
            f"The text column of {title} cannot be guessed: choose one of {candidates} with "
            f"{_TEXT_FLAG}{header if like_data else ''}."
        )
    return strings[0]


def label_candidates(rows: Rows, text: str) -> list[str]:
    """The columns that could hold labels.

    These have 2 to `MAX_CATEGORIES` different values, of which some repeat; each is a short string,
    a whole number or a boolean.

    Args:
        rows: the source's rows.
        text: the text column.
    """
    found = []
    for name, cells in rows.columns.items():
        tidied = tidy_column(cells, rows.typed) if name not in (text, RATIONALE) else None
        if tidied is None or tidied[0] == "text":
            continue
        values = [value for value in tidied[1] if value != ""]
        different = set(values)
        fractions = any(isinstance(value, float) for value in different)
        if 2 <= len(different) <= min(MAX_CATEGORIES, len(values) - 1) and not fractions:
            found.append(name)
    return found


def tidy_column(
    cells: Sequence[object], typed: bool = True
) -> tuple[Kind, tuple[Cell, ...]] | None:
    """A column's kind, and its cells converted to strings, numbers or booleans throughout.

    Numbers and booleans keep their type if no cell is missing and the page can show each number
    exactly. Otherwise all cells become strings, with "" for a missing cell.

    Args:
        cells: the cells; None, NaN and "" are missing.
        typed: whether the cells have types of their own. If not, strings that look like numbers or
            booleans are read as such.

    Returns:
        The kind and the cells; None for a column with lists, objects or bytes.
    """
    if any(isinstance(cell, list | tuple | dict | bytes) for cell in cells):
        return None
    values = [None if cell == "" or cell != cell else cell for cell in cells]
    parsed = values if typed else [_parsed(value) for value in values]
    if values and all(isinstance(value, bool) for value in parsed):
        return "boolean", tuple(value for value in parsed if isinstance(value, bool))
    if values and all(map(_is_number, parsed)):
        numbers = tuple(value for value in parsed if isinstance(value, int | float))
        whole = all(isinstance(number, int) for number in numbers)
        return "number", numbers if whole else tuple(map(float, numbers))
    strings = tuple(map(_written, values))
    distinct = set(strings)
    short = len(distinct) <= MAX_CATEGORIES and all(
        len(string) <= MAX_CATEGORY_LENGTH for string in distinct
    )
    return ("category" if short else "text"), strings


def written_lists(cells: Sequence[object]) -> list[object]:
    """The cells, with each list of numbers written as a string such as "0 1 0.5"."""
    return [
        " ".join(map(str, cell))
        if isinstance(cell, list | tuple) and all(map(_is_number, cell))
        else cell
        for cell in cells
    ]


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value.casefold() in ("true", "false"):
        return value.casefold() == "true"
    number = _NUMBER.fullmatch(value)
    if not number:
        return value
    return float(value) if number[2] or number[3] else int(value)


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _LARGEST_EXACT if isinstance(value, int) else math.isfinite(value)


def _written(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
