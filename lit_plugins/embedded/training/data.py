"""Examples of SST-2, and their conversion from treebank spelling to the way people type."""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from lit_plugins.errors import UserError

HUB_NAME = "stanfordnlp/sst2"


@dataclass(frozen=True)
class Example:
    """A text with the probability (0 to 1) that it is positive, which is 0.5 for neutral texts."""

    text: str
    positive: float


def read_sst2(source: str) -> tuple[list[Example], list[Example]]:
    """Reads the training and development examples of SST-2 (Socher et al., 2013).

    Args:
        source: a folder with train.tsv and dev.tsv (columns sentence and label), or the word
            "hub" for the data set `stanfordnlp/sst2`.

    Raises:
        UserError: the folder, a file or a column is missing, or a label is not 0 or 1.
    """
    if source == "hub":
        return _from_hub()
    folder = Path(source)
    if not folder.is_dir():
        raise UserError(
            f"There is no folder {source!r}: give --sst2 a folder with train.tsv and dev.tsv, "
            "or the word hub."
        )
    return _from_tsv(folder / "train.tsv"), _from_tsv(folder / "dev.tsv")


def _from_tsv(path: Path) -> list[Example]:
    if not path.is_file():
        raise UserError(f"There is no file {str(path)!r}: SST-2 needs train.tsv and dev.tsv.")
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if not {"sentence", "label"} <= set(rows.fieldnames or ()):
            raise UserError(
                f"{str(path)!r} needs the columns sentence and label in its first line."
            )
        examples = []
        for number, row in enumerate(rows, start=2):
            if row["label"] not in ("0", "1"):
                raise UserError(
                    f"Line {number} of {str(path)!r} has the label {row['label']!r}: use 0 or 1."
                )
            examples.append(Example(row["sentence"].strip(), float(row["label"])))
    return examples


def _from_hub() -> tuple[list[Example], list[Example]]:
    import datasets

    try:
        splits = datasets.load_dataset(HUB_NAME)
    except Exception as error:
        # The hub's client raises a dozen unrelated exceptions, which mean the same to the user.
        raise UserError(
            f"The data set {HUB_NAME!r} cannot be fetched from the hub "
            f"({type(error).__name__}): give --sst2 a folder instead."
        ) from error
    train, dev = (
        [Example(row["sentence"].strip(), float(row["label"])) for row in splits[name]]
        for name in ("train", "validation")
    )
    return train, dev


_TYPED = [
    (re.compile(r"-lrb- ?", re.IGNORECASE), "("),
    (re.compile(r" ?-rrb-", re.IGNORECASE), ")"),
    (re.compile(r"`` ?| ?''"), '"'),
    (re.compile(r" (n't|'(?:s|re|ve|ll|d|m))\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\bca n't|\bcan n't", re.IGNORECASE), "can't"),
    (re.compile(r" ([,.;:!?%])"), r"\1"),
    (re.compile(r"([$#]) (?=\d)"), r"\1"),
    (re.compile(r" +"), " "),
]


def as_typed(text: str) -> str:
    """Undoes the treebank's spelling: `does n't` becomes `doesn't`, and ` ,` becomes `,`."""
    for pattern, replacement in _TYPED:
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text[:1].upper() + text[1:]


def half_as_typed(examples: list[Example], seed: int) -> list[Example]:
    """Rewrites a random half of the examples with `as_typed`."""
    rng = random.Random(seed)
    return [
        Example(as_typed(example.text), example.positive) if rng.random() < 0.5 else example
        for example in examples
    ]
