"""Flags that every command has: which models and datasets, and how they are loaded."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from typing import TYPE_CHECKING

from lit_plugins.cli.completion import offer
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.terminal import say

if TYPE_CHECKING:
    from lit_plugins.data import TextTable
    from lit_plugins.models import MaskedLanguageModel
    from lit_plugins.models.classifier import TextClassifier


def add_loading_flags(parser: argparse.ArgumentParser) -> None:
    """How the models and datasets are loaded that `--model` and `--dataset` name."""
    add = parser.add_argument
    add("--split", help="the split of a dataset on the hub (default: validation, test or train)")
    add("--config", help="the configuration of a dataset on the hub that has several")
    add("--text-column", help="the column of texts (default: found by its name)")
    add("--label-column", help="the column of gold labels, or none (default: found by its name)")
    add("--labels", help="the names of the models' classes, by index, separated by commas")
    add("--max-examples", type=int, metavar="N", help="open at most N examples of each dataset")
    add("--max-length", type=int, metavar="N", help="read at most N tokens of a text")
    add("--revision", help="the branch, tag or commit of models on the hub")
    add("--device", default="auto", help="auto, cpu, cuda, … (default: %(default)s)")
    add("--dtype", default="float32", help="float32, bfloat16 or float16 (default: %(default)s)")


def add_models_flag(parser: argparse.ArgumentParser) -> None:
    """The flag of a command that takes one model or several."""
    model = parser.add_argument(
        "--model",
        action="append",
        metavar="[NAME=]MODEL",
        help="a folder, a name on the hub or an embedded model; may be given again to compare "
        "(default: both embedded models)",
    )
    offer(model, EMBEDDED_MODELS, files=True)


def load_classifier(options: argparse.Namespace, source: str) -> TextClassifier:
    """A model, loaded as the flags say."""
    from lit_plugins.models.classifier import TextClassifier

    return TextClassifier.from_pretrained(
        source,
        revision=options.revision,
        device=options.device,
        dtype=options.dtype,
        max_length=options.max_length,
        labels=options.labels.split(",") if options.labels is not None else None,
    )


def announced_filler(source: str) -> MaskedLanguageModel:
    """A masked language model; says so if another than the best stands in."""
    from lit_plugins.models import load_filler

    filler = load_filler(source)
    if filler.note:
        say(filler.note)
    return filler


def load_texts(
    options: argparse.Namespace, source: str, labels: Collection[str] | None, name: str
) -> TextTable:
    """A dataset, loaded as the flags say; says under its name which rows were left out.

    Args:
        options: the flags.
        source: what `load_table` reads.
        labels: the names of the models' classes as `load_table` takes them, or None to read the
            labels as they are written.
        name: what the dataset is called in what is said.
    """
    from lit_plugins.data import load_table

    own = {
        "split": options.split,
        "config": options.config,
        "text_column": options.text_column,
        "label_column": options.label_column,
    }
    say(f"Loading dataset {name}.")  # an unreachable hub is tried for half a minute
    table = load_table(
        source,
        label_names=labels,
        max_examples=options.max_examples,
        # What is said of the user's own data does not hold for the embedded reviews.
        **({} if source == "reviews" else own),
    )
    say(f"Dataset {name}: {len(table.texts):,} texts.")
    for sentence in table.report.sentences():
        say(f"Dataset {name}: {sentence}")
    return table
