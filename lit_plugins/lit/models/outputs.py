"""Computes a classifier's outputs for LIT's examples: predictions first, the rest on demand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from lit_plugins.errors import NoNumbers
from lit_plugins.lit.models import fields
from lit_plugins.lit.models.prediction_cache import PredictionCache
from lit_plugins.lit.models.prediction_file import DIGEST_BYTES, ModelIdentity
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.runtime.batching import Progress
from lit_plugins.runtime.bounded_cache import BoundedCache
from lit_plugins.text.encoded import Row

Values = Mapping[str, Any]

_AHEAD = 32
"""Most examples for which one request computes an output on demand: its own and the next ones."""


@dataclass(frozen=True)
class Example:
    """The part of a LIT example that a model's outputs depend on.

    Attributes:
        text: the text.
        tokens: the tokenizer's tokens to run instead of the text; () runs the text.
        label: the class to differentiate; None for the predicted class.
    """

    text: str
    tokens: tuple[str, ...] = ()
    label: str | None = None

    def digest(self, fingerprint: str) -> bytes:
        """A hash of the text and tokens, keyed by the model: the cache key of a prediction.

        Args:
            fingerprint: the model's fingerprint, in hexadecimal digits.

        Returns:
            `DIGEST_BYTES` bytes.
        """
        written = json.dumps([self.text, *self.tokens]).encode()
        key = bytes.fromhex(fingerprint)
        return hashlib.blake2b(written, digest_size=DIGEST_BYTES, key=key).digest()


class Caches:
    """The caches for the outputs of several models; copies of one model share their entries.

    Attributes:
        predictions: logits and pooled vectors, by model and text.
        on_demand: outputs that cost more than a prediction, such as gradients and attention.
    """

    def __init__(self, max_bytes: int, folder: Path | None = None):
        """Prepares two empty caches, each of half of `max_bytes`.

        Args:
            max_bytes: the most memory that both may take up together, in bytes.
            folder: the folder where predictions are saved between runs; None saves nothing.
        """
        self.predictions = PredictionCache(max_bytes // 2, folder)
        self.on_demand: BoundedCache[Any] = BoundedCache(max_bytes // 2)


class Outputs:
    """Predictions by content, and more costly outputs on demand.

    LIT's cache is keyed by an example's id, which an edited copy may share with its parent. It
    also keeps every output of every example forever. The caches here are bounded, and their keys
    contain the text.
    """

    def __init__(self, classifier: TextClassifier, caches: Caches):
        """Takes the classifier, and caches that other models may share."""
        self.classifier = classifier
        self._caches = caches
        network = classifier.network
        self.layer_fields = tuple(fields.layer(index) for index in range(network.layers))
        self.attention_fields = tuple(
            fields.attention(index) for index in range(network.attention_layers)
        )
        gradients: list[str] = []
        if network.takes_embeddings:
            gradients += [fields.TOKEN_EMBEDDINGS, fields.TOKEN_GRADIENTS]
            if network.pooling_is_exact:
                gradients.append(fields.POOLED_GRADIENT)
        self._source: dict[str, Callable[[Sequence[_Record]], list[Values]]] = {
            fields.TOKENS: self._tokens,
            **dict.fromkeys(gradients, self._gradients),
            **dict.fromkeys(self.layer_fields, self._layers),
            **dict.fromkeys(self.attention_fields, self._attention),
        }
        chosen = (fields.GRADIENT_CLASS,) if gradients else ()
        self.field_names = (fields.PROBAS, fields.POOLED, *chosen, *self._source)

    def predict(
        self, examples: Sequence[Example], progress: Progress | None = None
    ) -> list[Mapping[str, Any]]:
        """Predicts examples, and returns one read-only mapping for each.

        The mapping holds a value for each name in `field_names`. Values other than probabilities
        and pooled vectors are computed when they are read.

        Args:
            examples: the examples to predict; cached ones are not computed again.
            progress: called with (examples done, examples in all) after each batch.
        """
        return [MappingProxyType(record) for record in self._records(examples, progress)]

    def values(self, example: Example, names: Sequence[str]) -> list[Any]:
        """Several outputs of one example that one computation yields, such as all attention.

        The computation runs once for all of them, even if together they exceed the cache.

        Args:
            example: the example.
            names: names of fields that are computed on demand, all by the same computation.
        """
        (record,) = self._records([example])
        return self._values(record, names)

    def save(self) -> None:
        """Saves predictions for the next run, if there is a folder for them."""
        self._caches.predictions.save()

    def _records(
        self, examples: Sequence[Example], progress: Progress | None = None
    ) -> list[_Record]:
        identity = self._identity()
        digests = [example.digest(identity.fingerprint) for example in examples]
        cached = self._caches.predictions.get(identity, digests)
        known = {
            digest: prediction
            for digest, prediction in zip(digests, cached, strict=True)
            if prediction is not None
        }
        missing = {
            digest: example
            for digest, example in zip(digests, examples, strict=True)
            if digest not in known
        }
        try:
            logits, pooled = self.classifier.infer(
                self._rows(list(missing.values())), embeddings=True, progress=progress
            )
        except NoNumbers as error:
            wrong = {list(missing)[place] for place in error.places}
            places = [place for place, digest in enumerate(digests) if digest in wrong]
            raise NoNumbers(str(error), places) from error
        assert pooled is not None
        # Copied, because a view of one row would keep its whole batch in memory.
        new = {
            digest: (logits[index].copy(), pooled[index].copy())
            for index, digest in enumerate(missing)
        }
        self._caches.predictions.put(identity, new)
        known.update(new)
        # In one call: row by row, this would double the time that cached predictions take.
        probabilities = self.classifier.task.chances(
            np.array([known[digest][0] for digest in digests])
        )
        window: list[_Record] = []
        for index, (digest, example) in enumerate(zip(digests, examples, strict=True)):
            row, state = probabilities[index], known[digest][1]
            window.append(_Record(self, example, digest, row, state, window, index))
        return window

    def _identity(self) -> ModelIdentity:
        model = self.classifier
        return ModelIdentity(model.fingerprint, len(model.labels), model.network.width)

    def _values(self, record: _Record, names: Sequence[str]) -> list[Any]:
        compute = self._source[names[0]]
        if compute == self._tokens:
            (tokens,) = compute([record])
            return [tokens[name] for name in names]
        cache = self._caches.on_demand
        known = [cache.get(_key(name, record)) for name in names]
        if any(value is None for value in known):
            # The next examples are likely to be read next, and a batch is faster than single rows.
            ahead = record.window[record.index : record.index + _AHEAD]
            computed = compute(ahead)
            for other, values in zip(ahead, computed, strict=True):
                # The requested fields go in last: a full cache keeps the latest entries.
                for name in sorted(values, key=names.__contains__):
                    value = values[name]
                    cache.put(_key(name, other), value, value.nbytes)
            known = [computed[0][name] for name in names]
        return known

    def _rows(self, examples: Sequence[Example]) -> list[Row]:
        encoded = self.classifier.encode([example.text for example in examples])
        return [
            self.classifier.pieces.row(example.tokens) if example.tokens else text.row
            for example, text in zip(examples, encoded, strict=True)
        ]

    def _tokens(self, records: Sequence[_Record]) -> list[Values]:
        encoded = self.classifier.encode([record.example.text for record in records])
        return [
            {fields.TOKENS: list(record.example.tokens or text.tokens)}
            for record, text in zip(records, encoded, strict=True)
        ]

    def _gradients(self, records: Sequence[_Record]) -> list[Values]:
        computed = self.classifier.gradients(
            self._rows([record.example for record in records]),
            [record.target for record in records],
        )
        values: list[Values] = []
        for gradients in computed:
            value: dict[str, Any] = {
                fields.TOKEN_EMBEDDINGS: gradients.embeddings,
                fields.TOKEN_GRADIENTS: gradients.gradients,
            }
            if gradients.pooled_gradient is not None:
                value[fields.POOLED_GRADIENT] = gradients.pooled_gradient
            values.append(value)
        return values

    def _layers(self, records: Sequence[_Record]) -> list[Values]:
        computed = self.classifier.layer_embeddings(
            self._rows([record.example for record in records])
        )
        return [_parts(self.layer_fields, layers) for layers in computed]

    def _attention(self, records: Sequence[_Record]) -> list[Values]:
        computed = self.classifier.attention(self._rows([record.example for record in records]))
        return [_parts(self.attention_fields, layers) for layers in computed]


class _Record(Mapping[str, Any]):
    """The outputs of one example by field; some are computed when they are read."""

    __slots__ = ("_outputs", "example", "digest", "_probabilities", "_pooled", "window", "index")

    def __init__(
        self,
        outputs: Outputs,
        example: Example,
        digest: bytes,
        probabilities: np.ndarray,
        pooled: np.ndarray,
        window: Sequence[_Record],
        index: int,
    ):
        self._outputs = outputs
        self.example = example
        self.digest = digest
        self._probabilities = probabilities
        self._pooled = pooled
        self.window = window
        self.index = index

    @property
    def target(self) -> int:
        """The index of the class to differentiate: the example's label, or the predicted class."""
        task = self._outputs.classifier.task
        label = self.example.label
        if label in task.labels:
            return task.labels.index(label)
        return int(task.predicted(self._probabilities))

    def __getitem__(self, field: str) -> Any:
        if field == fields.PROBAS:
            return self._probabilities
        if field == fields.POOLED:
            return self._pooled
        if field == fields.GRADIENT_CLASS and field in self:
            return self._outputs.classifier.labels[self.target]
        return self._outputs._values(self, (field,))[0]

    def __contains__(self, field: object) -> bool:
        return field in self._outputs.field_names

    def __iter__(self) -> Iterator[str]:
        return iter(self._outputs.field_names)

    def __len__(self) -> int:
        return len(self._outputs.field_names)


def _parts(names: Sequence[str], layers: np.ndarray) -> Values:
    # Copied, because a view of one layer would keep the other layers in memory.
    return {name: layer.copy() for name, layer in zip(names, layers, strict=True)}


def _key(field: str, record: _Record) -> Hashable:
    # Only gradients depend on the class; other fields at worst get a second entry. The digest
    # depends on the model.
    return field, record.digest, record.target
