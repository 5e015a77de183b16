"""The demo server and Chromium, as the browser tests and the screenshots start them."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = "LIT_PLUGINS_CHROMIUM"
"""The environment variable that names the browser's program."""

_ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ANNOUNCED = re.compile(r"serves (http://\S+)")


@contextlib.contextmanager
def demo_server(packages: str = "") -> Iterator[str]:
    """Runs the main demo as a user would, and yields its address.

    Args:
        packages: a folder of packages that are installed beside the others.
    """
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "demos.sentiment", "--port", "0", "--no-browser"],
            cwd=_ROOT,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": packages},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.communicate()


def _address(process: subprocess.Popen[str], log: IO[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        announced = _ANNOUNCED.search(line)
        if announced:
            return announced[1]
    log.seek(0)
    raise RuntimeError(f"The demo did not start:\n{log.read()}")


@contextlib.contextmanager
def chromium(environment: Mapping[str, str] = os.environ) -> Iterator[Browser]:
    """The browser that the environment names, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=environment[CHROMIUM], args=list(FLAGS)
        )
        try:
            yield browser
        finally:
            browser.close()
