"""Checks that a model's folder can be loaded without running code that comes with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lit_plugins.data.files import POINTER_BYTES, refuse_pointer
from lit_plugins.errors import UserError, first_sentence

_ADAPTER = "adapter_config.json"
_NAMED_WEIGHTS = "transformers_weights"
_PICKLES = (".bin", ".pt", ".pth", ".ckpt")
_SAFE = ".safetensors"


def check_folder(folder: Path, name: str, auto: str) -> None:
    """Refuses a folder that `transformers` cannot load from safetensors alone.

    Args:
        folder: a folder in the layout of `save_pretrained`.
        name: the model's name as the user wrote it.
        auto: the name of the `transformers` class that will load the folder.

    Raises:
        UserError: a file is missing, is only a git-lfs pointer, or would be unpickled; or the
            folder holds an adapter, or names weights in another folder.
    """
    path = folder / "config.json"
    if not path.is_file():
        raise UserError(
            f"The model {name!r} has no config.json; give the folder that save_pretrained wrote."
        )
    for checked in (path, *sorted(folder.glob(f"*{_SAFE}"))):
        with checked.open("rb") as file:
            refuse_pointer(file.read(POINTER_BYTES), f"The file {str(checked)!r}")
    config = _json(path, name)
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
