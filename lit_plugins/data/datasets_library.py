"""What `datasets` gives and says: rows of its splits, and sentences for its errors."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from lit_plugins.data.arrow import rows_of_table
from lit_plugins.data.splits import Part, chosen_split, split_note
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError, first_sentence

_OFFLINE_SWITCHES = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE")
_NETWORK_LIBRARIES = ("httpx", "httpcore", "requests", "urllib3", "aiohttp")


def rows_of_split(
    splits: Mapping[str, Any], split: str | None, title: str, load: Callable[[str], Any] | None
) -> Part:
    """The rows of one split, or of a part of some.

    Args:
        splits: datasets by the names of their splits.
        split: as in `chosen_split`.
        title: how error messages call the dataset.
        load: loads a part such as `train[:100]`; None if there are only whole splits.

    Raises:
        UserError: there is no such split or part.
    """
    chosen = chosen_split(map(str, splits), split, title)
    if chosen in splits:
        dataset = splits[chosen]
    elif load is not None:
        try:
            dataset = load(chosen)
        except ValueError as error:
            raise UserError(
                f"{chosen!r} is no part of {title} ({first_sentence(error)}): write it like "
                "train[:100]."
            ) from error
    else:
        raise UserError(
            f"{title} has no split {chosen!r}: choose one of {listed(map(str, splits))}."
        )
    rows = rows_of_table(dataset.with_format("arrow")[:], dataset.features)
    return Part(rows, chosen, split_note(map(str, splits), chosen))


def what_is_wrong(error: Exception, title: str, config: str | None) -> str:
    """One sentence on an error of `datasets`, which raises dozens of unrelated exceptions."""
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
