"""Tables within one JSON value: arrays, rows under a key, columns, and what pandas writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from lit_plugins.data.headers import TEXT_NAMES
from lit_plugins.data.wording import counted, listed
from lit_plugins.errors import UserError

_MEND = "write one object a row, in an array or on a line of its own"


def objects_in(value: object, title: str) -> tuple[list[object], tuple[str, ...]]:
    """The rows in a JSON value, which are objects or strings unless they are malformed.

    The value is an array of rows; an object with the rows under one of its keys; an object whose
    values are columns (arrays of equal length); one of the forms that `DataFrame.to_json` of
    pandas writes (`orient` is columns, index, split or table), without the index; texts by
    number, as `Series.to_json` writes them; or a single row.

    Args:
        value: the parsed JSON.
        title: how error messages call the file.

    Returns:
        The rows, and sentences on what was read.

    Raises:
        UserError: the value is no table, or it is unclear how it is meant.
    """
    if isinstance(value, list):
        return value, ()
    if not isinstance(value, dict):
        raise UserError(f"{title} holds a single JSON value that is no object: {_MEND}.")
    if isinstance(value.get("schema"), dict) and isinstance(value.get("data"), list):
        return _without_index(value["data"], value["schema"].get("primaryKey")), ()
    if _all_are(list, value.get("data")) and isinstance(value.get("columns"), list):
        return _split(value["columns"], value["data"], title), ()
    keys = [key for key, part in value.items() if _all_are(dict, part)]
    if keys and not (_has_text(value) and not any(map(_has_text, value[keys[0]]))):
        return _under_key(value, keys, title)
    if value and all(isinstance(part, list) for part in value.values()):
        return _by_column(value, title), ()
    if value and all(isinstance(part, dict) for part in value.values()):
        return _by_label(value, title), ()
    if _are_numbers(value) and all(isinstance(part, str) for part in value.values()):
        return list(value.values()), ()
    if not _has_text(value) and any(isinstance(part, list | dict) for part in value.values()):
        raise UserError(
            f"{title} is one JSON object with the keys {listed(value, most=5)}, and none of them "
            f"holds rows: {_MEND}."
        )
    return [value] if value else [], ()


def _all_are(kind: type, values: object) -> bool:
    return isinstance(values, list) and values != [] and all(isinstance(v, kind) for v in values)


def _has_text(row: dict[str, Any]) -> bool:
    return any(key.casefold() in TEXT_NAMES and isinstance(row[key], str) for key in row)


def _are_numbers(keys: Collection[str]) -> bool:
    return bool(keys) and all(key.isdecimal() for key in keys)


def _without_index(rows: list[Any], index: object) -> list[object]:
    names = index if isinstance(index, list) else []
    return [
        {name: cell for name, cell in row.items() if name not in names}
        if isinstance(row, dict)
        else row
        for row in rows
    ]


def _split(columns: list[Any], rows: list[list[Any]], title: str) -> list[object]:
    names = list(map(str, columns))
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise UserError(
            f"{title} names the column {twice[0]!r} twice: give each column its own name."
        )
    return [dict(zip(names, row, strict=True)) if len(row) == len(names) else row for row in rows]


def _under_key(
    value: dict[str, Any], keys: list[str], title: str
) -> tuple[list[object], tuple[str, ...]]:
    if len(keys) > 1:
        raise UserError(
            f"{title} holds rows under several keys ({listed(keys)}): write each into its own file."
        )
    others = [key for key in value if key != keys[0]]
    left = f"; not read: {listed(map(repr, others), most=5)}" if others else ""
    return value[keys[0]], (f"The rows are those under the key {keys[0]!r}{left}.",)


def _by_column(columns: dict[str, list[Any]], title: str) -> list[object]:
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        shown = (f"{name!r} with {counted(length, 'value')}" for name, length in lengths.items())
        raise UserError(
            f"{title} holds columns of different lengths ({listed(shown, most=5)}): {_MEND}."
        )
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _by_label(outer: dict[str, dict[str, Any]], title: str) -> list[object]:
    """Objects of objects: rows by label if the rows' labels are numbers, else columns."""
    inner = dict.fromkeys(key for part in outer.values() for key in part)
    by_column = _are_numbers(inner) or _knows_text(outer)
    by_row = _are_numbers(outer) or _knows_text(inner)
    if by_column == by_row:
        raise UserError(
            f"{title} is an object of objects, and it is unclear whether these are rows or "
            f"columns: {_MEND}."
        )
    if by_row:
        return list(outer.values())
    return [{name: outer[name].get(label) for name in outer} for label in inner]


def _knows_text(names: Collection[str]) -> bool:
    return any(name.casefold() in TEXT_NAMES for name in names)
