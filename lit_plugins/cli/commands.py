"""`lit-plugins`: chooses the command to run, and reports how it ended.

Only the requested command is imported, so that help, wrong flags and shell completion respond
quickly.
"""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module

from lit_plugins import __version__
from lit_plugins.cli import stopping
from lit_plugins.cli.completion import complete, is_completing
from lit_plugins.cli.parser import Parser
from lit_plugins.cli.streams import OutputLost, guarded_streams
from lit_plugins.errors import UserError
from lit_plugins.terminal import say


@dataclass(frozen=True)
class Command:
    """A command of `lit-plugins`.

    Attributes:
        name: the word to type. The module of that name in this package has two functions:
            `add_flags(parser, arguments)`, where `arguments` are the words after the command, and
            `run(options)`, which returns the exit code.
        help: a phrase for the list of commands.
        description: one sentence for the command's own help.
    """

    name: str
    help: str
    description: str


COMMANDS = (
    Command("serve", "open models and datasets in LIT", "Open models and datasets in the browser."),
    Command(
        "explain",
        "explain texts, or a dataset, in the terminal or in a file",
        "Explain a model's predictions for texts or for a dataset, word by word.",
    ),
    Command(
        "counterfactuals",
        "find small changes to texts, or to a dataset, that flip predictions",
        "Find the smallest changes to texts, or to a dataset, that change the prediction.",
    ),
    Command(
        "evaluate",
        "judge and compare models, and explanations of them, on a dataset",
        "Judge and compare models, and explanations of them, on a dataset.",
    ),
    Command(
        "completion",
        "print a script that makes a shell complete these commands",
        "Print a script that makes a shell complete commands, flags and methods.",
    ),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command, and reports in one sentence how it failed; see `lit_plugins.cli.main`."""
    try:
        with guarded_streams():
            return _reported(arguments)
    except BrokenPipeError:  # the reader, such as `| head`, has seen enough
        return 0
    except OutputLost as error:
        say(f"lit-plugins: {error}")
        return 2


def _reported(arguments: Sequence[str] | None) -> int:
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if arguments is None and is_completing():
            complete(build_parser)
        options = build_parser(words).parse_args(words)
        return options.run(options)
    except (BrokenPipeError, OutputLost):
        raise
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or stopping.was_stopped():
            say("Stopped.")
            return stopping.exit_code()
        if isinstance(error, UserError):
            say(f"lit-plugins: {error}")
            return 2
        if arguments is None and isinstance(error, Exception):
            traceback.print_exc()  # through the guarded stream, since it may quote anything
            return 1
        raise


def build_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Builds the parser for these arguments; only the command that they name gets its flags.

    The flags of some commands depend on the method that the arguments name.

    Args:
        arguments: the words after `lit-plugins`.
    """
    parser = Parser(prog="lit-plugins", description="See why text classifiers say what they say.")
    parser.add_argument("--version", action="version", version=f"lit-plugins {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        subparser = commands.add_parser(
            command.name,
            help=command.help,
            description=command.description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            # Abbreviations would turn --token into --token-file, although a token must not be an
            # argument. They would also turn a method's option --output into --output-file.
            allow_abbrev=False,
        )
        if arguments[:1] == [command.name]:
            module = import_module(f"lit_plugins.cli.{command.name}")
            module.add_flags(subparser, arguments[1:])
            subparser.set_defaults(run=module.run)
    return parser
