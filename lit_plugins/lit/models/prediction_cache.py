"""A cache of predictions by the content of model and text, saved between runs."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from lit_plugins.lit.models.prediction_file import ModelIdentity, Prediction
from lit_plugins.lit.models.prediction_folder import PredictionFolder
from lit_plugins.runtime.bounded_cache import BoundedCache
from lit_plugins.runtime.cancellation import held

_NEW = 256
"""Number of new predictions from which they are saved before the program ends."""

_INTERVAL_S = 60.0
"""Shortest time between two such saves, in seconds."""


class PredictionCache:
    """Predictions of any number of models; threads may share it.

    With a folder, a model's saved predictions are read when the model is first looked up. New
    predictions are written by `save` and at the end of the program. Once there are `_NEW` of them,
    a background thread writes them too, at most every `_INTERVAL_S` seconds.
    """

    def __init__(self, max_bytes: int, folder: Path | None = None):
        """Makes a cache.

        Args:
            max_bytes: the most memory that the cache may take up, in bytes.
            folder: the folder where predictions are saved; None saves nothing.
        """
        self._known: BoundedCache[Prediction] = BoundedCache(max_bytes)
        self._folder = PredictionFolder(folder) if folder is not None else None
        self._loaded: set[ModelIdentity] = set()
        self._new: Counter[ModelIdentity] = Counter()
        self._saved_at = time.monotonic()
        self._lock = threading.Lock()
        self._loading = threading.Lock()
        self._saving = threading.Lock()
        if folder is not None:
            atexit.register(_save, weakref.ref(self))

    @property
    def nbytes(self) -> int:
        """The memory that the predictions take up, in bytes."""
        return self._known.bytes

    def get(self, model: ModelIdentity, digests: Sequence[bytes]) -> list[Prediction | None]:
        """Looks up predictions; None for each text without one.

        Args:
            model: the model that predicts.
            digests: a hash of each text, `DIGEST_BYTES` long.
        """
        self._load(model)
        return [self._known.get((model, digest)) for digest in digests]

    def put(self, model: ModelIdentity, predictions: Mapping[bytes, Prediction]) -> None:
        """Adds predictions by the digests of their texts; a thread may save them soon after."""
        for digest, prediction in predictions.items():
            self._keep(model, digest, prediction)
        if self._folder is None or not predictions:
            return
        with self._lock:
            self._new[model] += len(predictions)
            passed = time.monotonic() - self._saved_at
            due = self._new.total() >= _NEW and passed >= _INTERVAL_S
            if due:
                self._saved_at = time.monotonic()
        if due:
            threading.Thread(target=self.save, name="save predictions", daemon=True).start()

    def save(self) -> None:
        """Writes the models with new predictions to the folder, if there is one."""
        if self._folder is None:
            return
        with self._saving:
            with self._lock:
                new, self._new = self._new, Counter()
                self._saved_at = time.monotonic()
            for model in new:
                kept = {
                    digest: prediction
                    for (predictor, digest), prediction in self._known.items()
                    if predictor == model
                }
                if not self._folder.save(model, kept):
                    with self._lock:
                        self._new[model] += new[model]  # try again at the next save

    def _load(self, model: ModelIdentity) -> None:
        if self._folder is None or model in self._loaded:
            return
        with held(self._loading):
            if model not in self._loaded:
                for digest, prediction in self._folder.load(model).items():
                    self._keep(model, digest, prediction)
                self._loaded.add(model)

    def _keep(self, model: ModelIdentity, digest: bytes, prediction: Prediction) -> None:
        size = len(digest) + sum(array.nbytes for array in prediction)
        self._known.put((model, digest), prediction, size)


def _save(reference: weakref.ref[PredictionCache]) -> None:
    cache = reference()
    if cache is not None:
        cache.save()
