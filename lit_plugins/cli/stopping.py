"""Ctrl-C, SIGTERM and SIGHUP, which all end a command in the same orderly way.

The first signal raises `Signalled` in the main thread. Whoever has a file open finishes it, and the
command ends with 128 plus the number of the signal.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

_SAME_S = 1.0  # seconds in which signals are taken for one, as when Ctrl-C is pressed twice
_PATIENCE_S = 5.0  # seconds after which another signal ends the process at once


class Signalled(KeyboardInterrupt):
    """Raised by the signals that end a command, of which Ctrl-C is one."""


class _State:
    """State of the signals, which come to the whole process.

    Attributes:
        number: the first signal that came; None for none.
        first, raised: when it came, and when `Signalled` was last raised, in seconds.
        steps: the number of `whole_step` contexts that are open.
        ending: whether there is nothing left to interrupt.
        to_the_end: as in `stoppable`.
        begun: whether there was a `whole_step`, so that there may be something to save.
    """

    def __init__(self, *, to_the_end: bool = False) -> None:
        self.number: int | None = None
        self.first = self.raised = 0.0
        self.steps = 0
        self.ending = self.begun = False
        self.to_the_end = to_the_end


_state = _State()


@contextmanager
def stoppable(*, to_the_end: bool) -> Iterator[None]:
    """Raises `Signalled` in the context when a signal comes.

    Signals that the process was told to ignore, as `nohup` does, stay ignored.

    Args:
        to_the_end: whether the process ends after the context. Signals then do nothing there;
            otherwise they act as before the context.
    """
    global _state
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _state = _State(to_the_end=to_the_end)
    hook, before = sys.unraisablehook, {number: signal.getsignal(number) for number in SIGNALS}
    sys.unraisablehook = _quiet_about_signals
    if to_the_end:
        atexit.register(_ignore)  # runs last of all, before Python forgets handlers like ours
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _receive)
    try:
        yield
    finally:
        _state.ending = True
        if not to_the_end:
            sys.unraisablehook = hook
            for number, handler in before.items():
                signal.signal(number, handler)


def was_stopped() -> bool:
    """Whether a signal has come, whatever a library has made of the exception."""
    return _state.number is not None


def exit_code() -> int:
    """The exit code of a command that a signal has ended: 130 for Ctrl-C."""
    return 128 + (_state.number or signal.SIGINT)


@contextmanager
def whole_step() -> Iterator[None]:
    """Lets a signal that comes in the context act at its end."""
    _state.steps += 1
    _state.begun = True
    try:
        yield
    finally:
        _state.steps -= 1
        if was_stopped() and not _state.steps and not _state.ending:
            _raise()


def ending() -> None:
    """Says that the command is saving what is done, which nothing should interrupt."""
    _state.ending = True


def leave(code: int) -> None:
    """Ends the process at once: libraries that were interrupted may wait for ever at its end."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)


def _receive(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _state.number is None:
        _state.number, _state.first = number, now
    elif now - _state.first > _PATIENCE_S and (_state.ending or _state.steps):
        os._exit(exit_code())
    if _state.to_the_end and not _state.begun and _is_importing(frame):
        # Libraries in other languages abort where an exception meets them in their import.
        with suppress(OSError):
            os.write(2, b"Stopped.\n")
        os._exit(exit_code())
    # A library may have taken the exception for a failure of its own, and gone on.
    if not _state.ending and not _state.steps and now - _state.raised > _SAME_S:
        _raise()


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _ignore() -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _raise() -> None:
    _state.raised = time.monotonic()
    raise Signalled


def _quiet_about_signals(unraisable: Any) -> None:
    if not isinstance(unraisable.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(unraisable)
