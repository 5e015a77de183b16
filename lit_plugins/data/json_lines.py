"""JSON lines (one object a line), and the other forms of JSON that hold a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lit_plugins.data.encodings import checked_encoding
from lit_plugins.data.json_tables import objects_in
from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import counted
from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation
from lit_plugins.text.given import is_utf8

_FEW_CELLS = 10_000_000
"""Tables with up to this many cells may be as empty as they like."""

_MOST_EMPTY = 20
"""Most cells of a larger table for each cell that is filled."""

_TEXT = "text"
"""The name of the column of texts that are not in objects."""


@dataclass(frozen=True)
class _Unread:
    """A part of the file that is no JSON.

    Attributes:
        reason: as in `Rows.reasons`.
        detail: what the parser says.
    """

    reason: str
    detail: str = ""


def read_json_lines(data: bytes, title: str) -> Rows:
    """Reads objects; their keys become the columns, in the order of first appearance.

    The file holds an object a line; or objects of several lines each, which begin with a brace at
    the same place of a line; or one value in a form that `objects_in` knows. Strings are texts if
    there is no object. A part is malformed if it is not UTF-8, not JSON or not an object. Blank
    lines are skipped. A key that an object lacks is a missing cell, and blank keys are dropped.

    Args:
        data: the file's bytes, without a byte order mark.
        title: how error messages call the file.

    Raises:
        UserError: the file is no table, begins as an array but is not valid JSON, or its objects
            share so few keys that the table would be almost empty.
    """
    text = data.decode("utf-8", "surrogateescape")
    whole = _value(text)
    if not isinstance(whole, _Unread):
        objects, notes = objects_in(whole, title)
        rows = _columns(list(enumerate(objects, start=1)), title, unit="row", notes=notes)
    else:
        values = [*_values(text)]
        if text.lstrip(" \t\r\n")[:1] == "[" and _is_broken_array(values):
            raise UserError(
                f"{title} begins as a JSON array but is not valid JSON ({whole.detail}): mend it, "
                "or write one object a line."
            )
        rows = _columns(values, title, unit="line")
    return checked_encoding(rows, data, title)


def _is_broken_array(values: list[tuple[int, object]]) -> bool:
    """Whether lines, of which the first begins with a bracket, are parts of one array.

    Then the first line and at least half of all lines are no JSON by themselves.
    """
    unread = [isinstance(value, _Unread) for _, value in values]
    return unread[0] and 2 * sum(unread) >= len(unread)


def _values(text: str) -> Iterator[tuple[int, object]]:
    """The value of each line or, where objects span several lines, of each object."""
    lines = text.split("\n")
    first = next(line for line in lines if line.strip())
    brace = first[: len(first) - len(first.lstrip())] + "{"  # nested objects are further in
    starts = [place for place, line in enumerate(lines) if line.startswith(brace)]
    spans = zip([0, *starts], [*starts, len(lines)], strict=True)
    objects = [(start, "\n".join(lines[start:end])) for start, end in spans]
    spanning = any(
        "\n" in part.strip() and not isinstance(_value(part), _Unread) for _, part in objects
    )
    for start, part in objects if spanning else enumerate(lines):
        cancellation.check()
        if part.strip():
            yield start + 1, _value(part) if is_utf8(part) else _Unread("not UTF-8")


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except RecursionError:
        return _Unread("nested too deeply")
    except ValueError as error:
        return _Unread("not JSON", str(error))


def _columns(
    values: list[tuple[int, object]],
    title: str,
    unit: Literal["line", "row"],
    notes: tuple[str, ...] = (),
) -> Rows:
    no_object = not any(isinstance(value, dict) for _, value in values)
    if no_object and any(isinstance(value, str) for _, value in values):
        values = [
            (number, {_TEXT: value} if value is None or isinstance(value, str) else value)
            for number, value in values
        ]
    elif values and all(isinstance(value, list) for _, value in values):
        raise UserError(
            f"The rows of {title} are arrays, which name no columns: write one object a row."
        )
    objects = [(number, value) for number, value in values if isinstance(value, dict)]
    reasons = {
        number: value.reason if isinstance(value, _Unread) else "not an object"
        for number, value in values
        if not isinstance(value, dict)
    }
    names = dict.fromkeys(name for _, value in objects for name in value if name.strip())
    filled = sum(len(value) for _, value in objects)
    if len(objects) * len(names) > max(_FEW_CELLS, _MOST_EMPTY * filled):
        raise UserError(
            f"The objects of {title} have {counted(len(names), 'different key')}, most of them in "
            "few objects: write objects that have the same keys."
        )
    return Rows(
        columns={name: [value.get(name) for _, value in objects] for name in names},
        numbers=[number for number, _ in objects],
        malformed=list(reasons),
        reasons=reasons,
        unit=unit,
        notes=notes,
    )
