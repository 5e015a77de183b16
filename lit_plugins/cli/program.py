"""`lit-plugins`: which command, and how it ends."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from lit_plugins.cli import counterfactuals, evaluate, explain, serve
from lit_plugins.cli.loading_flags import say
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
    """The parser for these arguments: what may follow some commands depends on their method."""
    parser = Parser(prog="lit-plugins", description="See why text classifiers say what they say.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    opens = commands.add_parser(
        "serve",
        help="open models and datasets in LIT",
        description="Open models and datasets.",
        allow_abbrev=False,  # --token is not --token-file: a token is no argument
    )
    serve.add_flags(opens)
    opens.set_defaults(run=serve.run)
    for command, name, help_, description in (
        (
            explain,
            "explain",
            "explain texts, or a dataset, in the terminal or into a file",
            "Explain what a model says of texts or of a dataset, word by word.",
        ),
        (
            counterfactuals,
            "counterfactuals",
            "find small changes of texts, or of a dataset, that flip what a model says",
            "Find the smallest changes of texts or of a dataset that change the prediction.",
        ),
    ):
        own = commands.add_parser(
            name,
            help=help_,
            description=description,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,  # some methods have an option `output`; --output-file is not that
        )
        # Only what is run needs the method, whose options are flags too.
        command.add_flags(own, arguments[1:] if arguments[:1] == [name] else [])
        own.set_defaults(run=command.run)
    evaluates = commands.add_parser(
        "evaluate",
        help="judge and compare models, and explanations of them, on a dataset",
        description="Judge and compare models, and explanations of them, on a dataset.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    evaluate.add_flags(evaluates)
    evaluates.set_defaults(run=evaluate.run)
    return parser
