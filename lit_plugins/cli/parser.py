"""A parser that answers a wrong flag in one sentence."""

from __future__ import annotations

import argparse
import sys
from typing import Any, NoReturn

from lit_plugins.terminal import printable, put, say


class Parser(argparse.ArgumentParser):
    """Reports a wrong flag in one sentence; argparse would print the usage first."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help.")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Prints all that argparse prints: help, the version, and sentences on wrong flags."""
        if file is sys.stdout:
            put(printable(message.removesuffix("\n")), file)
        else:
            say(message)
