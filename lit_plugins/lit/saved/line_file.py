"""An append-only file of lines, shared by threads and processes."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lit_plugins.errors import UserError
from lit_plugins.lit.saved.file_lock import FileLock

_FLAGS = os.O_CLOEXEC | os.O_NOFOLLOW
_PRIVATE = 0o600


@dataclass(frozen=True)
class Update:
    """The lines that a file has gained since it was last read.

    Attributes:
        replaced: whether another file has taken its place, so that these are all of its lines.
        lines: whole lines without their ends.
        torn: a last line without an end, of a write that broke off; it is not among `lines`.
    """

    replaced: bool
    lines: list[bytes]
    torn: bytes


class LineFile:
    """The file. Use it inside `with file.turn():` only.

    A write takes effect as a whole or not at all: a failed write is cut off again. If a process
    dies while it writes, a torn line stays. The next write ends that line first, so that it
    damages no other line.
    """

    def __init__(self, path: Path):
        """Notes the path; the file is opened at first use."""
        self._path = path
        self._lock = FileLock(path)
        self._file = -1
        self._position = 0

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
        return f"{state.st_ino}-{state.st_size}"

    @property
    def size(self) -> int:
        """Bytes in the file; 0 where there is none."""
        return os.fstat(self._file).st_size if self._file >= 0 else 0

    def update(self) -> Update:
        """The lines written since the last call, by any process."""
        replaced = not self._is_current()
        if replaced:
            self._open()
        if self.size < self._position:  # cut off by hand
            replaced = True
            self._position = 0
        data = self._read_from(self._position)
        whole, end, torn = data.rpartition(b"\n")
        self._position += len(whole) + len(end)
        return Update(replaced, whole.split(b"\n") if end else [], torn)

    def append(self, lines: list[bytes], torn: bool) -> None:
        """Adds lines, and returns when they are on the disk.

        Args:
            lines: without their ends.
            torn: whether the file's last line has no end yet.

        Raises:
            OSError: they could not all be written; the file is as it was.
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
        """Replaces the file, in one step, by a new file with these lines.

        Raises:
            OSError: the new file could not be written; the old one stays.
        """
        new = self._path.with_name(f"{self._path.name}.new")
        with contextlib.suppress(FileNotFoundError):
            new.unlink()  # left by a killed process
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

    def _is_current(self) -> bool:
        """Whether the open file is still the one at the path."""
        try:
            at_path = os.stat(self._path, follow_symlinks=False)
        except FileNotFoundError:
            return self._file < 0
        return self._file >= 0 and os.path.samestat(at_path, os.fstat(self._file))

    def _open(self, flags: int = 0) -> None:
        # Closed last: while it is open, no new file can get its inode, which `revision` shows.
        before = self._file
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_APPEND | _FLAGS | flags, _PRIVATE)
        except FileNotFoundError:
            self._file = -1
        finally:
            if before >= 0:
                os.close(before)
        self._position = 0

    def _read_from(self, start: int) -> bytes:
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
