"""Silences the progress bars and logs of `datasets` and the hub's client."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_datasets() -> Iterator[None]:
    """Silences the progress bars and log lines of both libraries inside the `with` block.

    Their errors reach the user as exceptions, so even their logged errors would only repeat them.
    """
    import datasets.utils
    import huggingface_hub.utils

    libraries = [
        module
        for module in (datasets.utils, huggingface_hub.utils)
        if not module.are_progress_bars_disabled()
    ]
    loggers = [logging.getLogger(name) for name in ("datasets", "huggingface_hub")]
    levels = [logger.level for logger in loggers]
    for module in libraries:
        module.disable_progress_bars()
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for module in libraries:
            module.enable_progress_bars()
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
