"""Predictions as a safetensors file: for each text a digest, its logits and its vector."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import safetensors.numpy

from lit_plugins.errors import first_sentence

Prediction = tuple[np.ndarray, np.ndarray]
"""Logits, float32 [classes], and the vector that the model's head reads, float32 [width]."""

DIGEST_BYTES = 32
"""Length of a text's digest, in bytes."""

_FORMAT = 1
_TEMPORARY = ".tmp"


class Damaged(Exception):
    """A file is not one that `write` wrote; the message names the fault in a few words."""


@dataclass(frozen=True)
class ModelIdentity:
    """The model whose predictions a file holds.

    Attributes:
        fingerprint: a hash of everything that its predictions depend on.
        classes: the number of its logits.
        width: the length of the vector that its head reads.
    """

    fingerprint: str
    classes: int
    width: int

    @property
    def bytes_a_text(self) -> int:
        """Bytes of one text in a file."""
        return DIGEST_BYTES + 4 * (self.classes + self.width)


def write(path: Path, model: ModelIdentity, predictions: Mapping[bytes, Prediction]) -> None:
    """Writes a file in one step: readers see the old file or the whole new one.

    Args:
        path: the file, in an existing folder.
        model: the model that predicts.
        predictions: by the digest of their text; `read` gives them in the same order.

    Raises:
        OSError: it cannot be written; the old file stays.
    """
    count = len(predictions)
    logits = np.empty((count, model.classes), np.float32)
    pooled = np.empty((count, model.width), np.float32)
    for index, prediction in enumerate(predictions.values()):
        logits[index], pooled[index] = prediction
    digests = np.frombuffer(b"".join(predictions), np.uint8).reshape(count, DIGEST_BYTES)
    tensors: dict[str, np.ndarray] = {"digests": digests, "logits": logits, "pooled": pooled}
    about = {
        "format": str(_FORMAT),
        "fingerprint": model.fingerprint,
        "checksum": _checksum(tensors),
    }
    handle, name = tempfile.mkstemp(_TEMPORARY, f"{path.stem[:16]}-", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(safetensors.numpy.save(tensors, about))
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def read(path: Path, model: ModelIdentity, max_bytes: int) -> dict[bytes, Prediction]:
    """Reads the predictions in a file.

    Args:
        path: the file.
        model: the model that must have predicted.
        max_bytes: the size of the largest file to read, in bytes.

    Returns:
        Predictions by the digest of their text, in the file's order. Empty if the file has
        another version of the format or is too large.

    Raises:
        FileNotFoundError: there is no such file.
        OSError: the file cannot be read.
        Damaged: the file does not hold predictions of that model.
    """
    data = _bytes(path, max_bytes)
    if data is None:
        return {}
    try:
        size = int.from_bytes(data[:8], "little")
        about = json.loads(data[8 : 8 + size])["__metadata__"]
        if int(about["format"]) != _FORMAT:
            return {}
        tensors = safetensors.numpy.load(data)
        checksum = _checksum(tensors)
    except Exception as error:  # the bytes may come from any program
        raise Damaged(f"it is not a file of predictions, {first_sentence(error, 60)}") from error
    _check(about.get("fingerprint") == model.fingerprint, "it is another model's")
    count = tensors["digests"].size // DIGEST_BYTES if "digests" in tensors else 0
    expected = {
        "digests": ((count, DIGEST_BYTES), np.uint8),
        "logits": ((count, model.classes), np.float32),
        "pooled": ((count, model.width), np.float32),
    }
    actual = {name: (array.shape, array.dtype.type) for name, array in tensors.items()}
    _check(actual == expected, "it has other shapes")
    _check(about.get("checksum") == checksum, "its checksum is wrong")
    logits, pooled = tensors["logits"], tensors["pooled"]
    _check(
        np.isfinite(logits).all() and np.isfinite(pooled).all(),
        "it has values that are not finite",
    )
    # Copies, since a view of one row would keep the whole file in memory.
    return {
        tensors["digests"][index].tobytes(): (logits[index].copy(), pooled[index].copy())
        for index in range(count)
    }


def is_temporary(path: Path) -> bool:
    """Whether a path looks like a file that `write` has not renamed yet."""
    return path.suffix == _TEMPORARY


def _bytes(path: Path, max_bytes: int) -> bytes | None:
    # Links are refused because they lead elsewhere, pipes because they never end.
    flags = ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK")
    try:
        handle = os.open(path, sum(getattr(os, flag, 0) for flag in flags))  # and O_RDONLY, 0
    except OSError as error:
        _check(error.errno != errno.ELOOP, "it is a link")
        raise
    try:
        status = os.fstat(handle)
        _check(stat.S_ISREG(status.st_mode), "it is not a file")
        if status.st_size > max_bytes:
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(status.st_size)
    finally:
        os.close(handle)


def _checksum(tensors: Mapping[str, np.ndarray]) -> str:
    blake = hashlib.blake2b(digest_size=DIGEST_BYTES)
    for name in sorted(tensors):
        blake.update(np.ascontiguousarray(tensors[name]).reshape(-1).view(np.uint8).data)
    return blake.hexdigest()


def _check(holds: bool | np.bool_, wrong: str) -> None:
    if not holds:
        raise Damaged(wrong)
