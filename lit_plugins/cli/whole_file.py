"""Output files that are whole: each is written beside its place and takes it at the end."""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from lit_plugins.cli import stopping
from lit_plugins.errors import UserError


class WholeFile:
    """A file that is written as `NAME.part.ENDING` and renamed when it is complete.

    What stood in its place before stays there until then. If the work is stopped or fails, a whole
    beginning is kept: in the file's place if nothing stands there, else as `NAME.part.ENDING`. A
    kill, after which no code runs, leaves `NAME.part.ENDING` as it was written so far.

    Attributes:
        file: the open file, in the context.
        told: the end of a report's sentence that says where the results are; "" if nowhere.
    """

    file: IO[bytes]

    def __init__(self, path: Path, overwrite: bool):
        """Names a file; nothing is written before the context.

        Args:
            path: the file, or a link to it.
            overwrite: whether an existing file is replaced, and what a killed run has left.
        """
        self.told = ""
        self._path = path
        self._place = Path(os.path.realpath(path)) if path.is_symlink() else path
        self._part = self._place.with_name(f"{self._place.stem}.part{self._place.suffix}")
        self._overwrite = overwrite
        self._whole = 0

    @property
    def ending(self) -> str:
        """The ending of its name, in lower case."""
        return self._path.suffix.lower()

    def check(self) -> None:
        """Checks, before any work is done, that the file can be written.

        Raises:
            UserError: the path is a folder, a device or a pipe; the file exists and may not be
                replaced; or its folder does not exist or takes no files.
        """
        shown, folder = repr(str(self._path)), self._place.parent
        if self._place.is_dir():
            raise UserError(f"{shown} is a folder; name a file.")
        if self._place.exists() and not self._place.is_file():
            raise UserError(f"{shown} is a device or a pipe and no file; name a file.")
        if not self._overwrite:
            if self._place.exists():
                raise UserError(f"The file {shown} exists; add --overwrite or name another.")
            if _size(self._part):
                raise self._taken()
        if not folder.is_dir():
            raise UserError(f"The folder {str(folder)!r} does not exist; make it first.")
        if not os.access(folder, os.W_OK | os.X_OK):
            raise UserError(f"The folder {str(folder)!r} takes no files; name another folder.")

    def __enter__(self) -> WholeFile:
        self.check()
        try:
            # No link: somebody else could put one into a folder for all.
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
            descriptor = os.open(self._part, flags, 0o666)
            self.file = os.fdopen(descriptor, "r+b")
            self._claim()
            if self._place.exists():
                os.chmod(descriptor, stat.S_IMODE(self._place.stat().st_mode))
            self.file.truncate()
        except OSError as error:
            raise self._unwritable(error) from error
        return self

    def keep(self) -> None:
        """Says that the file is readable as it is now, so that this much is kept."""
        self.file.flush()
        self._whole = self.file.tell()

    def rewrite(self, data: bytes) -> None:
        """Replaces the file's content, and keeps it."""
        self.file.seek(0)
        self.file.write(data)
        self.file.truncate()
        self.keep()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        stopping.ending()
        complete = error is None
        failed = error if isinstance(error, OSError) else None
        held = os.dup(self.file.fileno())  # keeps the claim until the file has its name
        try:
            try:
                if complete:
                    self.keep()
                self.file.close()
                os.fsync(held)
            except OSError as full:
                complete, failed = False, failed or full
            self._settle(complete, held)
        except OSError as full:
            failed = failed or full
        finally:
            os.close(held)
        if failed is not None:
            raise self._unwritable(failed) from failed

    def _settle(self, complete: bool, held: int) -> None:
        """Gives the closed file its name; `held` is another descriptor of it."""
        if not complete and not self._whole:
            self._part.unlink()
            return
        os.ftruncate(held, self._whole)
        if complete or not self._place.exists():
            os.replace(self._part, self._place)
            self.told = f", written to {str(self._path)!r}"
        else:
            self.told = f", written to {str(self._part)!r}; {str(self._path)!r} is as it was"

    def _claim(self) -> None:
        """Refuses a file that another run writes, or has put in its place in this moment."""
        with suppress(OSError):  # some network disks have no locks
            try:
                fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._taken() from None
        if not os.path.samestat(os.fstat(self.file.fileno()), os.lstat(self._part)):
            raise self._taken()

    def _taken(self) -> UserError:
        return UserError(
            f"{str(self._part)!r} is being written by another run, or left by one that was killed; "
            "wait, move it or, if it may be lost, add --overwrite."
        )

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(
            f"The file {str(self._path)!r} cannot be written ({error.strerror or error}); "
            "make room or name another."
        )


def told(file: WholeFile | None) -> str:
    """The end of a report's sentence that says where the results are; "" if in no file."""
    return "" if file is None else file.told


def _size(path: Path) -> int:
    """The size of a file in bytes; 0 if there is none."""
    return os.lstat(path).st_size if os.path.lexists(path) else 0
