"""The command line, thin: one file a command, and what they share."""

from lit_plugins.cli.commands import main

__all__ = ["main"]
