"""An append-only file of lines, shared by threads and processes."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.lit.saved.file_lock import FileLock

_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK  # a named pipe must not block
_PRIVATE = 0o600
_TAIL_BYTES = 4096  # bytes before the end that are compared to notice an edit


@dataclass(frozen=True)
class Update:
    """The lines that a file has gained since it was last read.

    Attributes:
        replaced: whether the file was replaced or edited, so that these are all of its lines.
        lines: whole lines without their ends.
        torn: a last line without an end; it is not among `lines`. The next update has it again.
    """

    replaced: bool
    lines: list[bytes]
    torn: bytes


class LineFile:
    """The file. Use it inside `with file.turn():` only.

    Lines are only ever added. A write takes effect as a whole or not at all: a failed write is cut
    off again. If a process dies while it writes, a torn line stays. The next write ends that line
    first, so that it damages no other line.
    """

    def __init__(self, path: Path, most_bytes: int):
        """Notes the path; the file is opened at first use.

        Args:
            path: the file.
            most_bytes: the size beyond which the file is not read.
        """
        self._path = path
        self._most_bytes = most_bytes
        self._lock = FileLock(path)
        self._file = -1
        self._forget()

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)

    def _forget(self) -> None:
        self._position = 0  # the first byte after the last whole line that was read
        self._read_bytes = 0
        self._tail = b""
        self._revision = ""

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Locks the file: waits until no other thread or process is inside, then keeps them out.

        Raises:
            UserError: the file cannot be read or written, or others keep it for too long.
        """
        with self._explained_errors(), self._lock.held():
            yield

    @property
    def revision(self) -> str:
        """A name for the file's state; it changes with the file and is equal in all processes."""
        if self._file < 0:
            return ""
        state = os.fstat(self._file)
        return f"{state.st_ino}-{state.st_size}-{state.st_mtime_ns}"

    @property
    def size(self) -> int:
        """Bytes in the file; 0 where there is none."""
        return os.fstat(self._file).st_size if self._file >= 0 else 0

    def update(self) -> Update:
        """The lines written since the last call, by any process.

        Raises:
            TooLarge: the file is larger than any that was written here.
        """
        replaced = not self._is_current()
        if replaced:
            self._open()
        elif self._was_edited():
            replaced = True
            self._forget()
        if self.size > self._most_bytes:
            has, most = (f"{size / 2**20:,.0f} MB" for size in (self.size, self._most_bytes))
            raise TooLarge(
                f"The file {self._path.name} of the data folder has {has}, and at most {most} are "
                "read: move it elsewhere on the server."
            )
        self._revision = self.revision
        data = self._read(self._position)
        whole, end, torn = data.rpartition(b"\n")
        self._read_bytes = self._position + len(data)
        self._position += len(whole) + len(end)
        if data:
            self._tail = data[-_TAIL_BYTES:]
        return Update(replaced, whole.split(b"\n") if end else [], torn)

    def append(self, lines: list[bytes], torn: bool) -> None:
        """Adds lines, and returns when they are on the disk.

        Args:
            lines: without their ends.
            torn: whether the file's last line has no end yet.

        Raises:
            OSError: they could not all be written; the file is as it was.
        """
        is_new = self._file < 0
        flags = os.O_WRONLY | os.O_APPEND | (os.O_CREAT | os.O_EXCL if is_new else 0)
        file = os.open(self._path, flags | _FLAGS, _PRIVATE)
        try:
            before = os.fstat(file).st_size
            try:
                if is_new:
                    _flush_folder(self._path)
                _write_whole(
                    file, b"".join([b"\n" if torn else b"", *(line + b"\n" for line in lines)])
                )
            except BaseException:
                with contextlib.suppress(OSError):
                    os.ftruncate(file, before)
                    os.fsync(file)
                raise
        finally:
            os.close(file)

    def _is_current(self) -> bool:
        """Whether the open file is still the one at the path."""
        try:
            at_path = os.stat(self._path, follow_symlinks=False)
        except FileNotFoundError:
            return self._file < 0
        return self._file >= 0 and os.path.samestat(at_path, os.fstat(self._file))

    def _was_edited(self) -> bool:
        """Whether anything but added lines has changed the open file since it was last read."""
        if self.revision == self._revision:
            return False
        if self.size <= self._read_bytes:  # others only add
            return True
        before = self._read_bytes - len(self._tail)
        *tail, added = os.pread(self._file, len(self._tail) + 1, before)
        is_torn = self._read_bytes > self._position
        return bytes(tail) != self._tail or (is_torn and added != ord(b"\n"))

    def _open(self) -> None:
        # Closed last: while it is open, no new file can get its inode, which `revision` shows.
        before, self._file = self._file, -1
        self._forget()
        try:
            self._file = _opened(self._path)
        finally:
            if before >= 0:
                os.close(before)

    def _read(self, start: int) -> bytes:
        parts = []
        while part := os.pread(self._file, 1 << 20, start) if self._file >= 0 else b"":
            parts.append(part)
            start += len(part)
        return b"".join(parts)

    @contextlib.contextmanager
    def _explained_errors(self) -> Iterator[None]:
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
                f"({error.strerror or type(error).__name__}): mend it on the server."
            ) from error


def _opened(path: Path) -> int:
    """Opens a file for reading; -1 if there is none."""
    try:
        file = os.open(path, os.O_RDONLY | _FLAGS)
    except FileNotFoundError:
        return -1
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is no plain file")
    return file


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
