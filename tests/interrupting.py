"""A command that Ctrl-C cuts short once it has written something."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


def interrupted(command: Sequence[str], file: Path) -> str:
    """What a command prints on standard error when Ctrl-C stops it as soon as `file` has content.

    It must end with the exit code of Ctrl-C and without a traceback.
    """
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None and not (file.exists() and file.stat().st_size):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, printed = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130
    assert "Traceback" not in printed
    return printed
