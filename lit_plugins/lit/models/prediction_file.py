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
"""Logits, float32 [classes], and where the head reads the last layer, float32 [width]."""

DIGEST_BYTES = 32

_FORMAT = 1
_TEMPORARY = ".tmp"


class Damaged(Exception):
    """A file is not what `write` wrote; the message says in a few words what is wrong."""


@dataclass(frozen=True)
class Contents:
    """What a file must be about.

    Attributes:
        fingerprint: the model's.
        classes: how many it has.
        width: numbers in a vector.
    """

    fingerprint: str
    classes: int
    width: int

    @property
    def bytes_a_text(self) -> int:
        """What one text takes up in a file."""
        return DIGEST_BYTES + 4 * (self.classes + self.width)


def write(path: Path, contents: Contents, predictions: Mapping[bytes, Prediction]) -> None:
    """Writes a file, whole or not at all, in place of the one that may be there.

    Args:
        path: the file, in a folder that is there.
        contents: what it is about.
        predictions: by the digest of a text, in the order that `read` is to give.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    count = len(predictions)
    logits = np.empty((count, contents.classes), np.float32)
    pooled = np.empty((count, contents.width), np.float32)
    for at, prediction in enumerate(predictions.values()):
        logits[at], pooled[at] = prediction
    digests = np.frombuffer(b"".join(predictions), np.uint8).reshape(count, DIGEST_BYTES)
    tensors: dict[str, np.ndarray] = {"digests": digests, "logits": logits, "pooled": pooled}
    about = {
        "format": str(_FORMAT),
        "fingerprint": contents.fingerprint,
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


def read(path: Path, contents: Contents, max_bytes: int) -> dict[bytes, Prediction]:
    """What a file holds, in its order; nothing of a file of another format or above the bound.

    Args:
        path: the file.
        contents: what it must be about.
        max_bytes: the largest that it may be.

    Raises:
        FileNotFoundError: there is none.
        OSError: it cannot be read.
        Damaged: it is not such a file.
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
    except Exception as error:  # what is in it may be anything
        raise Damaged(f"it is no such file, {first_sentence(error, 60)}") from error
    _check(about.get("fingerprint") == contents.fingerprint, "it is another model's")
    count = tensors["digests"].size // DIGEST_BYTES if "digests" in tensors else 0
    expected = {
        "digests": ((count, DIGEST_BYTES), np.uint8),
        "logits": ((count, contents.classes), np.float32),
        "pooled": ((count, contents.width), np.float32),
    }
    found = {name: (array.shape, array.dtype.type) for name, array in tensors.items()}
    _check(found == expected, "it has other shapes")
    _check(about.get("checksum") == checksum, "its checksum is wrong")
    logits, pooled = tensors["logits"], tensors["pooled"]
    _check(np.isfinite(logits).all() and np.isfinite(pooled).all(), "it holds what is no number")
    # Copies: a row that is kept must not keep the whole file.
    return {
        tensors["digests"][at].tobytes(): (logits[at].copy(), pooled[at].copy())
        for at in range(count)
    }


def is_temporary(path: Path) -> bool:
    """Whether `write` makes files of such a name before it renames them."""
    return path.suffix == _TEMPORARY


def _bytes(path: Path, max_bytes: int) -> bytes | None:
    # Neither a link that leads elsewhere is read nor a pipe, which would never end.
    flags = ("O_BINARY", "O_NOFOLLOW", "O_NONBLOCK")
    try:
        handle = os.open(path, sum(getattr(os, flag, 0) for flag in flags))  # and O_RDONLY, 0
    except OSError as error:
        _check(error.errno != errno.ELOOP, "it is a link")
        raise
    try:
        found = os.fstat(handle)
        _check(stat.S_ISREG(found.st_mode), "it is no file")
        if found.st_size > max_bytes:
            return None
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(found.st_size)
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
