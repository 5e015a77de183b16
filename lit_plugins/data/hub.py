"""Datasets on the Hugging Face hub, and folders that `datasets` can open."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lit_plugins.data.arrow import rows_of_table
from lit_plugins.data.files import POINTER_BYTES, refuse_pointer
from lit_plugins.data.quiet import quiet_datasets
from lit_plugins.data.readers import READERS
from lit_plugins.data.rows import Rows
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError, first_sentence

PREFERRED_SPLITS = ("validation", "test", "train")
MAX_FILES = 10_000
"""Most files in a folder that is read as a dataset."""

_OFFLINE_SWITCHES = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE")
_NETWORK_LIBRARIES = ("httpx", "httpcore", "requests", "urllib3", "aiohttp")


def read_hub(name: str, config: str | None, split: str | None) -> tuple[Rows, str]:
    """Loads a dataset of the hub, downloading it if it is not in the cache.

    Code that comes with a dataset is never run.

    Args:
        name: the dataset's name on the hub.
        config: the dataset's configuration; None for the only one.
        split: a split, or a part in the syntax of `datasets`, such as `train[:100]` or
            `train+test`. None for the first of `PREFERRED_SPLITS` that the dataset has, else its
            first split.

    Returns:
        The rows, and the name of the split.

    Raises:
        UserError: the hub does not know the dataset, cannot be reached or is switched off; or the
            dataset lacks the configuration or the split, or cannot be read.
    """
    import datasets

    title = repr(name)
    with quiet_datasets():
        try:
            splits = datasets.load_dataset(name, config)
            return _rows_of(
                splits, split, title, lambda part: datasets.load_dataset(name, config, split=part)
            )
        except UserError:
            raise
        except Exception as error:
            # The libraries raise dozens of unrelated exceptions; the user gets one sentence.
            raise UserError(_what_is_wrong(error, title, config)) from error


def read_folder(path: Path, title: str, config: str | None, split: str | None) -> tuple[Rows, str]:
    """Loads a folder of data files, or a folder that `save_to_disk` wrote.

    Nothing stays in the cache of `datasets`, which could return old versions of changed files.

    Args:
        path: the folder.
        title: how error messages call the folder.
        config, split: as in `read_hub`.

    Returns:
        The rows, and the name of the split.

    Raises:
        UserError: the folder holds no data, or lacks the configuration or the split.
    """
    import datasets

    saved = (path / "dataset_dict.json").is_file() or (path / "state.json").is_file()
    if saved and config is not None:
        raise UserError(f"{title} has no configurations, so there is no {config!r}: leave it out.")
    with quiet_datasets(), TemporaryDirectory(prefix="lit-plugins-") as cache:

        def load(part: str | None) -> Any:
            return datasets.load_dataset(
                str(path), config, split=part, cache_dir=cache, keep_in_memory=True
            )

        try:
            _look_through(path, title)
            splits = datasets.load_from_disk(str(path)) if saved else load(None)
            if not isinstance(splits, Mapping):
                splits = {str(splits.split or "train"): splits}
            return _rows_of(splits, split, title, None if saved else load)
        except UserError:
            raise
        except Exception as error:
            raise UserError(_what_is_wrong(error, title, config)) from error


def _look_through(folder: Path, title: str) -> None:
    """Refuses a folder that `datasets` would misread.

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
        for path in (Path(root, name) for name in sorted(names)):
            if path.suffix.lower() in READERS and path.is_file():
                with path.open("rb") as file:
                    refuse_pointer(file.read(POINTER_BYTES), repr(str(path)))


def _rows_of(
    splits: Mapping[str, Any], split: str | None, title: str, load: Callable[[str], Any] | None
) -> tuple[Rows, str]:
    names = list(map(str, splits))
    if split is None:
        split = next((name for name in PREFERRED_SPLITS if name in names), names[0])
    if split in names:
        dataset = splits[split]
    elif load is not None and _parts(split) <= set(names) and re.search(r"[\[+]", split):
        try:
            dataset = load(split)
        except ValueError as error:
            raise UserError(
                f"{split!r} is no part of {title} ({first_sentence(error)}): write it like "
                "train[:100]."
            ) from error
    else:
        raise UserError(f"{title} has no split {split!r}: choose one of {listed(names)}.")
    return rows_of_table(dataset.with_format("arrow")[:], dataset.features), split


def _parts(split: str) -> set[str]:
    return {part.split("[")[0].strip() for part in split.split("+")}


def _what_is_wrong(error: Exception, title: str, config: str | None) -> str:
    from datasets.exceptions import DatasetNotFoundError
    from huggingface_hub.errors import HFValidationError

    said = str(error)
    choices = re.findall(r"'([^']+)'", said.partition("[")[2].partition("]")[0])
    if isinstance(error, DatasetNotFoundError) and "gated" in said:
        return f"{title} is gated: accept its terms on the hub, then log in with hf auth login."
    if isinstance(error, DatasetNotFoundError | HFValidationError):
        return (
            f"There is no file, no folder and no dataset on the hub called {title}: check the name."
        )
    if isinstance(error, ConnectionError | TimeoutError) or type(error).__module__.startswith(
        _NETWORK_LIBRARIES
    ):
        return _out_of_reach(title)
    if "Config name is missing" in said:
        return f"{title} has several configurations: choose one of {listed(choices)}."
    if "BuilderConfig" in said:
        return f"{title} has no configuration {config!r}: choose one of {listed(choices)}."
    if "scripts are no longer supported" in said:
        return f"{title} is a script, and scripts are not run: give a dataset of data files."
    if isinstance(error, FileNotFoundError):
        return (
            f"{title} holds no data file that can be read: give a .csv, .tsv, .jsonl or .parquet "
            "file."
        )
    cause = first_sentence(error.__cause__ or error)
    return f"{title} cannot be read ({cause}): give one of its files by itself."


def _out_of_reach(title: str) -> str:
    truthy = ("1", "true", "yes", "on")
    switch = next(
        (name for name in _OFFLINE_SWITCHES if os.environ.get(name, "").lower() in truthy), None
    )
    if switch is not None:
        return (
            f"{title} is not a file, and the hub is not asked for it because {switch}="
            f"{os.environ[switch]} is set: unset that, or give a file."
        )
    return (
        f"{title} is not a file, and the hub cannot be reached for it: check the name and the "
        "network, or give a file."
    )
