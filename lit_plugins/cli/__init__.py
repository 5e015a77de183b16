"""The command line: one file for each command, and the parts that commands share."""

from lit_plugins.cli.commands import main

__all__ = ["main"]
