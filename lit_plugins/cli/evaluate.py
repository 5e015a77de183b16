"""`lit-plugins evaluate`: judges and compares models, and prints or saves tables."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lit_plugins.cli import stopping
from lit_plugins.cli.completion import offer
from lit_plugins.cli.loading_flags import (
    add_loading_flags,
    add_models_flag,
    announced_filler,
    load_classifier,
    load_texts,
    with_numbers,
)
from lit_plugins.cli.method_flags import add_option_flags, read_option_flags
from lit_plugins.cli.output import checked_file
from lit_plugins.cli.table_text import as_text, write_tables
from lit_plugins.cli.whole_file import WholeFile, told
from lit_plugins.counterfactual.rules import RULES
from lit_plugins.data.wording import counted
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.evaluate import METRICS, Metric, Question
from lit_plugins.evaluate.behaviour import RULE_SAMPLE
from lit_plugins.evaluate.global_words import WORDS_METHOD, WORDS_SAMPLE
from lit_plugins.evaluate.inputs import slices
from lit_plugins.evaluate.sampling import SAMPLE
from lit_plugins.explain import METHODS
from lit_plugins.models.shared_labels import share_labels
from lit_plugins.naming import named
from lit_plugins.options import LANGUAGE_MODEL, Integer, Option
from lit_plugins.plugins import record_named
from lit_plugins.runtime.batching import Progress
from lit_plugins.terminal import progress_bar, put, say

if TYPE_CHECKING:
    from pandas import DataFrame
    from tqdm import tqdm

_ALL = "all"
_SAMPLE = Integer("sample", SAMPLE, "The most texts of a slice.", low=1, high=1_000_000)


def add_flags(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Adds the flags of `lit-plugins evaluate`.

    Args:
        parser: the parser to add them to.
        arguments: the words after the command; not used.
    """
    add = parser.add_argument
    add_models_flag(parser)
    add(
        "--dataset",
        default="reviews",
        help="a CSV, TSV, JSON lines or Parquet file, a dataset on the hub, sst2, or reviews "
        "(default: %(default)s)",
    )
    quick = ", ".join(name for name, metric in METRICS.items() if metric.quick)
    metrics = add(
        "--metrics",
        metavar="NAME,…",
        help=f"metrics from the list below (default: those of {quick} that suit the models and "
        "data)",
    )
    offer(metrics, METRICS)
    methods = add(
        "--methods",
        metavar="NAME,…",
        help="the explanation methods to judge; random is the baseline (default: all that suit "
        f"the model, and random; for global_words {WORDS_METHOD})",
    )
    offer(methods, METHODS)
    rules = add("--rules", metavar="NAME,…", help="the lexical rules to try (default: all)")
    offer(rules, RULES)
    add(
        "--by",
        metavar="COLUMN",
        help="slice by a column of the dataset, by label, or by a phenomenon such as negation",
    )
    add(
        "--sample",
        metavar="N",
        help=f"the most texts of a slice to explain (default: {SAMPLE}; for global_words "
        f"{WORDS_SAMPLE}) or to try rules on (default: {RULE_SAMPLE}), or {_ALL}",
    )
    add_option_flags(parser, options_of(METRICS.values()))
    add(
        "-o",
        "--output-file",
        type=Path,
        metavar="FILE",
        help="write all tables to a .jsonl, .csv or .parquet file instead of printing them; .csv "
        "files have an apostrophe before texts that a spreadsheet would run",
    )
    add("--overwrite", action="store_true", help="replace the file if it exists")
    add_loading_flags(parser)
    listed = "\n".join(f"  {name}: {metric.help}" for name, metric in METRICS.items())
    parser.epilog = f"metrics (--metrics NAME,NAME):\n{listed}"


def options_of(metrics: Iterable[Metric]) -> tuple[Option, ...]:
    """The options that become flags: those of all metrics, the first of each name."""
    options: dict[str, Option] = {}
    for metric in metrics:
        for option in metric.options:
            options.setdefault(option.name, option)
    return tuple(options.values())


def run(options: argparse.Namespace) -> int:
    """Evaluates, and returns the exit code: 0, or 128 and the number of the signal."""
    path = options.output_file
    file = None if path is None else checked_file(path, options.overwrite)
    metrics = _names(options.metrics) or []
    for name in metrics:
        record_named(METRICS, name, "metric")
    # Each metric checks the flags by its own declarations, before loading takes minutes.
    checked = {
        name: read_option_flags(options, metric.options, {}) for name, metric in METRICS.items()
    }
    quick = [name for name, metric in METRICS.items() if metric.quick]
    question = _load(options, [METRICS[name] for name in metrics or quick])
    questions = {name: replace(question, options=values) for name, values in checked.items()}
    metrics = metrics or _fitting(questions)
    loaders = {LANGUAGE_MODEL: cache(announced_filler)}
    for name in metrics:
        values = read_option_flags(options, METRICS[name].options, loaders)
        questions[name] = replace(question, options=values)
    made: dict[str, DataFrame] = {}
    try:
        with file or nullcontext():
            for name in metrics:
                with _counting(name) as progress:
                    table = METRICS[name].make(replace(questions[name], progress=progress))
                with stopping.whole_step():
                    made[name] = table
                    _show(made, name, file)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt) or stopping.was_stopped():
            say(f"Stopped: made {len(made)} of {counted(len(metrics), 'table')}{told(file)}.")
            return stopping.exit_code()
        if told(file):  # tables may take long, so finished ones are saved if a later one fails
            say(f"Failed: made {len(made)} of {counted(len(metrics), 'table')}{told(file)}.")
        raise
    if file is not None:
        say(f"Made {counted(len(made), 'table')}{told(file)}.")
    return 0


def _show(made: Mapping[str, DataFrame], name: str, file: WholeFile | None) -> None:
    """Prints the latest table, or writes all tables so far into the file."""
    if file is not None:
        write_tables(file, made)
        return
    between = "\n" if len(made) > 1 else ""
    put(f"{between}{name}: {METRICS[name].help}\n{as_text(made[name])}", sys.stdout)


def _load(options: argparse.Namespace, metrics: Iterable[Metric]) -> Question:
    sample: dict[str, int | None] = {}
    if options.sample is not None:
        drawn = None if options.sample == _ALL else _SAMPLE.check(options.sample)
        sample = {_SAMPLE.name: drawn}
    classifiers = {
        name: load_classifier(options, source)
        for name, source in named(options.model or EMBEDDED_MODELS, "model").items()
    }
    shared = share_labels(classifiers)
    if any(metric.needs_shared_classes for metric in metrics):
        shared.check_comparable()
    labels = None if shared.apart else shared.label_names
    table = load_texts(options, options.dataset, labels, repr(options.dataset))
    slices(table, options.by)  # refuses a wrong column before anything is computed
    table = with_numbers(table, classifiers.values(), repr(options.dataset))
    methods, rules = _names(options.methods), _names(options.rules)
    return Question(shared.classifiers, table, methods, rules, options.by, sample)


def _names(flag: str | None) -> list[str] | None:
    return None if flag is None else [name.strip() for name in flag.split(",")]


def _fitting(questions: Mapping[str, Question]) -> list[str]:
    fitting = [
        name for name, metric in METRICS.items() if metric.quick and metric.fits(questions[name])
    ]
    if not fitting:
        raise UserError(
            "The dataset has no labels and there is only one model, so there is nothing to judge "
            "or compare; choose other metrics with --metrics."
        )
    return fitting


@contextmanager
def _counting(name: str) -> Iterator[Progress]:
    bars: list[tqdm] = []

    def progress(done: int, total: int) -> None:
        if not bars:
            bars.append(progress_bar(name, total, "it"))
        bars[0].update(done - bars[0].n)

    try:
        yield progress
    finally:
        for bar in bars:
            bar.close()
