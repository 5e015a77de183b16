"""Predictions by what model and text are, whatever their names, and kept from run to run."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from lit_plugins.lit.models.prediction_file import Contents, Prediction
from lit_plugins.lit.models.prediction_folder import PredictionFolder
from lit_plugins.runtime.bounded_cache import BoundedCache

_NEW = 256
_INTERVAL_S = 60.0


class PredictionCache:
    """Predictions of any number of models; safe for many threads.

    With a folder, what was kept of a model is read when it is first asked for. All is written by
    `save`, at the end of the program, and beside the work after `_NEW` new predictions, though not
    more often than every `_INTERVAL_S` seconds.
    """

    def __init__(self, max_bytes: int, folder: Path | None = None):
        """Makes a cache.

        Args:
            max_bytes: the most memory that it may take up.
            folder: where predictions are kept from run to run, or None.
        """
        self._known: BoundedCache[Prediction] = BoundedCache(max_bytes)
        self._folder = PredictionFolder(folder) if folder is not None else None
        self._loaded: set[Contents] = set()
        self._new: Counter[Contents] = Counter()
        self._saved_at = time.monotonic()
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._saving = threading.Lock()
        if folder is not None:
            atexit.register(_save, weakref.ref(self))

    @property
    def nbytes(self) -> int:
        """What the predictions take up in memory."""
        return self._known.bytes

    def get(self, contents: Contents, digests: Sequence[bytes]) -> list[Prediction | None]:
        """For each text its prediction, if it is known.

        Args:
            contents: the model.
            digests: what each text comes down to, `DIGEST_BYTES` long.
        """
        self._load(contents)
        return [self._known.get((contents, digest)) for digest in digests]

    def put(self, contents: Contents, predictions: Mapping[bytes, Prediction]) -> None:
        """Keeps predictions of some texts, by their digests."""
        for digest, prediction in predictions.items():
            self._keep(contents, digest, prediction)
        if self._folder is None or not predictions:
            return
        with self._lock:
            self._new[contents] += len(predictions)
            passed = time.monotonic() - self._saved_at
            due = self._new.total() >= _NEW and passed >= _INTERVAL_S
            if due:
                self._saved_at = time.monotonic()
        if due:
            threading.Thread(target=self.save, name="save predictions", daemon=True).start()

    def save(self) -> None:
        """Writes what is new to the folder, if there is one."""
        if self._folder is None:
            return
        with self._saving:
            with self._lock:
                new, self._new = self._new, Counter()
                self._saved_at = time.monotonic()
            for contents in new:
                kept = {
                    digest: prediction
                    for (owner, digest), prediction in self._known.items()
                    if owner == contents
                }
                if not self._folder.save(contents, kept):
                    with self._lock:
                        self._new[contents] += new[contents]  # for the next time

    def _load(self, contents: Contents) -> None:
        if self._folder is None or contents in self._loaded:
            return
        with self._loading:
            if contents not in self._loaded:
                for digest, prediction in self._folder.load(contents).items():
                    self._keep(contents, digest, prediction)
                self._loaded.add(contents)

    def _keep(self, contents: Contents, digest: bytes, prediction: Prediction) -> None:
        size = len(digest) + sum(array.nbytes for array in prediction)
        self._known.put((contents, digest), prediction, size)


def _save(reference: weakref.ref[PredictionCache]) -> None:
    cache = reference()
    if cache is not None:
        cache.save()
