"""Splits of a dataset: which one is read, and what is said of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

PREFERRED_SPLITS = ("validation", "test", "train")


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
