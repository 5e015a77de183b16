"""Makes any LIT classification model usable for methods that need only its predictions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.errors import UserError
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import ExclusiveClasses, Task
from lit_plugins.runtime.batching import run_batches
from lit_plugins.text.encoded import EncodedText, Row, find_words

_LEAST = 1e-12
"""Smallest probability to take the logarithm of; smaller ones are raised to it."""


@dataclass(frozen=True)
class TextFields:
    """The fields where a LIT model reads its text and returns its classes.

    Attributes:
        text: the input field of the text.
        classes: the output field of the classes' probabilities.
        labels: the classes' names, by index.
        gold: the input field of the gold label, or None.
        tokens: the input fields of the text's tokens, which are wrong once the text is changed.
        mask: the string that replaces a masked word; "" leaves the word out.
    """

    text: str
    classes: str
    labels: tuple[str, ...]
    gold: str | None
    tokens: tuple[str, ...]
    mask: str

    @property
    def task(self) -> Task:
        """The task of the model: classes of LIT's `MulticlassPreds` exclude each other."""
        return ExclusiveClasses(self.labels)


def unwrapped(model: lit_model.Model) -> lit_model.Model:
    """The model without LIT's cache around it; that cache is keyed by ids, not by contents."""
    return getattr(model, "wrapped", model)


def text_fields(model: lit_model.Model, classes: str | None = None) -> TextFields | None:
    """The fields of a model that classifies a text, or None if it does not.

    Args:
        model: any LIT model.
        classes: the output field to use if the model has several; the first one by default.
    """
    inputs, outputs = model.input_spec(), model.output_spec()
    texts = [name for name, kind in inputs.items() if isinstance(kind, lit_types.TextSegment)]
    answers = {
        name: kind
        for name, kind in outputs.items()
        if isinstance(kind, lit_types.MulticlassPreds) and kind.vocab
    }
    if not texts or not answers:
        return None
    text = texts[0]
    chosen = classes if classes is not None and classes in answers else next(iter(answers))
    token_fields = [
        (name, kind)
        for spec in (inputs, outputs)
        for name, kind in spec.items()
        if isinstance(kind, lit_types.Tokens) and kind.parent in (text, None)
    ]
    return TextFields(
        text=text,
        classes=chosen,
        labels=tuple(answers[chosen].vocab),
        gold=answers[chosen].parent,
        tokens=tuple(name for name, _ in token_fields if name in inputs),
        mask=next((kind.mask_token for _, kind in token_fields if kind.mask_token), ""),
    )


def predictor_of(
    model: lit_model.Model, fields: TextFields, example: Mapping[str, Any]
) -> Predictor:
    """The predictor for explanation methods: this package's classifier, or a `LitPredictor`.

    Args:
        model: a LIT model without LIT's cache around it.
        fields: the fields of the model.
        example: the source of the model's other input fields.
    """
    if isinstance(model, LitTextClassifier):
        return model.classifier
    return LitPredictor(model, fields, example)


class LitPredictor:
    """Runs a LIT model on variants of one example's text, with the other fields unchanged.

    Each token is a word with the white space before it. Token ids are assigned as texts are
    encoded, so they are valid for this object only. Logits are logarithms of probabilities.
    """

    batch_tokens = 1024
    mask_id = 0

    def __init__(self, model: lit_model.Model, fields: TextFields, example: Mapping[str, Any]):
        """Keeps the fields of `example`, except for its text, its tokens and LIT's id."""
        self.task = fields.task
        self._model = model
        self._fields = fields
        dropped = {fields.text, "_id", *fields.tokens}
        self._rest = {name: value for name, value in example.items() if name not in dropped}
        self._ids: dict[str, int] = {}
        self.mask_token = fields.mask
        self._pieces = [fields.mask]

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        """Words and tokens of each text."""
        return [self._encoded(text) for text in texts]

    def logits(self, rows: Sequence[Row]) -> np.ndarray:
        """Logarithms of the classes' probabilities, float32 [rows, classes]."""
        texts = [self._text(row) for row in rows]
        logits = run_batches(
            [len(row.input_ids) for row in rows],
            lambda picked: self._predicted([texts[index] for index in picked]),
            self.batch_tokens,
        )
        return np.array(logits, dtype=np.float32).reshape(len(rows), len(self.task.labels))

    def _encoded(self, text: str) -> EncodedText:
        words = find_words(text)
        starts = [0, *(end for _, end in words)]
        ends = [*(end for _, end in words), len(text)]
        # An empty text has one token outside any word, as in this package's models.
        spans = [span for span in zip(starts, ends, strict=True) if span[0] < span[1]] or [(0, 0)]
        pieces = tuple(text[start:end] for start, end in spans)
        return EncodedText(
            text=text,
            words=tuple(words),
            row=Row(tuple(self._id(piece) for piece in pieces), (0,) * len(pieces)),
            tokens=pieces,
            token_spans=tuple(spans),
            # White space after the last word is a token outside any word, too.
            token_words=tuple(
                index if index < len(words) else None for index in range(len(pieces))
            ),
            cut=(),
        )

    def _id(self, piece: str) -> int:
        if piece not in self._ids:
            self._ids[piece] = len(self._pieces)
            self._pieces.append(piece)
        return self._ids[piece]

    def _text(self, row: Row) -> str:
        written = ""
        for token in row.input_ids:
            gap = " " if token == self.mask_id and written and self._fields.mask else ""
            written += gap + self._pieces[token]
        return written

    def _predicted(self, texts: Sequence[str]) -> list[np.ndarray]:
        outputs = self._model.predict([{**self._rest, self._fields.text: text} for text in texts])
        table = [np.asarray(output[self._fields.classes], np.float64) for output in outputs]
        if not np.isfinite(table).all():
            raise UserError(
                "The model returns a probability that is not a number; check its weights."
            )
        return [np.log(np.maximum(row, _LEAST)) for row in table]
