"""Sources of texts: resolves a short name, a file, a folder, or a dataset on the hub."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal

from lit_plugins.data.delimited import read_delimited
from lit_plugins.data.files import read_data
from lit_plugins.data.folders import read_folder
from lit_plugins.data.hub import read_hub
from lit_plugins.data.in_memory import TableObject, read_object
from lit_plugins.data.readers import READERS
from lit_plugins.data.rows import Rows
from lit_plugins.data.splits import Part
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

SHORT_NAMES = {
    "reviews": "short reviews of films, food, travel, products, books and apps, which come with "
    "this package",
    "sst2": "the Stanford Sentiment Treebank, from the hub",
}
"""Descriptions of the datasets that have a name of one word, by that name."""

_HUB_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?")
_SST2 = "stanfordnlp/sst2"


@dataclass(frozen=True)
class Source:
    """The rows of a source, and its names in messages.

    Attributes:
        name: a short name of letters, digits, `.`, `_` and `-` only.
        title: the source as the user wrote it, for messages.
        about: a description of the texts that follows their number, as in "400 <about>".
        rows: the rows as read.
        notes: whole sentences on what was read of the source and what was not.
    """

    name: str
    title: str
    about: str
    rows: Rows
    notes: tuple[str, ...] = ()


def open_source(
    source: str | os.PathLike[str] | TableObject,
    split: str | None = None,
    config: str | None = None,
    most: int | None = None,
) -> Source:
    """Reads all rows of a source, or of a file that is too large for that at least `most`.

    `load_table` lists the possible sources.

    Raises:
        UserError: the source does not exist, cannot be read, or has no such split or
            configuration.
    """
    if isinstance(source, os.PathLike):
        source = os.fspath(source)
    if not isinstance(source, str):
        title = type(source).__name__
        _no_parts(title, None, config)
        part = read_object(source, split)
        name = "frame" if title == "DataFrame" else "dataset"
        return Source(name, title, f"texts of a {title}", part.rows, part.notes)
    title = repr(source)
    # Path("") would be the working folder, so a blank name becomes a path that cannot exist.
    path = Path(os.path.expanduser(source)) if source.strip() else Path("\0")
    if source == "reviews":
        _no_parts(title, split, config)
        return Source(source, title, SHORT_NAMES[source], _reviews(title))
    if source == "sst2":
        return _from_dataset(_SST2, read_hub(_SST2, config, split), named=split, config=config)
    if os.path.isdir(path):
        return _from_dataset(
            source, read_folder(path, title, config, split), named=split, config=config
        )
    if os.path.exists(path) or _looks_like_a_file(source):
        _no_parts(title, split, config)
        rows = _read_file(path, title, most)
        return Source(_safe(path.stem), title, f"texts of {path.name}", rows)
    if not _HUB_NAME.fullmatch(source):
        raise UserError(
            f"There is no file and no folder {title}, and no dataset on the hub has such a name: "
            "check the name; texts by themselves go into a list."
        )
    return _from_dataset(source, read_hub(source, config, split), named=split, config=config)


def is_file_name(source: str) -> bool:
    """Whether a string is the name of a data file, which may exist or not."""
    return "\n" not in source and Path(source).suffix.lower() in READERS


def kind_of_name(source: str) -> Literal["source", "word", "text"]:
    """Tells sources from texts, so that no text is looked up on the hub.

    Returns:
        "source" for a short name, a path that exists, the name of a data file, or a string with
        the form of a path or of a name on the hub, OWNER/NAME. "word" for a single word, which may
        be an old name on the hub. "text" for all others.
    """
    if source in SHORT_NAMES or is_file_name(source) or _exists(source):
        return "source"
    if re.search(r"\s", source) or not source:
        return "text"
    if _HUB_NAME.fullmatch(source):
        return "source" if "/" in source else "word"
    return "source" if source[0] in "./~" and "/" in source else "text"


def _exists(source: str) -> bool:
    try:
        return os.path.exists(os.path.expanduser(source))
    except ValueError:  # a null character
        return False


def _read_file(path: Path, title: str, most: int | None) -> Rows:
    ending = path.suffix.lower()
    if not os.path.exists(path):
        raise UserError(
            f"There is no file {title}: check the path, or give a dataset on the hub or one of "
            f"{listed(SHORT_NAMES)}."
        )
    if ending not in READERS:
        raise UserError(
            f"{title} has the unknown ending {ending!r}: give a file that ends in one of "
            f"{listed(READERS)}."
        )
    reader, data = READERS[ending], read_data(path, title)
    if reader.read_some is not None:
        return reader.read_some(data, title, most)
    return reader.read(data, title)


def _reviews(title: str) -> Rows:
    data = (files("lit_plugins") / "embedded" / "reviews.tsv").read_bytes()
    rows = read_delimited(data, title, "\t")
    return Rows(
        rows.columns,
        rows.numbers,
        rows.malformed,
        unit=rows.unit,
        typed=False,
        class_names={"label": ("negative", "positive")},
    )


def _from_dataset(source: str, part: Part, named: str | None, config: str | None) -> Source:
    base = os.path.basename(os.path.abspath(os.path.expanduser(source))) or "dataset"
    name = "-".join(each for each in (base, config, named) if each)
    return Source(
        _safe(name),
        f"{source!r} (split {part.split})",
        f"texts of {base} (split {part.split})",
        part.rows,
        part.notes,
    )


def _no_parts(title: str, split: str | None, config: str | None) -> None:
    if split is not None:
        raise UserError(f"{title} has no splits, so there is no split {split!r}: leave it out.")
    if config is not None:
        raise UserError(f"{title} has no configurations, so there is no {config!r}: leave it out.")


def _looks_like_a_file(source: str) -> bool:
    """Whether the name of a missing source is a path, because no dataset on the hub is so named."""
    path = Path(source)
    return (
        not source.strip()
        or path.suffix.lower() in READERS
        or source.startswith((".", "~", "/"))
        or source.count("/") > 1
        or "\\" in source
        or ("/" not in source and path.suffix != "")
    )


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "dataset"
