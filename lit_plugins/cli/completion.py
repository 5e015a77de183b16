"""Shell completion by argcomplete, for bash, zsh and fish: `lit-plugins completion bash`."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence

from lit_plugins.terminal import put

SHELLS = ("bash", "zsh", "fish")

_HOW = """\
Add the line of your shell to the file that the shell reads when it starts:

  bash, in ~/.bashrc:                   eval "$(lit-plugins completion bash)"
  zsh, in ~/.zshrc, after compinit:     eval "$(lit-plugins completion zsh)"
  fish, in ~/.config/fish/config.fish:  lit-plugins completion fish | source
"""


def add_flags(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Adds the one argument of `lit-plugins completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to complete in")
    parser.epilog = _HOW


def run(options: argparse.Namespace) -> int:
    """Prints the completion script of the chosen shell, and returns 0."""
    import argcomplete

    put(argcomplete.shellcode(["lit-plugins"], shell=options.shell), sys.stdout)
    return 0


def offer(action: argparse.Action, words: Iterable[str], *, files: bool = False) -> None:
    """Sets the values that a shell may offer for an argument.

    Args:
        action: the argument, as `add_argument` returned it.
        words: the values. If the argument takes several values with commas between them, each may
            be one of these.
        files: whether a value may also be a file or folder.
    """

    def completer(prefix: str, **_: object) -> list[str]:
        from argcomplete.completers import FilesCompleter

        head, comma, _last = prefix.rpartition(",")
        offered = [f"{head}{comma}{word}" for word in words]
        return offered + (list(FilesCompleter()(prefix)) if files else [])

    # argcomplete reads an attribute of this name.
    action.completer = completer  # type: ignore[attr-defined]


def is_completing() -> bool:
    """Whether a shell started this process to get completions."""
    return "_ARGCOMPLETE" in os.environ


def complete(build_parser: Callable[[Sequence[str]], argparse.ArgumentParser]) -> None:
    """Gives the shell its completions, and ends the process.

    Args:
        build_parser: builds the parser for the words on the line before the cursor.
    """
    import argcomplete

    line = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", "0"))]
    argcomplete.autocomplete(build_parser(_words(line)[1:]))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quotation mark is still open
        return line.split()
