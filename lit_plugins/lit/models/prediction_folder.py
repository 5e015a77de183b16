"""A folder of predictions of bounded size, with one file for each model."""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from lit_plugins.lit.models import prediction_file
from lit_plugins.lit.models.prediction_file import Damaged, ModelIdentity, Prediction

FOLDER_BYTES = 512 * 2**20
"""Default size of all files together, in bytes."""

_SUFFIX = ".safetensors"
_ASIDE = ".damaged"
_HEADER_BYTES = 1024
_ABANDONED_S = 3600.0

_log = logging.getLogger(__name__)


class PredictionFolder:
    """Saves predictions between runs. A failure is logged once and costs only the saving.

    Several processes may share a folder. If two write the same model's file, the later one wins.
    """

    def __init__(self, path: Path, max_bytes: int = FOLDER_BYTES):
        """Notes the folder; it is made at the first save.

        Args:
            path: the folder; a link is not followed.
            max_bytes: the most bytes in all files together; the least recently used files are
                deleted first.
        """
        self.path = path
        self.max_bytes = max_bytes
        self._said = False

    def load(self, model: ModelIdentity) -> dict[bytes, Prediction]:
        """A model's saved predictions, in the order of `save`; a damaged file is set aside."""
        path = self._file(model)
        try:
            if not self._is_own():
                return {}
            predictions = prediction_file.read(path, model, self.max_bytes)
            os.utime(path)
            return predictions
        except FileNotFoundError:
            pass
        except Damaged as damage:
            self._set_aside(path, damage)
        except OSError as error:
            self._say_failure("read", error)
        return {}

    def save(self, model: ModelIdentity, predictions: Mapping[bytes, Prediction]) -> bool:
        """Saves a model's predictions in place of earlier ones.

        Args:
            model: the model that predicts.
            predictions: by the digest of their text, the least recently used first. If there is
                no room for all, the first ones are left out.

        Returns:
            Whether they are saved.
        """
        room = (self.max_bytes - _HEADER_BYTES) // model.bytes_a_text
        # Half precision may overflow; `read` would refuse the whole file for one such vector.
        sound = [item for item in predictions.items() if all(np.isfinite(x).all() for x in item[1])]
        latest = dict(sound[max(0, len(sound) - room) :])
        path = self._file(model)
        try:
            if not self._is_own():
                return False
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(path, _HEADER_BYTES + len(latest) * model.bytes_a_text)
            prediction_file.write(path, model, latest)
        except OSError as error:
            self._say_failure("written", error)
            return False
        return True

    def _file(self, model: ModelIdentity) -> Path:
        return self.path / f"{model.fingerprint}{_SUFFIX}"

    def _is_own(self) -> bool:
        if not self.path.is_symlink():
            return True
        self._say(
            f"The folder {str(self.path)!r} is a link, so no predictions are kept in it; put a "
            "folder in its place."
        )
        return False

    def _set_aside(self, path: Path, damage: Damaged) -> None:
        aside = path.with_name(path.name + _ASIDE)
        try:
            os.replace(path, aside)
        except OSError as error:
            self._say_failure("set aside", error)
            return
        _log.warning(
            "The predictions in %r cannot be used (%s), so they were renamed to %r and are "
            "computed again.",
            str(path),
            damage,
            aside.name,
        )

    def _make_room(self, wanted: Path, nbytes: int) -> None:
        files = []
        for path, status in self._files():
            age = time.time() - status.st_mtime
            if path.name.endswith((_SUFFIX, _SUFFIX + _ASIDE)) and path != wanted:
                files.append((status.st_mtime, status.st_size, path))
            # An old temporary file is left over from a killed process. A new one may be in use.
            elif prediction_file.is_temporary(path) and age > _ABANDONED_S:
                path.unlink(missing_ok=True)
        taken = sum(size for _, size, _ in files)
        for _, size, path in sorted(files):
            if taken + nbytes <= self.max_bytes:
                break
            taken -= size
            path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.path.iterdir():
            with suppress(FileNotFoundError):  # another process may have taken it away
                status = path.lstat()
                if stat.S_ISREG(status.st_mode):
                    yield path, status

    def _say_failure(self, what: str, error: OSError) -> None:
        self._say(
            f"Predictions cannot be {what} in {str(self.path)!r} ({error.strerror or error}), so "
            "they are kept in memory only; make room there, or let this user write."
        )

    def _say(self, sentence: str) -> None:
        if not self._said:
            self._said = True
            _log.warning("%s", sentence)
