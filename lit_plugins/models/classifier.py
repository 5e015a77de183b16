"""`TextClassifier`: any Hugging Face sequence classifier with its tokenizer."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.errors import NoNumbers
from lit_plugins.models import compatibility, loading, pipelines
from lit_plugins.models.fingerprint import Fingerprint
from lit_plugins.models.network import Network
from lit_plugins.models.passes import Passes
from lit_plugins.models.precision import rounding_of
from lit_plugins.models.predictions import Gradients, Predictions
from lit_plugins.models.task import Task
from lit_plugins.runtime.batching import Progress
from lit_plugins.runtime.portions import in_portions
from lit_plugins.text.encoded import EncodedText, Row
from lit_plugins.text.encoder import TextEncoder
from lit_plugins.text.given import check_texts
from lit_plugins.text.pieces import Pieces
from lit_plugins.text.vocabulary_words import WholeWords


class TextClassifier:
    """A sequence classifier with its tokenizer, from text to logits, gradients and attention.

    Texts are given as written. Results come in the caller's order, and neither padding nor
    batching changes them. The caller's model is never changed, and any number of threads may call
    at once. If the model is trained further, it must be wrapped again.

    Attributes:
        name: the model's name in messages.
        task: what the model's logits mean.
        tokenizer: the model's tokenizer, which is never changed either.
        max_length: the most tokens of a text that the model reads, special tokens included.
        mask_id: the token that stands for a missing one: the tokenizer's mask token or, where it
            has none, its unknown, padding or end token.
        mask_token: that token's text.
        special_tokens: the tokenizer's tokens that stand for no word.
        pieces: the tokenizer's vocabulary, and rows and texts of its pieces.
        whole_words: finds the words that are one token each.
        unknown_token: the token for text that the tokenizer cannot represent, or None if it can
            represent everything.
        half_precise: whether the model's weights are in half precision.
        rounding: for a model that was loaded in half precision, the largest difference of its
            probabilities from those of the float32 model, over some of the embedded reviews. None
            for other models, for quantised and large ones (from 2 GiB in float32), and where the
            memory that was free did not suffice for both.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        name: str | None = None,
        labels: Sequence[str] | None = None,
        max_length: int | None = None,
        batch_tokens: int | None = None,
    ):
        """Wraps a loaded model; `from_pretrained` and `from_pipeline` are the usual ways in.

        Args:
            model: any `AutoModelForSequenceClassification` with two or more exclusive classes.
            tokenizer: its fast tokenizer.
            name: the name in messages; by default where the model came from.
            labels: the classes' names by index; by default the model's `id2label`.
            max_length: texts are cut after so many tokens; by default what the model can read.
            batch_tokens: the most tokens in one batch, padding included; by default 1,536 on the
                CPU and 16,384 on a GPU.

        Raises:
            UserError: an option does not fit the model, or the model is not such a classifier.
        """
        self.name = name or model.config.name_or_path or type(model).__name__
        self.task: Task = compatibility.task_of(model, labels, self.name)
        self.max_length = compatibility.fit_max_length(model, tokenizer, max_length)
        self.batch_tokens = compatibility.fit_batch_tokens(model, batch_tokens)
        self._encoder = TextEncoder(tokenizer, self.max_length)
        self.mask_id, self.mask_token = compatibility.mask_token(tokenizer)
        self.pad_id = tokenizer.pad_token_id
        self.special_tokens = tuple(tokenizer.all_special_tokens)
        self.unknown_token: str | None = tokenizer.unk_token
        self.half_precise = torch.finfo(model.dtype).bits < 32
        self.rounding: float | None = None
        self._fingerprint = Fingerprint(model, tokenizer, self._encoder)
        self.tokenizer = tokenizer
        self.pieces = Pieces(tokenizer, self.max_length)
        self.network = Network(
            model,
            self.pad_id,
            tokenizer.model_input_names,
            compatibility.probe_rows(model, tokenizer, self._encoder.encode(["a"])[0]),
            self.batch_tokens,
        )
        self.whole_words = WholeWords(self._encoder.backend, self.network.vocabulary_size)

    @classmethod
    def from_pretrained(
        cls,
        name_or_path: str | os.PathLike[str],
        revision: str | None = None,
        device: str | torch.device = "auto",
        dtype: str | None = None,
        max_length: int | None = None,
        batch_tokens: int | None = None,
        labels: Sequence[str] | None = None,
    ) -> TextClassifier:
        """Loads a classifier from a folder, the hub, or the package itself.

        Only safetensors are read and no code that comes with a model is run.

        Args:
            name_or_path: a folder, a name on the hub, or one of `EMBEDDED_MODELS`.
            revision: a branch, tag or commit on the hub.
            device: `"auto"` (a GPU where there is one) or a torch device.
            dtype: `"float32"`, `"bfloat16"`, `"float16"`, or `"auto"` for the precision of the
                saved weights; by default float32 on the CPU, and `"auto"` on a GPU.
            max_length: as in the constructor.
            batch_tokens: as in the constructor.
            labels: as in the constructor.

        Raises:
            UserError: one sentence that says what is wrong and what to do.
        """
        name = os.fspath(name_or_path)

        place = loading.choose_device(device)
        model, tokenizer = loading.load(
            name, revision, place, dtype or loading.default_dtype(place)
        )
        with loading.readable_failures(name):
            loaded = cls(
                model,
                tokenizer,
                name=name,
                labels=labels,
                max_length=max_length,
                batch_tokens=batch_tokens,
            )
        rounding = rounding_of(
            loaded,
            model,
            tokenizer.model_input_names,
            lambda: loading.load(name, revision, place, "float32")[0],
        )
        return loaded if rounding is None else loaded._with(rounding=rounding)

    @classmethod
    def from_pipeline(cls, pipe: Any, **options: Any) -> TextClassifier:
        """Wraps the model and tokenizer of a `transformers` text-classification pipeline.

        The classifier predicts what the pipeline predicts: texts are cut where the pipeline cuts
        them, and a setting that a classifier does not have is refused. A text with more tokens
        than the model has positions is always cut; most pipelines fail on it.

        Args:
            pipe: the pipeline; it is left as it is.
            options: the constructor's keyword arguments; `max_length` replaces the pipeline's.

        Raises:
            UserError: the pipeline has another task or no tokenizer, or predicts in a way that a
                classifier does not.
        """
        max_length = pipelines.max_length_of(pipe)
        classifier = cls(pipe.model, pipe.tokenizer, **{"max_length": max_length, **options})
        if classifier.max_length == max_length:
            pipelines.check_same(
                pipe, max_length, lambda text: classifier.predict([text]).probabilities[0]
            )
        return classifier

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes' names, by index."""
        return self.task.labels

    def with_labels(self, labels: Sequence[str]) -> TextClassifier:
        """The same model under other names of its classes; weights and caches are shared.

        Raises:
            UserError: there are not as many names as classes, or two are the same.
        """
        names = compatibility.check_labels(labels, len(self.labels), self.name)
        return self._with(task=self.task.with_labels(names))

    def with_name(self, name: str) -> TextClassifier:
        """The same model under another name in messages; weights and caches are shared."""
        return self._with(name=name)

    @property
    def fingerprint(self) -> str:
        """A hash of all that predictions depend on, so a copy under another name has the same.

        It covers weights, architecture, tokenizer, `max_length`, device and library versions, but
        not labels. The first call reads all weights.
        """
        return self._fingerprint.value

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        """Words, tokens and model input of each text."""
        unread = self.network.unread_id
        encoded = in_portions(check_texts(texts), self._encoder.encode)
        return [text.without_end(unread) for text in encoded]

    def rows(self, texts: Sequence[str]) -> list[Row]:
        """The `EncodedText.row` of each text, without the work of finding its words."""
        unread = self.network.unread_id
        rows = in_portions(check_texts(texts), self._encoder.rows)
        return [row.without_end(unread) for row in rows]

    def truncated(self, texts: Sequence[str]) -> list[bool]:
        """Whether each text is cut to `max_length`."""
        return list(in_portions(check_texts(texts), self._encoder.truncated))

    def predict(
        self,
        texts: Sequence[str],
        *,
        embeddings: bool = False,
        progress: Progress | None = None,
    ) -> Predictions:
        """Logits and probabilities of each text.

        Args:
            texts: texts as written.
            embeddings: whether to return the last layer at the positions that the head reads, too.
            progress: called with (texts done, all texts) after each batch.
        """
        encoded = self.encode(texts)
        logits, pooled = self.infer(
            [text.row for text in encoded], embeddings=embeddings, progress=progress
        )
        return Predictions(
            logits=logits,
            probabilities=self.task.chances(logits),
            embeddings=pooled,
            truncated=tuple(text.truncated for text in encoded),
        )

    def logits(self, rows: Sequence[Row], progress: Progress | None = None) -> np.ndarray:
        """Logits of rows of token ids, float32 [rows, classes]."""
        return self.infer(rows, progress=progress)[0]

    def infer(
        self,
        rows: Sequence[Row],
        *,
        embeddings: bool = False,
        progress: Progress | None = None,
    ) -> tuple[np.ndarray, np.ndarray | None]:
        """Logits of rows of token ids and, on request, the last layer as the head reads it.

        Args:
            rows: as in `EncodedText.row`.
            embeddings: whether to return the last layer at the positions that the head reads.
            progress: called with (rows done, all rows) after each batch.

        Returns:
            float32 [rows, classes], and float32 [rows, width] or None.

        Raises:
            NoNumbers: a logit is not a number, which happens when half precision overflows.
        """
        results = self._passes.logits(rows, pooled=embeddings, progress=progress)
        logits = np.array([row for row, _ in results], dtype=np.float32)
        if wrong := _without_numbers(logits):
            raise NoNumbers(
                f"The model {self.name!r} gives a logit that is not a number for input "
                f"{wrong[0]} of {len(rows)}; load it in float32, or check its weights.",
                wrong,
            )
        pooled = np.array([row for _, row in results], dtype=np.float32) if embeddings else None
        return logits.reshape(len(rows), len(self.labels)), pooled

    def without_numbers(self, texts: Sequence[str]) -> list[int]:
        """Indices of the texts for which the model gives a logit that is not a number."""
        results = self._passes.logits(self.rows(texts))
        return _without_numbers([logits for logits, _ in results])

    def gradients(self, rows: Sequence[Row], targets: Sequence[int]) -> list[Gradients]:
        """Gradients of one class's logit for each row with respect to its input embeddings.

        Args:
            rows: as in `EncodedText.row`.
            targets: the index of a class for each row.

        Raises:
            UserError: the model does not take embeddings in place of tokens.
        """
        one_hot = np.eye(len(self.labels))[list(targets)]
        return [
            replace(gradients, target=int(target))
            for gradients, target in zip(
                self.gradients_of_sums(rows, one_hot), targets, strict=True
            )
        ]

    def gradients_of_sums(
        self, rows: Sequence[Row], weights: Sequence[np.ndarray] | np.ndarray
    ) -> list[Gradients]:
        """Gradients of a weighted sum of each row's logits with respect to its input embeddings.

        Args:
            rows: as in `EncodedText.row`.
            weights: for each row float [classes], the factors of its logits.

        Raises:
            UserError: the model does not take embeddings in place of tokens.
        """
        return self._passes.gradients(rows, weights)

    def layer_embeddings(self, rows: Sequence[Row]) -> np.ndarray:
        """Every layer at the positions that the head reads, float32 [rows, layers + 1, width].

        Layer 0 holds the input embeddings with positions added.
        """
        return np.array(self._passes.layers(rows), dtype=np.float32)

    def attention(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """Attention weights of each row, float32 [layers, heads, tokens, tokens].

        The last axis adds up to 1: it holds the weights that one token (of the second-last axis)
        gives to all tokens.

        Raises:
            UserError: the model has no such weights.
        """
        return self._passes.attention(rows)

    def input_embeddings(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """The token embeddings of each row, float32 [tokens, embedding width]."""
        return self._passes.input_embeddings([row.input_ids for row in rows])

    def embedding_table(self) -> tuple[list[str], np.ndarray]:
        """The vocabulary's tokens and their embeddings, float32 [tokens, embedding width]."""
        pieces, ids = self.pieces.vocabulary(self.network.vocabulary_size)
        (table,) = self._passes.input_embeddings([ids])
        return pieces, table

    @property
    def _passes(self) -> Passes:
        return Passes(self.network, self.batch_tokens)

    def _with(self, **changes: Any) -> TextClassifier:
        """A shallow copy of the classifier with other values for some attributes."""
        changed = copy.copy(self)
        vars(changed).update(changes)
        return changed


def _without_numbers(logits: Sequence[np.ndarray] | np.ndarray) -> list[int]:
    return [index for index, row in enumerate(logits) if not np.isfinite(row).all()]
