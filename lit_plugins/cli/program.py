"""`lit-plugins`: which command, and how it ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lit_plugins.cli import explain, serve
from lit_plugins.cli.loading import say
from lit_plugins.cli.parser import Parser
from lit_plugins.errors import UserError


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command.

    Returns:
        The exit code: 0; 2 for a mistake that the user can mend; 130 where Ctrl-C cut work short.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        options = build_parser(given).parse_args(given)
        return options.run(options)
    except UserError as error:
        say(f"lit-plugins: {error}")
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def build_parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser for these arguments: what may follow `explain` depends on its method."""
    parser = Parser(prog="lit-plugins", description="See why text classifiers say what they say.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    opens = commands.add_parser(
        "serve", help="open models and datasets in LIT", description="Open models and datasets."
    )
    serve.add_flags(opens)
    opens.set_defaults(run=serve.run)
    explains = commands.add_parser(
        "explain",
        help="explain texts, or a dataset, in the terminal or into a file",
        description="Explain what a model says of texts or of a dataset, word by word.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # some methods have an option `output`; --output-file is not that
    )
    # Only what is run needs the method, whose options are flags too.
    explain.add_flags(explains, arguments[1:] if arguments[:1] == ["explain"] else [])
    explains.set_defaults(run=explain.run)
    return parser
