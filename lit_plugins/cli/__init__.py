"""The command line: one file for each command, and the parts that commands share."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lit_plugins.cli import stopping

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command.

    Args:
        arguments: the words after `lit-plugins`; the process's own arguments by default.

    Returns:
        The exit code: 0; 2 for a mistake that the user can mend; 130, 143 or 129 if Ctrl-C, SIGTERM
        or SIGHUP ended the work.
    """
    try:
        with stopping.stoppable(to_the_end=arguments is None):
            from lit_plugins.cli import commands

            code = commands.main(arguments)
    except KeyboardInterrupt:  # it came before the command could report it
        stopping.ending()
        print("Stopped.", file=sys.stderr)
        code = stopping.exit_code()
    if arguments is None and stopping.was_stopped():
        stopping.leave(code)
    return code
