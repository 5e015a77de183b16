"""JSON lines (one object a line), or one JSON array of objects."""

from __future__ import annotations

import json

from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError


def read_json_lines(data: bytes, title: str) -> Rows:
    """Read objects, whose keys become the columns in the order of their first appearance.

    A line is malformed when it is no UTF-8, no JSON or no object; so is an element of an array
    that is no object. Blank lines are no rows. A key that an object lacks is a missing cell; a
    blank key is dropped.

    Raises:
        UserError: the file is one array, and that is not valid JSON.
    """
    if data.lstrip().startswith(b"["):
        return _columns(list(enumerate(_elements(data, title), start=1)), unit_is_line=False)
    lines = enumerate(data.split(b"\n"), start=1)
    return _columns(
        [(number, _value(line)) for number, line in lines if line.strip()], unit_is_line=True
    )


def _elements(data: bytes, title: str) -> list[object]:
    try:
        return list(json.loads(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise UserError(f"{title} is not UTF-8 text: save it again as UTF-8.") from error
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


def _columns(values: list[tuple[int, object]], unit_is_line: bool) -> Rows:
    objects = [(number, value) for number, value in values if isinstance(value, dict)]
    malformed = [number for number, value in values if not isinstance(value, dict)]
    names = dict.fromkeys(name for _, value in objects for name in value if name.strip())
    return Rows(
        columns={name: [value.get(name) for _, value in objects] for name in names},
        numbers=[number for number, _ in objects],
        malformed=malformed,
        unit="line" if unit_is_line else "row",
    )
