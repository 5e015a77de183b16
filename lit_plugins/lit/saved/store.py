"""The saved datapoints of one dataset, in a file of lines.

Lines are only ever added. So removed datapoints can be restored, and what cannot be read stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType

from lit_plugins.errors import TooLarge
from lit_plugins.lit.request_checks import MOST_NEW_EXAMPLES
from lit_plugins.lit.saved.line_file import LineFile
from lit_plugins.lit.saved.lines import (
    Fields,
    Removed,
    Restored,
    Saved,
    Value,
    read_line,
    write_line,
)

MOST = MOST_NEW_EXAMPLES - 1_000
"""The most saved datapoints of one dataset: the page asks about all of them in one request."""

MOST_BYTES = 16 * 2**20
"""The most bytes of a dataset's saved datapoints; requests carry slightly more."""

MOST_FILE_BYTES = 32 * 2**20
"""The size of a file, removed datapoints included, beyond which no datapoint is added."""

# Times that size. Restoring has no bound: it adds fewer bytes than removing did.
_REMOVING = 1.25
_READING = 4


@dataclass(frozen=True)
class Removal:
    """Datapoints that were removed at the same time, and can be restored.

    Attributes:
        at: the time of removal in UTC, in ISO 8601; "" in files of version 0.1.
        count: the number of the datapoints.
        first: the first of them, in the order in which they were removed.
    """

    at: str
    count: int
    first: tuple[Saved, ...]


@dataclass(frozen=True)
class Contents:
    """The state of a file.

    Attributes:
        saved: the datapoints by id, in the order in which they were saved or restored.
        removed: the number of removed datapoints that can be restored.
        fields: the fields of the dataset that it was last written for; None for a new file.
        unreadable: the numbers of lines that cannot be read.
        revision: a name that changes with the file.
    """

    saved: Mapping[str, Saved]
    removed: int
    fields: tuple[str, ...] | None
    unreadable: tuple[int, ...]
    revision: str


class Store:
    """The file and its datapoints. Threads and processes may share one file.

    Attributes:
        name: the file's name.
    """

    def __init__(
        self,
        path: Path,
        fields: Sequence[str],
        *,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        most_file_bytes: int = MOST_FILE_BYTES,
    ):
        """Notes the path; the file is read at first use.

        Args:
            path: the file.
            fields: the names of the dataset's fields. The next write records them if the file
                was last written for other fields.
            most: the most datapoints that may be saved at a time.
            most_bytes: the most bytes of their lines.
            most_file_bytes: the size of the file beyond which no datapoint is added.
        """
        self.name = path.name
        self._file = LineFile(path, most_file_bytes * _READING)
        self._dataset_fields = Fields(tuple(fields))
        self._most, self._most_bytes = most, most_bytes
        self._most_file_bytes = most_file_bytes
        self._forget()

    def read(self) -> Contents:
        """The file's state now.

        Raises:
            UserError: the file cannot be read.
        """
        with self._turn():
            return self._contents()

    def add(self, points: Iterable[tuple[str, Mapping[str, Value], Mapping[str, str]]]) -> Contents:
        """Saves the datapoints that are not saved yet: all of them, or none.

        Args:
            points: id, data and meta of each datapoint.

        Raises:
            TooLarge: there would be too many datapoints, or too many bytes.
            UserError: the file cannot be written.
        """
        now = _now()
        with self._turn():
            new: dict[str, bytes] = {}
            for id_, data, meta in points:
                if id_ not in self._saved:
                    new.setdefault(id_, write_line(Saved(id_, dict(data), dict(meta), now)))
            self._check_room(new.values())
            self._write(list(new.values()), self._most_file_bytes)
            return self._contents()

    def remove(self, ids: Iterable[str]) -> Contents:
        """Removes datapoints by their ids; unknown ids are passed over.

        Raises:
            TooLarge: the file would have too many bytes.
            UserError: the file cannot be written.
        """
        now = _now()
        with self._turn():
            there = [id_ for id_ in dict.fromkeys(ids) if id_ in self._saved]
            lines = [write_line(Removed(id_, now)) for id_ in there]
            self._write(lines, int(self._most_file_bytes * _REMOVING))
            return self._contents()

    def removals(self, most: int, shown: int, before: str | None = None) -> list[Removal]:
        """What was removed and can be restored, the latest removal first.

        Args:
            most: the most removals to return.
            shown: the most datapoints to return of each removal.
            before: a time of removal; only what was removed earlier is returned. None for all.

        Raises:
            UserError: the file cannot be read.
        """
        with self._turn():
            ids: dict[str, list[str]] = {}
            for id_, (_, at) in self._removed.items():
                if before is None or at < before:
                    ids.setdefault(at, []).append(id_)
            return [
                Removal(at, len(ids[at]), tuple(map(self._removed_point, ids[at][:shown])))
                for at in sorted(ids, reverse=True)[:most]
            ]

    def removed_at(self, at: str) -> list[str]:
        """The ids of all datapoints that were removed at a time, see `Removal`.

        Raises:
            UserError: the file cannot be read.
        """
        with self._turn():
            return [id_ for id_, (_, time) in self._removed.items() if time == at]

    def restore(self, ids: Iterable[str]) -> Contents:
        """Restores removed datapoints: all of them, or none. Other ids are passed over.

        Raises:
            TooLarge: there would be too many datapoints, or too many bytes.
            UserError: the file cannot be written.
        """
        with self._turn():
            there = [id_ for id_ in dict.fromkeys(ids) if id_ in self._removed]
            self._check_room([self._removed[id_][0] for id_ in there])
            self._write([write_line(Restored(id_)) for id_ in there])
            return self._contents()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._file.turn():
            self._catch_up()
            yield

    def _forget(self) -> None:
        # Each with its line. Those that were removed, of any number, are not kept in parsed form.
        self._saved: dict[str, tuple[bytes, Saved]] = {}
        self._removed: dict[str, tuple[bytes, str]] = {}  # with the time of removal
        self._fields: Fields | None = None
        self._unreadable: list[int] = []
        self._lines = 0
        self._torn = b""

    def _catch_up(self) -> None:
        update = self._file.update()
        if update.replaced:
            self._forget()
        for line in update.lines:
            self._lines += 1
            if line.strip() and not self._take(line):
                self._unreadable.append(self._lines)
        # A last line without an end may still be whole, in a file that was mended in an editor.
        self._torn = update.torn
        self._is_cut = bool(update.torn.strip()) and not self._take(update.torn)

    def _take(self, line: bytes) -> bool:
        """Applies a line of the file; returns False if it cannot be read."""
        entry = read_line(line)
        match entry:
            case Fields():
                self._fields = entry
            case Saved(id_):
                self._saved[id_] = line, entry
                self._removed.pop(id_, None)
            case Removed(id_, at) if id_ in self._saved:
                self._removed[id_] = self._saved.pop(id_)[0], at
            case Restored(id_) if id_ in self._removed:
                point = self._removed_point(id_)
                self._saved[id_] = self._removed.pop(id_)[0], point
        return entry is not None

    def _removed_point(self, id_: str) -> Saved:
        point = read_line(self._removed[id_][0])
        assert isinstance(point, Saved)  # as when it was saved
        return point

    def _check_room(self, new: Collection[bytes]) -> None:
        """Refuses more datapoints than may be saved at a time; takes the lines of new ones."""
        if len(self._saved) + len(new) > self._most:
            raise TooLarge(
                f"There would be {len(self._saved) + len(new):,} saved datapoints, and a "
                f"dataset may have {self._most:,}: remove some that are no longer needed."
            )
        if (
            sum(map(len, new)) + sum(len(line) for line, _ in self._saved.values())
            > self._most_bytes
        ):
            raise TooLarge(
                f"The saved datapoints would take up more than {self._most_bytes / 2**20:.3g} "
                "MB: remove some that are no longer needed."
            )

    def _write(self, lines: list[bytes], most_bytes: int | None = None) -> None:
        if not lines:
            return
        if self._fields != self._dataset_fields:
            lines = [write_line(self._dataset_fields), *lines]
        size = self._file.size + sum(len(line) + 1 for line in lines)
        if most_bytes is not None and size > most_bytes:
            raise TooLarge(
                f"The file {self.name} would have more than {most_bytes / 2**20:.3g} MB, as it "
                "keeps removed texts: download the saved datapoints, have the file moved elsewhere "
                "on the server, and load the download."
            )
        self._file.append(lines, torn=bool(self._torn))
        self._catch_up()

    def _contents(self) -> Contents:
        cut = [self._lines + 1] if self._is_cut else []
        return Contents(
            saved=MappingProxyType({id_: point for id_, (_, point) in self._saved.items()}),
            removed=len(self._removed),
            fields=None if self._fields is None else self._fields.names,
            unreadable=(*self._unreadable, *cut),
            revision=self._file.revision,
        )


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
