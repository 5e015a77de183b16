"""Folders of data files: each file is read as it would be by itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lit_plugins.data.arrow import class_names_of
from lit_plugins.data.datasets_library import rows_of_split, what_is_wrong
from lit_plugins.data.files import POINTER_BYTES, refuse_compressed, refuse_pointer
from lit_plugins.data.inside import README, check_descriptions, check_links, check_saved
from lit_plugins.data.own_files import Files, read_files, reads_as_we_do, unread_note
from lit_plugins.data.quiet import quiet_datasets
from lit_plugins.data.readers import READERS
from lit_plugins.data.splits import Part, by_split
from lit_plugins.errors import UserError

MAX_FILES = 10_000
"""Most files in a folder that is read as a dataset."""


def read_folder(path: Path, title: str, config: str | None, split: str | None) -> Part:
    """Reads a folder of data files, or a folder that `save_to_disk` of `datasets` wrote.

    Files belong to splits by their names and folders, see `by_split`, or by the configurations in
    `README.md`. This package's readers read them. `datasets` reads only what these cannot: saved
    folders, files of other kinds, and configurations with options. Nothing outside the folder is
    opened, whatever its descriptions name and its links lead to.

    Args:
        path: the folder.
        title: how error messages call the folder.
        config, split: as in `read_hub`.

    Raises:
        UserError: the folder holds no data, lacks the configuration or the split, names files
            elsewhere, or has only compressed files.
    """
    path = Path(os.path.realpath(path))  # as datasets names the files in it
    try:
        found = list(_look_through(path, title))
        if (path / "dataset_dict.json").is_file() or (path / "state.json").is_file():
            check_links(path, title, found)
            check_saved(path, title)
            return _saved(path, title, config, split)
        own = [file for file in found if file.suffix.lower() in READERS]
        if own and not _describes_itself(path):
            if config not in (None, "default"):
                raise UserError(f"{title} has no configuration {config!r}: choose one of default.")
            check_links(path, title, own)
            return read_files(path, title, split, by_split(own, path), found)
        check_descriptions(path, title)
        return _by_datasets(path, title, config, split, found)
    except UserError:
        raise
    except Exception as error:
        raise UserError(what_is_wrong(error, title, config)) from error


def _describes_itself(folder: Path) -> bool:
    """Whether `README.md` begins with the fields in which `datasets` looks for configurations."""
    readme = folder / README
    return readme.is_file() and readme.read_bytes().lstrip(b"\xef\xbb\xbf \r\n").startswith(b"---")


def _look_through(folder: Path, title: str) -> Iterator[Path]:
    """The files of a folder; refuses a folder that would be misread.

    A clone without git-lfs contains only pointers, which would be read as tables of one column. A
    folder of many files, such as a home folder, would take minutes to walk through.
    """
    count = 0
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        count += len(names)
        if count > MAX_FILES:
            raise UserError(
                f"The folder {title} holds more than {MAX_FILES:,} files: give the one that holds "
                "the data, or a file."
            )
        for path in (Path(root, name) for name in sorted(names) if not name.startswith(".")):
            if path.suffix.lower() in READERS and path.is_file():
                with path.open("rb") as file:
                    refuse_pointer(file.read(POINTER_BYTES), repr(str(path)))
            yield path


def _saved(path: Path, title: str, config: str | None, split: str | None) -> Part:
    import datasets

    if config is not None:
        raise UserError(f"{title} has no configurations, so there is no {config!r}: leave it out.")
    with quiet_datasets():
        splits = datasets.load_from_disk(str(path))
        if not isinstance(splits, Mapping):
            splits = {str(splits.split or "train"): splits}
        return rows_of_split(splits, split, title, None)


def _by_datasets(
    path: Path, title: str, config: str | None, split: str | None, found: Sequence[Path]
) -> Part:
    """Reads a folder whose `README.md` may describe it, or that holds files of other kinds.

    Nothing stays in the cache of `datasets`, which could return old versions of changed files.
    """
    import datasets

    with quiet_datasets(), TemporaryDirectory(prefix="lit-plugins-") as cache:
        builder = datasets.load_dataset_builder(str(path), config, cache_dir=cache)
        files = {
            str(name): [Path(file) for file in files]
            for name, files in (builder.config.data_files or {}).items()
        }
        named = [file for each in files.values() for file in each]
        check_links(path, title, named)
        for file in named:
            refuse_compressed(file, repr(str(file)))
        if _are_ours(files) and reads_as_we_do(builder.config):
            part = read_files(path, title, split, files, found)
            names = {**class_names_of(builder.info.features or {}), **part.rows.class_names}
            return replace(part, rows=replace(part.rows, class_names=names))

        def load(part: str | None) -> Any:
            return datasets.load_dataset(
                str(path), config, split=part, cache_dir=cache, keep_in_memory=True
            )

        part = rows_of_split(load(None), split, title, load)
        return replace(part, notes=part.notes + unread_note(path, files, found))


def _are_ours(files: Files) -> bool:
    return bool(files) and all(
        file.suffix.lower() in READERS and file.is_file()
        for each in files.values()
        for file in each
    )
