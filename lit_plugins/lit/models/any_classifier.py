"""Any LIT classification model, as the methods see it that need no more than its answers."""

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
"""A probability of 0 has no logarithm."""


@dataclass(frozen=True)
class TextFields:
    """Where a LIT model takes its text and gives its classes.

    Attributes:
        text: the input field of the text.
        classes: the output field of the classes' probabilities.
        labels: the classes' names, by index.
        gold: the input field of the gold label, or None.
        tokens: the input fields of that text's tokens, which a changed text makes wrong.
        mask: what to write in place of a missing word; "" leaves the word out.
    """

    text: str
    classes: str
    labels: tuple[str, ...]
    gold: str | None
    tokens: tuple[str, ...]
    mask: str

    @property
    def task(self) -> Task:
        """What the output field means: LIT's `MulticlassPreds` are of exclusive classes."""
        return ExclusiveClasses(self.labels)


def unwrapped(model: lit_model.Model) -> lit_model.Model:
    """The model without the cache that LIT wraps around it, which goes by ids."""
    return getattr(model, "wrapped", model)


def text_fields(model: lit_model.Model, classes: str | None = None) -> TextFields | None:
    """The fields of a model that classifies a text, or None if it does not.

    Args:
        model: any LIT model.
        classes: which of its outputs, where it has several; the first one by default.
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
    """What explanation methods run: this package's classifier itself, else a `LitPredictor`."""
    if isinstance(model, LitTextClassifier):
        return model.classifier
    return LitPredictor(model, fields, example)


class LitPredictor:
    """A LIT model on variants of one example's text, its other fields as they are.

    Tokens are the words, with the white space before them. Their ids are given out as texts are
    read, so they mean something to this object alone. Logits are logarithms of probabilities.
    """

    batch_tokens = 1024
    mask_id = 0

    def __init__(self, model: lit_model.Model, fields: TextFields, example: Mapping[str, Any]):
        """Takes `example` for granted but for its text, its tokens and LIT's own id."""
        self.task = fields.task
        self._model = model
        self._fields = fields
        dropped = {fields.text, "_id", *fields.tokens}
        self._rest = {name: value for name, value in example.items() if name not in dropped}
        self._ids: dict[str, int] = {}
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
        # An empty text has one token of no word, as models of this package's have.
        spans = [span for span in zip(starts, ends, strict=True) if span[0] < span[1]] or [(0, 0)]
        pieces = tuple(text[start:end] for start, end in spans)
        return EncodedText(
            text=text,
            words=tuple(words),
            row=Row(tuple(self._id(piece) for piece in pieces), (0,) * len(pieces)),
            tokens=pieces,
            token_spans=tuple(spans),
            # White space after the last word is a token of no word, too.
            token_words=tuple(at if at < len(words) else None for at in range(len(pieces))),
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
            raise UserError("The model gives a probability that is no number; check its weights.")
        return [np.log(np.maximum(row, _LEAST)) for row in table]
