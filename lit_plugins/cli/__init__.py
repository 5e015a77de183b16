"""The command line: one file for each command, and the parts that commands share."""

from __future__ import annotations

from collections.abc import Sequence

from lit_plugins.cli.stopping import stoppable

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command.

    Args:
        arguments: the words after `lit-plugins`; the process's own arguments by default.

    Returns:
        The exit code: 0; 2 for a mistake that the user can mend; 130, 143 or 129 if Ctrl-C, SIGTERM
        or SIGHUP ended the work.
    """
    with stoppable(to_the_end=arguments is None):
        from lit_plugins.cli import commands  # a signal may come while it is imported

        return commands.main(arguments)
