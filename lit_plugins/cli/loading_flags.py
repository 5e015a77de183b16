"""Flags of all commands that name models and datasets and control how they are loaded."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from lit_plugins.cli.completion import offer
from lit_plugins.data.wording import counted, numbered
from lit_plugins.embedded import EMBEDDED_MODELS
from lit_plugins.errors import UserError
from lit_plugins.terminal import say

if TYPE_CHECKING:
    from lit_plugins.data import TextTable
    from lit_plugins.models import MaskedLanguageModel
    from lit_plugins.models.classifier import TextClassifier


def add_loading_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags for loading the models of `--model` and the datasets of `--dataset`."""
    add = parser.add_argument
    add(
        "--split",
        help="the split of a folder or a dataset on the hub (default: validation, else test, else "
        "train)",
    )
    add("--config", help="the configuration of a folder or a dataset on the hub that has several")
    add("--text-column", help="the column of texts (default: found by its name)")
    add("--label-column", help="the column of gold labels, or none (default: found by its name)")
    add(
        "--labels",
        help="names for the models' classes, in their order, separated by commas; a number in a "
        "name, as in '1 bad,2 good', is the number of the class in the data",
    )
    add("--max-examples", type=int, metavar="N", help="read at most N examples of each dataset")
    add("--max-length", type=int, metavar="N", help="read at most N tokens of a text")
    add("--revision", help="the branch, tag or commit of models on the hub")
    add("--device", default="auto", help="auto, cpu, cuda, … (default: %(default)s)")
    add(
        "--dtype",
        help="float32, bfloat16, float16, or auto for that of the saved weights "
        "(default: auto on a GPU, else float32)",
    )


def add_models_flag(parser: argparse.ArgumentParser) -> None:
    """Adds the flag `--model` of a command that takes several models."""
    model = parser.add_argument(
        "--model",
        action="append",
        metavar="[NAME=]MODEL",
        help="a folder, a name on the hub or an embedded model; may be repeated to compare models "
        "(default: both embedded models)",
    )
    offer(model, EMBEDDED_MODELS, files=True)


def load_classifier(options: argparse.Namespace, source: str) -> TextClassifier:
    """Loads a model as the flags say.

    Args:
        options: the parsed flags.
        source: a folder, a name on the hub or an embedded model.

    Raises:
        UserError: the model cannot be loaded.
    """
    from lit_plugins.models.classifier import TextClassifier

    labels = options.labels
    return TextClassifier.from_pretrained(
        source,
        revision=options.revision,
        device=options.device,
        dtype=options.dtype,
        max_length=options.max_length,
        labels=None if labels is None else [label.strip() for label in labels.split(",")],
    )


def announced_filler(source: str) -> MaskedLanguageModel:
    """Loads a masked language model, and reports if it is only a stand-in for a better one."""
    from lit_plugins.models import load_filler

    filler = load_filler(source)
    if filler.note:
        say(filler.note)
    return filler


def load_texts(
    options: argparse.Namespace, source: str, labels: Collection[str] | None, name: str
) -> TextTable:
    """Loads a dataset as the flags say, and reports which rows were left out.

    Args:
        options: the parsed flags.
        source: the source of the dataset for `load_table`.
        labels: the names of the models' classes, as for `load_table`; None reads the labels as
            they are written.
        name: the dataset's name in reports.

    Raises:
        UserError: the dataset cannot be loaded.
    """
    from lit_plugins.data import load_table

    of_user_data = {
        "split": options.split,
        "config": options.config,
        "text_column": options.text_column,
        "label_column": options.label_column,
    }
    say(f"Loading dataset {name}.")  # it may take half a minute until an unreachable hub fails
    table = load_table(
        source,
        label_names=labels,
        max_examples=options.max_examples,
        # These flags describe the user's data and do not apply to the embedded reviews.
        **({} if source == "reviews" else of_user_data),
    )
    say(f"Dataset {name}: {len(table.texts):,} texts. {table.report.taken}")
    for sentence in table.report.sentences():
        say(f"Dataset {name}: {sentence}")
    return table


def with_numbers(table: TextTable, classifiers: Iterable[TextClassifier], name: str) -> TextTable:
    """The table without the texts for which a model gives no numbers, which are reported.

    Args:
        table: the texts.
        classifiers: the models.
        name: the dataset's name in reports.

    Raises:
        UserError: no text is left.
    """
    for classifier in classifiers:
        wrong = classifier.without_numbers(table.texts)
        if not wrong:
            continue
        if len(wrong) == len(table.texts):
            raise UserError(
                f"The model {classifier.name!r} gives logits that are no numbers for every text; "
                "load it in float32, or check its weights."
            )
        rows = numbered([table.rows[index] for index in wrong], table.report.unit)
        say(
            f"Dataset {name}: the model {classifier.name!r} gives logits that are no numbers for "
            f"{counted(len(wrong), 'text')}, left out: {rows}."
        )
        table = table.without(set(wrong))
    return table
