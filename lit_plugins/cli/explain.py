"""`lit-plugins explain`: explanations of texts or of a dataset, drawn or written to a file."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from lit_plugins.cli.loading import add_loading_flags, load_classifier, load_texts, say
from lit_plugins.cli.method_flags import (
    DEFAULT_METHOD,
    add_option_flags,
    find_method,
    read_option_flags,
)
from lit_plugins.cli.output import Beside, Write, check_file, columns_of, writing
from lit_plugins.data.wording import counted
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, PIECES, Explanation, explain_each

if TYPE_CHECKING:
    from lit_plugins.classifier import Target, TextClassifier


def add_flags(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """The flags of `lit-plugins explain`.

    Args:
        parser: gets the flags.
        arguments: what follows the command; the options of the method that they name are flags.
    """
    method = find_method(arguments)
    add = parser.add_argument
    add("text", nargs="*", metavar="TEXT", help="a text; - for one text a line on standard input")
    add(
        "--model",
        default=EMBEDDED_MODELS[0],
        help="a folder, a name on the hub or an embedded model (default: %(default)s)",
    )
    add(
        "--dataset",
        help="in place of texts: a CSV, TSV, JSON lines or Parquet file, a dataset on the hub, "
        "sst2, or reviews",
    )
    add("--target", metavar="CLASS", help="a label or an index (default: what is predicted)")
    add("--method", metavar="NAME", help=f"one of those below (default: {DEFAULT_METHOD})")
    add(
        "-o",
        "--output-file",
        type=Path,
        metavar="FILE",
        help="write to a .jsonl (a line a text), .csv or .parquet file (a row a word); "
        "without it the explanations are drawn here",
    )
    add("--overwrite", action="store_true", help="replace the file if it exists")
    add("--top", type=int, metavar="N", help="draw rows for the N largest words of each text only")
    add_option_flags(parser, [PIECES])
    add_loading_flags(parser)
    own = parser.add_argument_group(f"options of {method.name}", _filled(method.help, ""))
    add_option_flags(own, method.options)
    parser.set_defaults(method=method.name)
    listed = "\n".join(_filled(f"{each.name}: {each.help}", "  ") for each in METHODS.values())
    parser.epilog = f"methods (--method NAME --help shows the options of each):\n{listed}"


def run(options: argparse.Namespace) -> int:
    """Explains, and gives the exit code: 0, or 130 where Ctrl-C cut the work short."""
    path = options.output_file
    if bool(options.text) == (options.dataset is not None):
        raise UserError("Give either texts, - for lines on standard input, or --dataset.")
    if options.top is not None and options.top < 1:
        raise UserError(f"--top is {options.top}; give 1 or more.")
    if path is not None:
        check_file(path, options.overwrite)
    given = read_option_flags(
        options,
        (*METHODS[options.method].options, PIECES),
        lambda source: load_classifier(options, source),
    )
    classifier = load_classifier(options, options.model)
    texts, beside = _texts(options, classifier)
    target = _target(classifier, options.target)
    explanations = explain_each(classifier, texts, options.method, target, **given)
    tally = _Tally()
    try:
        _write(explanations, options, beside, len(texts), tally)
    except KeyboardInterrupt:
        say(f"Stopped: explained {tally.done:,} of {counted(len(texts), 'text')}{_place(path)}.")
        return 130
    except BrokenPipeError:  # `| head` has seen enough; Python must not flush into it once more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if path is not None:
        say(f"Explained {counted(tally.done, 'text')}{_place(path)}.")
        for sentence in tally.sentences():
            say(sentence)
    return 0


@dataclass
class _Tally:
    """What became of the texts so far."""

    done: int = 0
    cut: int = 0
    unsettled: int = 0

    def add(self, explanation: Explanation) -> None:
        self.done += 1
        self.cut += explanation.truncated
        self.unsettled += not explanation.converged

    def sentences(self) -> Iterator[str]:
        if self.cut:
            yield f"The model does not see the end of {counted(self.cut, 'text')} (truncated)."
        if self.unsettled:
            texts = counted(self.unsettled, "text")
            yield f"The method missed its tolerance for {texts} (converged)."


def _texts(options: argparse.Namespace, classifier: TextClassifier) -> tuple[Sequence[str], Beside]:
    if options.dataset is not None:
        table = load_texts(options, options.dataset, classifier.labels, repr(options.dataset))
        return table.texts, columns_of(table)
    texts: list[str] = []
    for text in options.text:
        texts += _lines_of_input() if text == "-" else [text]
    if not texts:
        raise UserError("Standard input has no line; give one text a line.")
    return texts, {}


def _lines_of_input() -> list[str]:
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("Standard input is not UTF-8 text; convert it first.") from error
    # Not splitlines(), which also splits where other programs see no line's end.
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def _target(classifier: TextClassifier, given: str | None) -> Target:
    by_index = given is not None and given.isdecimal() and given not in classifier.labels
    return int(given) if given is not None and by_index else given


def _write(
    explanations: Iterator[Explanation],
    options: argparse.Namespace,
    beside: Beside,
    total: int,
    tally: _Tally,
) -> None:
    path = options.output_file
    shown = path is None and sys.stdout.isatty()  # then the drawings show how far it is
    with tqdm(total=total, desc="Explaining", unit="text", disable=shown) as bar:
        # Before a file is made: what the model cannot do shows with the first text.
        first = next(explanations)
        opened = (
            _drawing(beside, options.top)
            if path is None
            else writing(path, options.overwrite, beside)
        )
        with opened as write:
            for explanation in chain([first], explanations):
                write(explanation)
                tally.add(explanation)
                bar.update()


@contextmanager
def _drawing(beside: Beside, top: int | None) -> Iterator[Write]:
    indices = count()

    def write(explanation: Explanation) -> None:
        index = next(indices)
        if index:
            print()
        if "row" in beside:
            print(f"Row {beside['row'][index]}:")
        explanation.draw(top)

    yield write


def _filled(text: str, indent: str) -> str:
    width = min(shutil.get_terminal_size().columns - 2, 98)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=2 * indent)


def _place(path: Path | None) -> str:
    return "" if path is None else f", written to {str(path)!r}"
