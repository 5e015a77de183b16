"""A file of lines that is only added to, by several threads and processes at once."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lit_plugins.errors import UserError

_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW
_PRIVATE = 0o600


@dataclass(frozen=True)
class News:
    """What a file has that was not read before.

    Attributes:
        anew: whether these are all of its lines, as another file stands in its place.
        lines: whole lines without their ends.
        torn: the beginning of a last line that was never ended; it is no part of `lines`.
    """

    anew: bool
    lines: list[bytes]
    torn: bytes


class LineFile:
    """The file. Everything but making one needs `turn`.

    A write is there as a whole or not at all: what fails is cut off again, and what a process that
    was killed left behind is ended by the next write, as a line that can be told from the others.
    """

    def __init__(self, path: Path):
        """Opens nothing yet.

        Args:
            path: the file's; beside it stands one that ends in `.lock`.
        """
        self._path = path
        self._lock_path = path.with_name(f"{path.name}.lock")
        self._within = threading.Lock()
        self._file = -1
        self._read = 0

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until no other thread or process has its turn.

        Raises:
            UserError: the file cannot be read or written here.
        """
        with self._within, self._told():
            lock = os.open(self._lock_path, os.O_RDWR | os.O_CREAT | _FLAGS, _PRIVATE)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)

    @property
    def revision(self) -> str:
        """Another one whenever the file has changed; the same in all processes."""
        if self._file < 0:
            return ""
        state = os.fstat(self._file)
        return f"{state.st_ino}-{state.st_size}"

    @property
    def size(self) -> int:
        """Bytes."""
        return os.fstat(self._file).st_size if self._file >= 0 else 0

    def news(self) -> News:
        """What was written since the last call, by whomever."""
        anew = not self._is_open()
        if anew:
            self._open()
        if self.size < self._read:
            anew = True
            self._read = 0
        data = self._from(self._read)
        whole, end, torn = data.rpartition(b"\n")
        self._read += len(whole) + len(end)
        return News(anew, whole.split(b"\n") if end else [], torn)

    def append(self, lines: list[bytes], torn: bool) -> None:
        """Writes lines, and returns when they are on the disk.

        Args:
            lines: without their ends.
            torn: whether the file's last line was never ended.

        Raises:
            UserError: not all of it could be written; nothing of it is in the file.
        """
        if self._file < 0:
            self._open(os.O_CREAT)
            _flush_folder(self._path)
        before = self.size
        data = b"".join([b"\n" if torn else b"", *(line + b"\n" for line in lines)])
        try:
            _write_whole(self._file, data)
        except BaseException:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, before)
                os.fsync(self._file)
            raise

    def replace(self, lines: list[bytes]) -> None:
        """Puts a file of these lines in its place, in one step.

        Raises:
            OSError: it could not be written; the file is as it was.
        """
        new = self._path.with_name(f"{self._path.name}.new")
        with contextlib.suppress(FileNotFoundError):
            new.unlink()  # of a process that was killed
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FLAGS, _PRIVATE)
        try:
            try:
                _write_whole(file, b"".join(line + b"\n" for line in lines))
            finally:
                os.close(file)
            os.replace(new, self._path)
        except BaseException:
            with contextlib.suppress(OSError):
                new.unlink()
            raise
        _flush_folder(self._path)

    def _is_open(self) -> bool:
        """Whether what is open is what stands there."""
        try:
            there = os.stat(self._path, follow_symlinks=False)
        except FileNotFoundError:
            return self._file < 0
        return self._file >= 0 and os.path.samestat(there, os.fstat(self._file))

    def _open(self, flags: int = 0) -> None:
        # What is open keeps its number from being given to another file, so it is closed last.
        before = self._file
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | _FLAGS | flags, _PRIVATE)
        except FileNotFoundError:
            self._file = -1
        finally:
            if before >= 0:
                os.close(before)
        self._read = 0

    def _from(self, start: int) -> bytes:
        parts = []
        while part := os.pread(self._file, 1 << 20, start) if self._file >= 0 else b"":
            parts.append(part)
            start += len(part)
        return b"".join(parts)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        name = self._path.name
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise UserError(
                    f"There is no room left on the server's disk for {name}, so nothing was "
                    "changed: make room there and try again."
                ) from error
            raise UserError(
                f"The file {name} of the data folder cannot be used "
                f"({error.strerror or type(error).__name__}): see to it on the server."
            ) from error


def _write_whole(file: int, data: bytes) -> None:
    if os.write(file, data) < len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.fsync(file)


def _flush_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
