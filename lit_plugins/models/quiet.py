"""Silences `transformers` where this package has better messages, or its warnings do not apply."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import transformers

_lock = Lock()
_open = 0
_before = (logging.NOTSET, True)


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Turns off warnings and progress bars of `transformers` while any thread is in the context."""
    global _open, _before
    logger = logging.getLogger("transformers")
    with _lock:
        if not _open:
            _before = (logger.level, transformers.utils.logging.is_progress_bar_enabled())
            logger.setLevel(logging.ERROR)
            transformers.utils.logging.disable_progress_bar()
        _open += 1
    try:
        yield
    finally:
        with _lock:
            _open -= 1
            if not _open:
                level, bars = _before
                logger.setLevel(level)
                if bars:
                    transformers.utils.logging.enable_progress_bar()
