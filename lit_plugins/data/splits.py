"""Splits of a dataset: which files they have, which one is read, what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

PREFERRED_SPLITS = ("validation", "test", "train")

_SHARD = re.compile(r"(.+)-[0-9]{5}-of-[0-9]{5}")
_WORDS = {
    "train": "train|training",
    "validation": "validation|valid|val|dev",
    "test": "test|testing|eval|evaluation",
}
_SPLITS = {split: re.compile(rf"(?<![a-z])({words})(?![a-z])") for split, words in _WORDS.items()}


@dataclass(frozen=True)
class Part:
    """What was read of a dataset.

    Attributes:
        rows: the rows.
        split: the split, or a part in the syntax of `datasets`, such as `train[:100]`.
        notes: whole sentences on what was read and what was not.
    """

    rows: Rows
    split: str
    notes: tuple[str, ...] = ()


def by_split(files: Sequence[Path], folder: Path) -> dict[str, list[Path]]:
    """Sorts data files into splits, much as `datasets` does.

    A file `NAME-00000-of-00002` belongs to the split NAME. Others belong to a split if the name
    of a folder or, failing that, their own has one of its words, such as "dev". If that is true of
    no file, all files are the split "train"; otherwise the other files belong to none.

    Args:
        files: the files, in `folder` or below it.
        folder: the folder of the dataset.
    """
    splits: dict[str, list[Path]] = {}
    for file in files:
        shard = _SHARD.fullmatch(file.stem)
        names = [*reversed(file.relative_to(folder).parent.parts), file.stem]
        split = shard[1] if shard else next(filter(None, map(_split_in, names)), None)
        if split is not None:
            splits.setdefault(split, []).append(file)
    if not splits:
        return {"train": list(files)}
    return {name: splits[name] for name in dict.fromkeys((*_SPLITS, *splits)) if name in splits}


def _split_in(name: str) -> str | None:
    return next((split for split, word in _SPLITS.items() if word.search(name.lower())), None)


def chosen_split(names: Iterable[str], split: str | None, title: str) -> str:
    """The split to read.

    Args:
        names: the splits that there are.
        split: a split, or a part of some, such as `train[:100]` or `train+test`. None for the first
            of `PREFERRED_SPLITS` among the names, else the first name.
        title: how error messages call the dataset.

    Raises:
        UserError: there is no such split.
    """
    names = list(names)
    if split is None:
        return next((name for name in PREFERRED_SPLITS if name in names), names[0])
    if split in names or (re.search(r"[\[+]", split) and parts_of(split) <= set(names)):
        return split
    raise UserError(f"{title} has no split {split!r}: choose one of {listed(names)}.")


def parts_of(split: str) -> set[str]:
    """The splits that a split or a part of some refers to."""
    return {part.split("[")[0].strip() for part in split.split("+")}


def split_note(names: Iterable[str], split: str) -> tuple[str, ...]:
    """A sentence that names the split that was read, if there are others."""
    others = [name for name in names if name not in parts_of(split)]
    if not others:
        return ()
    verb = "was" if len(others) == 1 else "were"
    return (f"The split {split} was read; {listed(others)} {verb} not.",)
