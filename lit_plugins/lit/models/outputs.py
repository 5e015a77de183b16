"""What a classifier says of LIT's examples: inference at once, the rest when it is asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from lit_plugins.lit.models import fields
from lit_plugins.lit.models.prediction_cache import PredictionCache
from lit_plugins.lit.models.prediction_file import DIGEST_BYTES, ModelIdentity
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.runtime.batching import Progress
from lit_plugins.runtime.bounded_cache import BoundedCache
from lit_plugins.text.encoded import Row

Values = Mapping[str, Any]

_AHEAD = 32


@dataclass(frozen=True)
class Example:
    """The part of a LIT example that a model's outputs depend on, and their cache's key.

    Attributes:
        text: the text.
        tokens: the tokenizer's pieces to run in place of the text, or empty.
        label: the class whose gradients are wanted, or None for the predicted one.
    """

    text: str
    tokens: tuple[str, ...] = ()
    label: str | None = None

    def digest(self, fingerprint: str) -> bytes:
        """What a model's prediction depends on, by a hash that means nothing to other models."""
        written = json.dumps([self.text, *self.tokens]).encode()
        key = bytes.fromhex(fingerprint)
        return hashlib.blake2b(written, digest_size=DIGEST_BYTES, key=key).digest()


class Caches:
    """What several models' outputs are kept in, so that copies of one model share theirs.

    Attributes:
        predictions: what every example has.
        on_demand: what is dearer than a prediction.
    """

    def __init__(self, max_bytes: int, folder: Path | None = None):
        """Prepares two empty caches, of half of `max_bytes` each.

        Args:
            max_bytes: the most memory that both may take up.
            folder: where predictions are kept from run to run, or None.
        """
        self.predictions = PredictionCache(max_bytes // 2, folder)
        self.on_demand: BoundedCache[Any] = BoundedCache(max_bytes // 2)


class Outputs:
    """Predictions by content, and lazily all that is dearer than a prediction.

    LIT's own cache goes by an example's id, which an edited copy may share with its parent, and
    keeps every output of every example for good. This one goes by the text and is bounded.
    """

    def __init__(self, classifier: TextClassifier, caches: Caches):
        """Takes the caches, which other models may use, too."""
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
        """One read-only mapping an example, from the names in `field_names` to values.

        Args:
            examples: what to predict; those that are known already cost nothing.
            progress: called with (examples done, examples in all) after each batch.
        """
        return [MappingProxyType(record) for record in self._records(examples, progress)]

    def values(self, example: Example, names: Sequence[str]) -> list[Any]:
        """Several outputs of one example that one computation gives, such as all attention.

        It is done once for them all, even where they are more than the cache holds.

        Args:
            example: the example.
            names: from those of `field_names` that are computed on demand.
        """
        (record,) = self._records([example])
        return self._values(record, names)

    def save(self) -> None:
        """Keeps what is predicted for the next run, if there is a folder for it."""
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
        logits, pooled = self.classifier.infer(
            self._rows(list(missing.values())), embeddings=True, progress=progress
        )
        assert pooled is not None
        # Copies: a row that is kept must not keep its whole batch.
        new = {digest: (logits[at].copy(), pooled[at].copy()) for at, digest in enumerate(missing)}
        self._caches.predictions.put(identity, new)
        known.update(new)
        # Of all at once: one by one takes as long as all else that cached predictions cost.
        probabilities = self.classifier.task.chances(
            np.array([known[digest][0] for digest in digests])
        )
        window: list[_Record] = []
        for at, (digest, example) in enumerate(zip(digests, examples, strict=True)):
            row, state = probabilities[at], known[digest][1]
            window.append(_Record(self, example, digest, row, state, window, at))
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
            # For the next few beside it, too.
            ahead = record.window[record.index : record.index + _AHEAD]
            computed = compute(ahead)
            for each, each_values in zip(ahead, computed, strict=True):
                # What was asked for goes in last: of what is too much, the cache keeps the last.
                for name in sorted(each_values, key=names.__contains__):
                    value = each_values[name]
                    cache.put(_key(name, each), value, value.nbytes)
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
        for each in computed:
            value: dict[str, Any] = {
                fields.TOKEN_EMBEDDINGS: each.embeddings,
                fields.TOKEN_GRADIENTS: each.gradients,
            }
            if each.pooled_gradient is not None:
                value[fields.POOLED_GRADIENT] = each.pooled_gradient
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
    """One example's outputs."""

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
        """The class whose gradients are wanted."""
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
    # Copies: a layer that is kept must not keep the others.
    return {name: layer.copy() for name, layer in zip(names, layers, strict=True)}


def _key(field: str, record: _Record) -> Hashable:
    # Gradients are of one class; keying the rest by it too would only cost a second entry. The
    # digest is of one model's.
    return field, record.digest, record.target
