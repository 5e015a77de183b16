"""JSON lines (one object a line), or one JSON array of objects."""

from __future__ import annotations

import json
from typing import Literal

from lit_plugins.data.files import not_utf8
from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import counted
from lit_plugins.errors import UserError

_FEW_CELLS = 10_000_000
"""Tables with up to this many cells may be as empty as they like."""

_MOST_EMPTY = 20
"""Most cells of a larger table for each cell that is filled."""


def read_json_lines(data: bytes, title: str) -> Rows:
    """Reads objects; their keys become the columns, in the order of first appearance.

    A line is malformed if it is not UTF-8, not JSON or not an object; so is an array element that
    is not an object. Blank lines are skipped. A key that an object lacks is a missing cell, and
    blank keys are dropped.

    Args:
        data: the file's bytes, without a byte order mark.
        title: how error messages call the file.

    Raises:
        UserError: the file begins as an array but is not valid JSON, or the objects share so few
            keys that the table would be almost empty.
    """
    if data.lstrip().startswith(b"["):
        return _columns(list(enumerate(_elements(data, title), start=1)), title, unit="row")
    lines = enumerate(data.split(b"\n"), start=1)
    return _columns(
        [(number, _value(line)) for number, line in lines if line.strip()], title, unit="line"
    )


def _elements(data: bytes, title: str) -> list[object]:
    try:
        return list(json.loads(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise not_utf8(title) from error
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"{title} begins as a JSON array but is not valid JSON ({error}): mend it, or write "
            "one object a line."
        ) from error


def _value(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def _columns(values: list[tuple[int, object]], title: str, unit: Literal["line", "row"]) -> Rows:
    objects = [(number, value) for number, value in values if isinstance(value, dict)]
    malformed = [number for number, value in values if not isinstance(value, dict)]
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
        malformed=malformed,
        unit=unit,
    )
