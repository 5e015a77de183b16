"""Files of a dataset that this package's readers read, sorted into splits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from lit_plugins.data.files import read_data
from lit_plugins.data.joined import joined, selected
from lit_plugins.data.readers import READERS
from lit_plugins.data.rows import Rows
from lit_plugins.data.splits import Part, chosen_split, parts_of, split_note
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError, first_sentence

Files = Mapping[str, Sequence[Path]]
"""The data files of each split."""

_READ_ANYWAY = {"name", "version", "data_dir", "data_files", "description", "sep", "delimiter"}
"""What a configuration may say without changing how we read the files that it names."""


def read_files(
    folder: Path, title: str, split: str | None, splits: Files, found: Sequence[Path] = ()
) -> Part:
    """Reads the files of one split, or of a part of some.

    Args:
        folder: the folder of the dataset, in which or below which the files are.
        title: how error messages call the dataset.
        split: as in `chosen_split`.
        splits: the files by split.
        found: all files of the dataset; those that belong to no split are named.

    Raises:
        UserError: there is no such split or part, or a file cannot be read.
    """
    chosen = chosen_split(splits, split, title)
    read = {
        name: joined([(str(file.relative_to(folder)), _rows(file)) for file in splits[name]], title)
        for name in splits
        if name in parts_of(chosen)
    }
    rows = read[chosen] if chosen in read else _rows_of_parts(read, chosen, title)
    return Part(rows, chosen, split_note(splits, chosen) + unread_note(folder, splits, found))


def unread_note(folder: Path, splits: Files, found: Sequence[Path]) -> tuple[str, ...]:
    """A sentence on the files that belong to no split; the arguments are as in `read_files`."""
    taken = {file for files in splits.values() for file in files}
    left = [str(file.relative_to(folder)) for file in found if file not in taken]
    left = [name for name in left if not name.endswith(".md")]  # these are about the data
    return (f"These files were not read: {listed(left, most=10)}.",) if left else ()


def reads_as_we_do(config: Any) -> bool:
    """Whether a configuration of `datasets` has no options that our readers do not know."""
    return all(
        option.name in _READ_ANYWAY or getattr(config, option.name) == option.default
        for option in fields(config)
    )


def _rows(file: Path) -> Rows:
    title = repr(str(file))
    return READERS[file.suffix.lower()].read(read_data(file, title), title)


def _rows_of_parts(read: Mapping[str, Rows], split: str, title: str) -> Rows:
    import datasets

    counts = {name: len(rows.numbers) + len(rows.malformed) for name, rows in read.items()}
    try:
        parts = datasets.ReadInstruction.from_spec(split).to_absolute(counts)
    except (ValueError, AssertionError) as error:
        raise UserError(
            f"{split!r} is no part of {title} ({first_sentence(error)}): write it like train[:100]."
        ) from error
    return joined(
        [
            (f"split {part.splitname}", selected(read[part.splitname], part.from_, part.to))
            for part in parts
        ],
        title,
    )
