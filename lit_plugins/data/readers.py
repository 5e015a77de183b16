"""Readers of data files, chosen by the ending of the file's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lit_plugins.data.delimited import read_delimited
from lit_plugins.data.files import without_mark
from lit_plugins.data.json_lines import read_json_lines
from lit_plugins.data.parquet import read_parquet
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError
from lit_plugins.plugins import Registry

_ENDING = re.compile(r"\.[a-z0-9]+")


@dataclass(frozen=True)
class Reader:
    """One format of data files.

    Attributes:
        ending: the ending of the files' names, in lower case, such as ".csv".
        read: called with a file's bytes and with how error messages call the file. The bytes are
            never blank and never a git-lfs pointer. Returns the file's rows, or raises a
            `UserError` if it cannot be read.
        read_some: the same with the most rows that are kept, for formats of which a small file may
            be too large to read as a whole; None reads it whole.
    """

    ending: str
    read: Callable[[bytes, str], Rows]
    read_some: Callable[[bytes, str, int | None], Rows] | None = None


def check_declaration(reader: Reader) -> None:
    """Refuses a reader with an ending that cannot be looked up.

    Raises:
        UserError: the ending is not a full stop followed by lower-case letters and digits.
    """
    if not isinstance(reader.ending, str) or not _ENDING.fullmatch(reader.ending):
        raise UserError(
            f"The ending {reader.ending!r} cannot be looked up; write a full stop, then lower-case "
            "letters and digits, such as '.csv'."
        )


def _csv(data: bytes, title: str) -> Rows:
    return read_delimited(without_mark(data, title), title, ",")


def _tsv(data: bytes, title: str) -> Rows:
    return read_delimited(without_mark(data, title), title, "\t")


def _json_lines(data: bytes, title: str) -> Rows:
    return read_json_lines(without_mark(data, title), title)


READERS: Registry[Reader] = Registry(
    "lit_plugins.readers",
    "reader",
    Reader,
    lambda: (
        Reader(".csv", _csv),
        Reader(".tsv", _tsv),
        Reader(".jsonl", _json_lines),
        Reader(".ndjson", _json_lines),
        Reader(".json", _json_lines),
        Reader(".parquet", read_parquet, read_parquet),
    ),
    unique=("ending",),
    check=check_declaration,
)
