"""The lines of a file of saved datapoints: JSON objects, of which this reads and writes four kinds.

A line lists the dataset's fields, or tells of a datapoint that was saved, removed or restored:

    {"fields": ["sentence", "label"]}
    {"saved": {"id": "3f…", "data": {"sentence": "Fine."}, "meta": {}}, "at": "2026-01-31T…"}
    {"removed": "3f…", "at": "2026-02-01T…"}
    {"restored": "3f…"}

Further names in a line are passed over. People can read the lines, and mend them in an editor.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lit_plugins.text.given import is_utf8

Value = str | int | float | bool | None

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_FIELDS, _SAVED, _REMOVED, _RESTORED, _AT = "fields", "saved", "removed", "restored", "at"
_KINDS = (_FIELDS, _SAVED, _REMOVED, _RESTORED)


@dataclass(frozen=True)
class Fields:
    """The fields of the dataset that the lines below are written for.

    Attributes:
        names: the names of the fields.
    """

    names: tuple[str, ...]


@dataclass(frozen=True)
class Saved:
    """A saved datapoint.

    Attributes:
        id: the hash that LIT knows it by.
        data: values by field, without the fields that annotators compute.
        meta: facts about it beside its fields, such as `source` and `parentId`.
        at: the time of saving in UTC, in ISO 8601.
    """

    id: str
    data: Mapping[str, Value]
    meta: Mapping[str, str]
    at: str


@dataclass(frozen=True)
class Removed:
    """The removal of a datapoint.

    Attributes:
        id: the datapoint's id.
        at: the time of removal in UTC, in ISO 8601; "" in files of version 0.1.
    """

    id: str
    at: str


@dataclass(frozen=True)
class Restored:
    """The return of a removed datapoint.

    Attributes:
        id: the datapoint's id.
    """

    id: str


Entry = Fields | Saved | Removed | Restored
"""What a line tells."""


def read_line(line: bytes) -> Entry | None:
    """What a line tells; None if it cannot be read."""
    try:
        entry = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    kinds = [kind for kind in _KINDS if kind in entry] if isinstance(entry, dict) else []
    if len(kinds) != 1:
        return None
    told, at = entry[kinds[0]], entry.get(_AT)
    if kinds == [_FIELDS]:
        are_names = isinstance(told, list) and all(isinstance(name, str) for name in told)
        return Fields(tuple(told)) if are_names else None
    if kinds == [_SAVED]:
        return _saved(told, at)
    if not is_id(told):
        return None
    if kinds == [_RESTORED]:
        return Restored(told)
    return Removed(told, at if isinstance(at, str) and is_utf8(at) else "")


def write_line(entry: Entry) -> bytes:
    """The line, without its end, that tells something."""
    told: dict[str, Any]
    match entry:
        case Fields(names):
            told = {_FIELDS: names}
        case Saved(id_, data, meta, at):
            told = {_SAVED: {"id": id_, "data": {**data}, "meta": {**meta}}, _AT: at}
        case Removed(id_, at):
            told = {_REMOVED: id_, _AT: at}
        case Restored(id_):
            told = {_RESTORED: id_}
    return json.dumps(told, ensure_ascii=False, allow_nan=False).encode("utf-8")


def is_id(value: object) -> bool:
    """Whether a value has the form of a datapoint's id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_value(value: object) -> bool:
    """Whether a value can be saved in a field: None, bool, finite number or valid Unicode text."""
    if isinstance(value, str):
        return is_utf8(value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, bool | int)


def _saved(point: Any, at: object) -> Saved | None:
    if not isinstance(point, dict) or not isinstance(at, str):
        return None
    id_, data, meta = point.get("id"), point.get("data"), point.get("meta")
    if not is_id(id_) or not isinstance(data, dict) or not isinstance(meta, dict):
        return None
    if not all(map(is_utf8, (at, *data, *meta))) or not all(map(is_value, data.values())):
        return None
    if not all(isinstance(value, str) and is_utf8(value) for value in meta.values()):
        return None
    return Saved(str(id_), data, meta, at)


def _refuse(constant: str) -> None:
    raise ValueError(constant)
