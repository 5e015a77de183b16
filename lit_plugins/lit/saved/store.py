"""The saved datapoints of one dataset, in a file of JSON lines.

A line lists the dataset's fields, or tells of a datapoint that was saved or removed:

    {"fields": ["sentence", "label"]}
    {"saved": {"id": "3f…", "data": {"sentence": "Fine."}, "meta": {}}, "at": "2026-01-31T…"}
    {"removed": "3f…"}

People can read it, and mend it in an editor. Lines are only added, until most of them are of
removed datapoints: then the file is rewritten without those.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lit_plugins.errors import TooLarge
from lit_plugins.lit.request_checks import MOST_NEW_EXAMPLES
from lit_plugins.lit.saved.line_file import LineFile
from lit_plugins.text.given import is_utf8

MOST = MOST_NEW_EXAMPLES - 1_000
"""The most saved datapoints of one dataset: the page asks about all of them in one request."""

MOST_BYTES = 16 * 2**20
"""Largest saved file; requests carry slightly more."""

Value = str | int | float | bool | None

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_SAVED, _REMOVED, _FIELDS, _AT = "saved", "removed", "fields", "at"
_FEW = 1_000  # a file of fewer lines is not worth rewriting


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
class Contents:
    """The state of a file.

    Attributes:
        saved: the datapoints by id, in the order in which they were saved.
        fields: the fields of the dataset that it was last written for; None for a new file.
        damaged: the numbers of lines that could not be read.
        revision: a name that changes with the file.
    """

    saved: Mapping[str, Saved]
    fields: tuple[str, ...] | None
    damaged: tuple[int, ...]
    revision: str


class Store:
    """The file and its datapoints. Threads and processes may share one file."""

    def __init__(
        self, path: Path, fields: Sequence[str], *, most: int = MOST, most_bytes: int = MOST_BYTES
    ):
        """Notes the path; the file is read at first use.

        Args:
            path: the file.
            fields: the names of the dataset's fields. The next write records them if the file
                was last written for other fields.
            most: the most datapoints that the file may hold.
            most_bytes: the most bytes that the file may hold.
        """
        self._file = LineFile(path)
        self._dataset_fields = tuple(fields)
        self._most, self._most_bytes = most, most_bytes
        self._forget()

    def read(self) -> Contents:
        """The file's state now.

        Raises:
            UserError: the file cannot be read.
        """
        with self._file.turn():
            self._catch_up()
            return self._contents()

    def add(self, points: Iterable[tuple[str, Mapping[str, Value], Mapping[str, str]]]) -> Contents:
        """Saves the datapoints that are not saved yet: all of them, or none.

        Args:
            points: id, data and meta of each datapoint.

        Raises:
            TooLarge: there would be too many datapoints, or too many bytes.
            UserError: the file cannot be written.
        """
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with self._file.turn():
            self._catch_up()
            new: dict[str, Saved] = {}
            for id_, data, meta in points:
                if id_ not in self._saved:
                    new.setdefault(id_, Saved(id_, dict(data), dict(meta), now))
            if len(self._saved) + len(new) > self._most:
                raise TooLarge(
                    f"There would be {len(self._saved) + len(new):,} saved datapoints, and a "
                    f"dataset may have {self._most:,}: remove some that are no longer needed."
                )
            lines = [_line_of(point) for point in new.values()]
            size = sum(len(line) + 1 for line in lines)
            if self._file.size + size > self._most_bytes:
                self._tidy_up()
            if lines and self._file.size + size > self._most_bytes:
                raise TooLarge(
                    f"The saved datapoints would take up more than {self._most_bytes / 2**20:.3g} "
                    "MB: remove some that are no longer needed."
                )
            self._write(lines)
            return self._contents()

    def remove(self, ids: Iterable[str]) -> Contents:
        """Removes datapoints by their ids; unknown ids are passed over.

        Raises:
            UserError: the file cannot be written.
        """
        with self._file.turn():
            self._catch_up()
            there = [id_ for id_ in dict.fromkeys(ids) if id_ in self._saved]
            self._write([_dumped({_REMOVED: id_}) for id_ in there])
            return self._contents()

    def _forget(self) -> None:
        self._saved: dict[str, Saved] = {}
        self._fields: tuple[str, ...] | None = None
        self._damaged: list[int] = []
        self._lines = 0
        self._torn = False

    def _catch_up(self) -> None:
        update = self._file.update()
        if update.replaced:
            self._forget()
        for line in update.lines:
            self._lines += 1
            if line.strip() and not self._take(line):
                self._damaged.append(self._lines)
        self._torn = bool(update.torn)

    def _take(self, line: bytes) -> bool:
        """Applies one line of the file; returns False if the line is damaged."""
        try:
            entry = json.loads(line.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            return False
        if not isinstance(entry, dict):
            return False
        fields, removed = entry.get(_FIELDS), entry.get(_REMOVED)
        if isinstance(fields, list) and all(isinstance(name, str) for name in fields):
            self._fields = tuple(fields)
            return True
        if isinstance(removed, str):
            self._saved.pop(removed, None)
            return True
        saved = _saved(entry.get(_SAVED), entry.get(_AT))
        if saved is None:
            return False
        self._saved[saved.id] = saved
        return True

    def _write(self, lines: list[bytes]) -> None:
        if not lines:
            return
        if self._lines > _FEW and self._lines > 2 * len(self._saved):
            self._tidy_up()
        if self._fields != self._dataset_fields:
            lines = [_dumped({_FIELDS: self._dataset_fields}), *lines]
        self._file.append(lines, self._torn)
        self._catch_up()

    def _tidy_up(self) -> None:
        """Rewrites the file without removed datapoints and damaged lines."""
        head = [] if self._fields is None else [_dumped({_FIELDS: self._fields})]
        # If the disk has no room for a second file, the old one stays; it holds the same.
        with contextlib.suppress(OSError):
            self._file.replace([*head, *map(_line_of, self._saved.values())])
            self._catch_up()

    def _contents(self) -> Contents:
        torn = [self._lines + 1] if self._torn else []
        return Contents(
            saved=MappingProxyType(dict(self._saved)),
            fields=self._fields,
            damaged=(*self._damaged, *torn),
            revision=self._file.revision,
        )


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


def _saved(point: Any, time: object) -> Saved | None:
    if not isinstance(point, dict) or not isinstance(time, str):
        return None
    id_, data, meta = point.get("id"), point.get("data"), point.get("meta")
    if not is_id(id_) or not isinstance(data, dict) or not isinstance(meta, dict):
        return None
    if not all(map(is_utf8, (time, *data, *meta))) or not all(map(is_value, data.values())):
        return None
    if not all(isinstance(value, str) and is_utf8(value) for value in meta.values()):
        return None
    return Saved(str(id_), data, meta, time)


def _line_of(point: Saved) -> bytes:
    return _dumped(
        {_SAVED: {"id": point.id, "data": {**point.data}, "meta": {**point.meta}}, _AT: point.at}
    )


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
