"""Standard streams of a command: they may be closed or full, and show no escapes of others."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from lit_plugins.errors import UserError
from lit_plugins.terminal import printable

# Progress bars go back to the start of their line, or one line up.
_MOVES_OF_BARS = re.compile(r"(\r|\x1b\[A)")


class OutputLost(UserError):
    """Raised where standard output takes no more."""


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Guards the standard streams in the context.

    Standard output says in one sentence that it takes no more. Standard error writes what libraries
    print without escapes, and goes nowhere once it fails: a full disk under it costs no result.

    Raises:
        OutputLost: standard output is closed or full, and something was printed.
        BrokenPipeError: the reader of standard output, such as `| head`, has ended.
    """
    _fill_closed()
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Output(sys.stdout), _Errors(sys.stderr)
    try:
        yield
        sys.stdout.flush()
    finally:
        sys.stdout, sys.stderr = before


class _Guarded:
    """A stream that passes everything on to another one, which is None if it is closed."""

    def __init__(self, stream: TextIO | None):
        self._stream = stream

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def write(self, text: str) -> int:
        with self._watched():
            if self._stream is None:
                raise OSError("it is closed")
            self._stream.write(self._safe(text))
        return len(text)

    def flush(self) -> None:
        with self._watched():
            if self._stream is not None:
                self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _safe(self, text: str) -> str:
        return text

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            # Python would write the rest again when the process ends.
            with suppress(AttributeError, OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self.fileno())
                os.close(nowhere)
            self._failed(error)

    def _failed(self, error: OSError) -> None:
        raise error


class _Output(_Guarded):
    def _failed(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):
            raise error
        raise OutputLost(
            f"The output cannot be written ({error.strerror or error}); make room, or send it "
            "elsewhere."
        ) from error


class _Errors(_Guarded):
    def _safe(self, text: str) -> str:
        parts = _MOVES_OF_BARS.split(text)
        return "".join(
            part if _MOVES_OF_BARS.fullmatch(part) else printable(part) for part in parts
        )

    def _failed(self, error: OSError) -> None:
        """There is no place left to say it."""


def _fill_closed() -> None:
    """Opens closed standard streams to nowhere, or the next file would get the number of one."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
