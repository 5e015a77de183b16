"""A command that a signal cuts short once it has written something."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


def interrupted(command: Sequence[str], file: Path, number: int = signal.SIGINT) -> str:
    """What a command prints on standard error when it is stopped as soon as it has a result.

    It must end with the exit code of the signal and without a traceback.

    Args:
        command: the command.
        file: its output file, beside which it writes while it works.
        number: the signal, which is sent twice.
    """
    part = file.with_stem(f"{file.stem}.part")
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        while process.poll() is None and not (part.exists() and part.stat().st_size):
            time.sleep(0.05)
        process.send_signal(number)
        process.send_signal(number)
        _, printed = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 128 + number
    assert "Traceback" not in printed
    return printed
