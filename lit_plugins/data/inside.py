"""A dataset's folder reads its own files: names and links that lead elsewhere are refused.

A dataset may come from anybody. It must not choose which of the user's other files, or which
addresses, are opened.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from lit_plugins.errors import UserError

README = "README.md"
"""The file in which a folder may describe its configurations."""

_DESCRIPTIONS = (README, ".huggingface.yaml")  # as datasets calls them
_GLOB = re.compile(r"[*?\[{].*", re.DOTALL)


def check_links(folder: Path, title: str, files: Iterable[Path]) -> None:
    """Checks that no file is a link, or below a link, that leads out of the folder.

    Args:
        folder: the folder, without links in its own path.
        title: how error messages call the folder.
        files: the files that are to be read.

    Raises:
        UserError: a file is elsewhere.
    """
    for file in files:
        if not _is_inside(folder, file):
            name = os.path.relpath(file, folder)
            raise UserError(
                f"{name!r} of {title} leads out of the folder, so it is not read: put the file "
                "itself there, or give it by itself."
            )


def check_descriptions(folder: Path, title: str) -> None:
    """Checks the names of files in `README.md`, before `datasets` looks for them.

    Args:
        folder, title: as in `check_links`.

    Raises:
        UserError: the folder's configurations name files elsewhere, or addresses.
    """
    check_links(folder, title, (folder / name for name in _DESCRIPTIONS))
    for source, configurations in _configurations(folder):
        for name in _texts(
            [
                configuration.get(place)
                for configuration in configurations
                if isinstance(configuration, dict)
                for place in ("data_files", "data_dir")
            ]
        ):
            _check_name(folder, title, source, name)


def check_addresses(title: str, base: str, files: Iterable[str]) -> None:
    """Checks that the files of a dataset on the hub are not files of this machine.

    Args:
        title: how error messages call the dataset.
        base: the address below which its own files are.
        files: the addresses of all files that it names, as `datasets` finds them.

    Raises:
        UserError: an address is a path.
    """
    for file in files:
        if "://" not in file and not file.startswith(base):
            raise UserError(
                f"{title} names {file[:200]!r}, a file of this machine, which is not read: choose "
                "another dataset, or give the file by itself."
            )


def check_saved(folder: Path, title: str) -> None:
    """Checks the names of files in a folder that `save_to_disk` of `datasets` wrote.

    Args:
        folder, title: as in `check_links`.

    Raises:
        UserError: the folder's descriptions name files elsewhere.
    """
    splits = _texts(_json(folder / "dataset_dict.json").get("splits"))
    for split in ["", *splits]:
        _check_name(folder, title, "dataset_dict.json", split)
        state = _json(folder / split / "state.json")
        for name in _texts([state.get("_data_files"), state.get("_indices_data_files")]):
            _check_name(folder / split, title, "state.json", name)


def _configurations(folder: Path) -> Iterator[tuple[str, list[Any]]]:
    """The configurations in each description of a folder, with the description's name."""
    import yaml
    from huggingface_hub import DatasetCard

    readme, described = (folder / name for name in _DESCRIPTIONS)
    if readme.is_file():
        yield readme.name, DatasetCard.load(readme).data.to_dict().get("configs") or []
    if described.is_file():
        read = yaml.safe_load(described.read_text(encoding="utf-8"))
        if isinstance(read, dict):
            yield described.name, read.get("configs") or []


def _check_name(folder: Path, title: str, source: str, name: str) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    # An address has a colon. Only the part before a pattern is looked up here; what the pattern
    # matches is checked when it is known.
    is_elsewhere = (
        ":" in name
        or path.is_absolute()
        or ".." in path.parts
        or not _is_inside(folder, folder / _GLOB.sub("", name))
    )
    if is_elsewhere:
        raise UserError(
            f"{source} of {title} names {name[:200]!r}, which leads out of the folder, so it is "
            "not read: name files of the folder only, by their paths in it."
        )


def _is_inside(folder: Path, path: Path) -> bool:
    real = Path(os.path.realpath(path))
    # Files in the hub's cache are links to where it keeps their contents, beside all snapshots.
    kept = [folder.parents[1] / "blobs"] if folder.parent.name == "snapshots" else []
    return any(real.is_relative_to(place) for place in (folder, *kept))


def _texts(value: Any) -> Iterator[str]:
    """All strings in a value, however deep in lists and dictionaries."""
    waiting, seen = [value], set()
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list) and id(value) not in seen:
            seen.add(id(value))  # YAML may refer to one list many times over
            waiting += value.values() if isinstance(value, dict) else value


def _json(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return value if isinstance(value, dict) else {}
