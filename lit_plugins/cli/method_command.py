"""Shared parts of commands that apply a method to texts and print or save each result."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lit_plugins.cli import stopping
from lit_plugins.cli.completion import offer
from lit_plugins.cli.loading_flags import (
    add_loading_flags,
    announced_filler,
    load_classifier,
    load_texts,
    with_numbers,
)
from lit_plugins.cli.method_flags import add_option_flags, read_option_flags
from lit_plugins.cli.output import (
    Beside,
    Layout,
    Result,
    Write,
    checked_file,
    columns_of,
    writing,
)
from lit_plugins.cli.whole_file import WholeFile, told
from lit_plugins.data.wording import counted
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.options import CLASSIFIER, LANGUAGE_MODEL, Option
from lit_plugins.terminal import progress_bar, put, say

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier
    from lit_plugins.models.task import Target


_MOST_INPUT = 256 << 20
"""Most bytes of standard input, which may never end."""


class AnyMethod(Protocol):
    """A method of explanations or of counterfactuals, as the command line needs it."""

    @property
    def name(self) -> str:
        """The name for `--method`."""

    @property
    def help(self) -> str:
        """One or two sentences on what the method does."""

    @property
    def options(self) -> tuple[Option, ...]:
        """The options that a user may set."""


@dataclass(frozen=True)
class Work:
    """The model, texts and settings that the flags name.

    Attributes:
        classifier: the model.
        texts: texts as written.
        beside: the dataset's other columns; empty if the texts came from the command line.
        target: the class that `--target` names.
        options: checked values of the method's options.
        file: the file to write; None draws the results in the terminal.
    """

    classifier: TextClassifier
    texts: Sequence[str]
    beside: Beside
    target: Target
    options: Mapping[str, Any]
    file: WholeFile | None


def add_text_flags(parser: argparse.ArgumentParser, target: str, file: str) -> None:
    """Adds the flags for the texts, the model and the output.

    Args:
        parser: the parser to add them to.
        target: the help of `--target`.
        file: the help of `--output-file`.
    """
    add = parser.add_argument
    add(
        "text",
        nargs="*",
        metavar="TEXT",
        help="a text; - reads texts from standard input, one on each line",
    )
    model = add(
        "--model",
        default=EMBEDDED_MODELS[0],
        help="a folder, a name on the hub or an embedded model (default: %(default)s)",
    )
    offer(model, EMBEDDED_MODELS, files=True)
    add(
        "--dataset",
        help="instead of texts: a CSV, TSV, JSON lines or Parquet file, a dataset on the hub, "
        "sst2, or reviews",
    )
    add("--target", metavar="CLASS", help=target)
    add("-o", "--output-file", type=Path, metavar="FILE", help=file)
    add("--overwrite", action="store_true", help="replace the file if it exists")


def add_method_flags(
    parser: argparse.ArgumentParser,
    methods: Mapping[str, AnyMethod],
    method: AnyMethod,
    default: str,
    shared: Sequence[Option],
) -> None:
    """Adds the flags for the method, for its options and for loading models and data.

    Args:
        parser: the parser to add them to; its epilog lists the methods.
        methods: all methods by name.
        method: the chosen method.
        default: the name of the method that is used by default.
        shared: options that all methods have.
    """
    names = parser.add_argument(
        "--method", metavar="NAME", help=f"a method from the list below (default: {default})"
    )
    offer(names, methods)
    add_option_flags(parser, shared)
    add_loading_flags(parser)
    group = parser.add_argument_group(f"options of {method.name}", _filled(method.help, ""))
    add_option_flags(group, method.options)
    parser.set_defaults(method=method.name)
    listed = "\n".join(_filled(f"{known.name}: {known.help}", "  ") for known in methods.values())
    parser.epilog = f"methods (--method NAME --help shows the options of each):\n{listed}"


def prepare(options: argparse.Namespace, declared: Sequence[Option], layout: Layout[Any]) -> Work:
    """Checks the flags, then loads the model and the texts that they name.

    Args:
        options: the parsed arguments.
        declared: the options of the method, with those that all methods share.
        layout: the layout of the file that may be written.

    Raises:
        UserError: a flag is refused, or a model or dataset cannot be loaded.
    """
    path = options.output_file
    if bool(options.text) == (options.dataset is not None):
        raise UserError("Give either texts, - for lines on standard input, or --dataset.")
    file = None if path is None else checked_file(path, options.overwrite)
    loaders = {
        CLASSIFIER: lambda source: load_classifier(options, source),
        LANGUAGE_MODEL: announced_filler,
    }
    values = read_option_flags(options, declared, loaders)
    classifier = load_classifier(options, options.model)
    texts, beside = _texts(options, classifier, layout)
    return Work(classifier, texts, beside, options.target, values, file)


def carry_out(
    work: Work,
    results: Iterator[Result],
    layout: Layout[Result],
    draw: Callable[[Result], None],
    tally: Callable[[Result], None],
    verbs: tuple[str, str],
) -> int:
    """Draws or writes each result as soon as it is ready; a signal keeps the finished ones.

    Args:
        work: the texts, the model and the settings.
        results: one result for each text.
        layout: the layout of the file.
        draw: prints one result.
        tally: called with each result that was drawn or written.
        verbs: the present and past participles of the work, such as "explaining" and "explained".

    Returns:
        The exit code: 0, or 128 and the number of the signal that ended the work.
    """
    doing, did = verbs
    total = len(work.texts)
    done = 0
    drawn = work.file is None and sys.stdout.isatty()  # then the drawings show the progress
    try:
        with progress_bar(doing.capitalize(), total, hidden=drawn) as bar:
            # Computed before the file is opened, so that a model which cannot do it leaves no file.
            first = next(results)
            with _opened(work, layout, draw) as write:
                for result in chain([first], results):
                    with stopping.whole_step():
                        write(result)
                        tally(result)
                        done += 1
                    bar.update()
    except BaseException as error:
        finished = f"{did} {done:,} of {counted(total, 'text')}{told(work.file)}"
        if isinstance(error, KeyboardInterrupt) or stopping.was_stopped():
            say(f"Stopped: {finished}.")
            return stopping.exit_code()
        if told(work.file):
            say(f"Failed: {finished}.")
        raise
    if work.file is not None:
        say(f"{did.capitalize()} {counted(done, 'text')}{told(work.file)}.")
    return 0


@contextmanager
def _opened(
    work: Work, layout: Layout[Result], draw: Callable[[Result], None]
) -> Iterator[Write[Result]]:
    if work.file is not None:
        with writing(work.file, work.beside, layout) as write:
            yield write
        return
    indices = count()

    def show(result: Result) -> None:
        index = next(indices)
        if index:
            put("", sys.stdout)
        if "row" in work.beside:
            put(f"Row {work.beside['row'][index]}:", sys.stdout)
        draw(result)

    yield show


def _texts(
    options: argparse.Namespace, classifier: TextClassifier, layout: Layout[Any]
) -> tuple[Sequence[str], Beside]:
    if options.dataset is not None:
        name = repr(options.dataset)
        table = load_texts(options, options.dataset, classifier.labels, name)
        table = with_numbers(table, [classifier], name)
        return table.texts, columns_of(table, layout)
    texts: list[str] = []
    for text in options.text:
        texts += _lines_of_input() if text == "-" else [text]
    if not texts:
        raise UserError("Standard input has no line; give one text a line.")
    return texts, {}


def _lines_of_input() -> list[str]:
    if sys.stdin is None:
        raise UserError("Standard input is closed; give one text a line.")
    try:
        data = sys.stdin.buffer.read(_MOST_INPUT + 1)
        if len(data) > _MOST_INPUT:
            raise UserError(
                f"Standard input has more than {_MOST_INPUT >> 20} MiB; save it as a file with a "
                "header, and give that as --dataset."
            )
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise UserError(
            f"Standard input cannot be read ({error.strerror or error}); give one text a line."
        ) from error
    except UnicodeDecodeError as error:
        raise UserError("Standard input is not UTF-8 text; convert it first.") from error
    # Not splitlines(), which also splits at characters that other programs keep within a line.
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def _filled(text: str, indent: str) -> str:
    width = min(shutil.get_terminal_size().columns - 2, 98)
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=2 * indent)
