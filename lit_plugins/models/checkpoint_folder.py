"""Checks that a model's folder can be loaded without running code that comes with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lit_plugins.data.files import POINTER_BYTES, refuse_pointer
from lit_plugins.errors import UserError, first_sentence
from lit_plugins.models.outside_code import check_tokenizer_class

_ADAPTER = "adapter_config.json"
_NAMED_WEIGHTS = "transformers_weights"
_PICKLES = (".bin", ".pt", ".pth", ".ckpt")
_SAFE = ".safetensors"
_READ = (".json", ".txt", ".model", ".spm", ".jinja", _SAFE)
"""Endings of the files that transformers reads."""

_LARGEST = 2**30
"""Most bytes of such a file that holds no weights; they are read as a whole."""


def check_folder(folder: Path, name: str, auto: str) -> Mapping[str, Any]:
    """Refuses a folder that `transformers` cannot load from safetensors alone.

    Args:
        folder: a folder in the layout of `save_pretrained`.
        name: the model's name as the user wrote it.
        auto: the name of the `transformers` class that will load the folder.

    Returns:
        The content of config.json.

    Raises:
        UserError: a file is missing, is a pipe, a device or only a git-lfs pointer, or would be
            unpickled; or the folder holds an adapter, or names weights in another folder, or a
            class for its tokenizer that is none.
    """
    for entry in sorted(folder.iterdir()):
        _check_entry(entry, name)
    path = folder / "config.json"
    if not path.is_file():
        raise UserError(
            f"The model {name!r} has no config.json; give the folder that save_pretrained wrote."
        )
    for checked in (path, *sorted(folder.glob(f"*{_SAFE}"))):
        with checked.open("rb") as file:
            refuse_pointer(file.read(POINTER_BYTES), f"The file {str(checked)!r}")
    config = _object(path, name)
    check_tokenizer_class(config, name)
    if (folder / "tokenizer_config.json").exists():
        check_tokenizer_class(_object(folder / "tokenizer_config.json", name), name)
    if not any(folder.glob(f"*{_SAFE}")):
        raise UserError(_no_weights(folder, name, auto))
    if (folder / _ADAPTER).exists():
        raise UserError(
            f"The model {name!r} is an adapter of another one; merge them with merge_and_unload() "
            "of peft, and save the result with save_pretrained."
        )
    # Transformers would unpickle a weights file that the folder names, even beside safetensors.
    for weights in sorted(_named_weights(folder, config, name)):
        if not weights.endswith((_SAFE, f"{_SAFE}.index.json")):
            raise UserError(
                f"The model {name!r} names {weights!r:.60} as its weights, which is not a "
                "safetensors file; save it again with save_pretrained."
            )
        if Path(weights).name != weights:
            raise UserError(
                f"The model {name!r} names weights in another folder, {weights!r:.60}; save it "
                "again with save_pretrained."
            )
    return config


def _check_entry(path: Path, name: str) -> None:
    if path.is_dir():
        kind = "a folder" if path.suffix in _READ else None
    elif path.exists() and not path.is_file():
        kind = "a pipe or a device"  # which would be read without end
    elif path.suffix in _READ and path.exists() and path.stat().st_size > _LARGEST:
        kind = None if path.suffix == _SAFE else f"a file of more than {_LARGEST >> 30} GiB"
    else:
        kind = None
    if kind is not None:
        raise UserError(
            f"The {path.name} of {name!r} is {kind}; give the folder that save_pretrained wrote."
        )


def _object(path: Path, name: str) -> dict[str, Any]:
    content = _json(path, name)
    if not isinstance(content, dict):
        raise UserError(
            f"The {path.name} of {name!r} holds no JSON object; save the model again with "
            "save_pretrained."
        )
    return content


def _json(path: Path, name: str) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UserError(
            f"The {path.name} of {name!r} is not valid JSON ({first_sentence(error)}); "
            "save the model again with save_pretrained."
        ) from error


def _no_weights(folder: Path, name: str, auto: str) -> str:
    pickles = sorted(path.name for path in folder.iterdir() if path.suffix in _PICKLES)
    if not pickles:
        return (
            f"The model {name!r} has no weights; save it again with save_pretrained, which writes "
            "safetensors, since pickles are not read because they can run code."
        )
    return (
        f"The model {name!r} has its weights only as {pickles[0]}, and pickles are not read "
        "because they can run code; if you trust it, convert it in Python by "
        f"transformers.{auto}.from_pretrained({name!r}).save_pretrained({name!r})."
    )


def _named_weights(folder: Path, config: Any, name: str) -> set[str]:
    names = set()
    if isinstance(config, dict) and config.get(_NAMED_WEIGHTS) is not None:
        names.add(str(config[_NAMED_WEIGHTS]))
    for path in folder.glob(f"*{_SAFE}.index.json"):
        index = _json(path, name)
        shards = index.get("weight_map") if isinstance(index, dict) else None
        names.update(map(str, shards.values() if isinstance(shards, dict) else ()))
    return names
