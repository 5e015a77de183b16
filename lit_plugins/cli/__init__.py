"""The command line, thin: `lit-plugins serve` and `lit-plugins explain`."""

from lit_plugins.cli.program import main

__all__ = ["main"]
