"""A `TextClassifier` as LIT's `Model`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.lit.models import fields
from lit_plugins.lit.models.outputs import Caches, Example, Outputs
from lit_plugins.models.classifier import TextClassifier
from lit_plugins.runtime.batching import Progress

CACHE_BYTES = 512 * 2**20
"""Default size of all caches together, in bytes."""

_NEGATIVE_WORDS = ("negative", "neg", "0", "label_0", "no", "false")


class LitTextClassifier(lit_model.Model):
    """A classifier as a LIT model; `outputs` computes the values, some of them on demand."""

    def __init__(
        self,
        classifier: TextClassifier,
        *,
        label_field: str | None = fields.LABEL,
        gold_labels: Sequence[str] | None = None,
        caches: Caches | None = None,
    ):
        """Wraps a classifier.

        Args:
            classifier: the model.
            label_field: the dataset's field of gold labels, or None if the dataset's labels are
                not this model's. LIT also uses the field to choose the class of gradients.
            gold_labels: the model's labels in the order in which datasets list them; the model's
                own order by default. LIT offers a dataset only with models that list its labels
                in the same order.
            caches: the caches for predictions and other outputs; new ones of `CACHE_BYTES` by
                default.
        """
        self.classifier = classifier
        self.label_field = label_field
        self._gold_labels = list(gold_labels or classifier.labels)
        self.outputs = Outputs(classifier, caches or Caches(CACHE_BYTES))

    def description(self) -> str:
        """The text in the page's list of models."""
        rounding = self.classifier.rounding
        half = f"; in half precision, probabilities off by up to {rounding:.1g}" if rounding else ""
        return (
            f"{self.classifier.name}: classes {', '.join(self.classifier.labels)}; reads at most "
            f"{self.classifier.max_length} tokens of a text{half}."
        )

    @property
    def supports_concurrent_predictions(self) -> bool:
        """True: any number of threads may call the model at the same time."""
        return True

    def input_spec(self) -> lit_types.Spec:
        """The text and, optionally, the class to explain and the tokenizer's tokens."""
        spec: dict[str, lit_types.LitType] = {
            fields.TEXT: lit_types.TextSegment(),
            fields.TOKENS: self._tokens_type(required=False),
        }
        if self.label_field is not None:
            spec[self.label_field] = lit_types.CategoryLabel(
                vocab=self._gold_labels, required=False
            )
        return spec

    def output_spec(self) -> lit_types.Spec:
        """The outputs, with the links between fields by which LIT enables its modules."""
        labels = list(self.classifier.labels)
        spec: dict[str, lit_types.LitType] = {
            fields.PROBAS: lit_types.MulticlassPreds(
                vocab=labels, parent=self.label_field, null_idx=_null_index(labels)
            ),
            fields.POOLED: lit_types.Embeddings(),
            fields.TOKENS: self._tokens_type(),
            fields.TOKEN_EMBEDDINGS: lit_types.TokenEmbeddings(align=fields.TOKENS),
            fields.TOKEN_GRADIENTS: lit_types.TokenGradients(
                align=fields.TOKENS,
                grad_for=fields.TOKEN_EMBEDDINGS,
                grad_target_field_key=self.label_field,
            ),
            fields.GRADIENT_CLASS: lit_types.CategoryLabel(vocab=labels, required=False),
            fields.POOLED_GRADIENT: lit_types.Gradients(
                align=fields.PROBAS,
                grad_for=fields.POOLED,
                grad_target_field_key=fields.GRADIENT_CLASS,
            ),
            **{name: lit_types.Embeddings() for name in self.outputs.layer_fields},
            **{
                name: lit_types.AttentionHeads(align_in=fields.TOKENS, align_out=fields.TOKENS)
                for name in self.outputs.attention_fields
            },
        }
        return {name: kind for name, kind in spec.items() if name in self.outputs.field_names}

    def get_embedding_table(self) -> tuple[list[str], np.ndarray]:
        """Tokens that begin a word, and their embeddings; HotFlip replaces tokens by them.

        Returns:
            The tokens, and float [tokens, width].
        """
        tokens, table = self.classifier.embedding_table()
        kept = _word_starts(tokens, self.classifier.special_tokens)
        return [tokens[index] for index in kept], table[kept]

    def predict(
        self,
        inputs: Iterable[lit_types.JsonDict],
        progress: Progress | None = None,
        **unused: Any,
    ) -> list[Mapping[str, Any]]:
        """Predicts examples: one read-only mapping for each, with the fields of `output_spec`.

        Args:
            inputs: examples as in `input_spec`.
            progress: called with (texts done, texts in all).
        """
        return self.outputs.predict([self.example(data) for data in inputs], progress)

    def example(self, data: Mapping[str, Any]) -> Example:
        """Reads the part of an example, as in `input_spec`, that the outputs depend on."""
        label = data.get(self.label_field) if self.label_field is not None else None
        tokens = data.get(fields.TOKENS) or ()
        return Example(text=data.get(fields.TEXT) or "", tokens=tuple(tokens), label=label)

    def _tokens_type(self, required: bool = True) -> lit_types.Tokens:
        return lit_types.Tokens(
            parent=fields.TEXT, mask_token=self.classifier.mask_token, required=required
        )


def _word_starts(tokens: Sequence[str], special: Sequence[str]) -> list[int]:
    ordinary = [index for index, token in enumerate(tokens) if token not in special]
    # Byte BPE and unigram tokenizers mark tokens that begin a word; WordPiece marks tokens that
    # continue a word.
    marked = [index for index in ordinary if tokens[index].startswith(("Ġ", "▁"))]
    return marked or [index for index in ordinary if not tokens[index].startswith("##")]


def _null_index(labels: Sequence[str]) -> int | None:
    # LIT's thresholder needs to know which of two classes is the negative one.
    if len(labels) != 2:
        return None
    return next(
        (index for index, label in enumerate(labels) if label.lower() in _NEGATIVE_WORDS), 0
    )
