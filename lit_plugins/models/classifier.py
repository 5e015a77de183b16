"""`TextClassifier`: any Hugging Face sequence classifier, and all that can be asked of it."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.embedded import some_reviews
from lit_plugins.errors import UserError
from lit_plugins.models import compatibility, loading
from lit_plugins.models.fingerprint import Fingerprint
from lit_plugins.models.network import Batch, Network
from lit_plugins.models.task import ExclusiveClasses, Task
from lit_plugins.runtime.batching import Progress, run_batches
from lit_plugins.runtime.turns import in_turn
from lit_plugins.text.encoded import EncodedText, Row
from lit_plugins.text.encoder import TextEncoder
from lit_plugins.text.vocabulary_words import WholeWords

_COMPARED = 32


@dataclass(frozen=True)
class Predictions:
    """What the model says of some texts, in their order.

    Attributes:
        logits: float32 [texts, classes].
        probabilities: float32 [texts, classes], see `Task.chances`.
        embeddings: float32 [texts, width], the last layer where the head reads it, or None if
            they were not asked for.
        truncated: for each text whether `max_length` cut it.
    """

    logits: np.ndarray
    probabilities: np.ndarray
    embeddings: np.ndarray | None
    truncated: tuple[bool, ...]


@dataclass(frozen=True)
class Gradients:
    """Gradients of one class's logit for one text, or of a weighted sum of logits.

    Attributes:
        target: index of the class, or None for a sum.
        logits: float32 [classes].
        embeddings: float32 [tokens, embedding width], the model's input embeddings.
        gradients: float32, the same shape: the gradient with respect to them.
        pooled: float32 [width], the last layer where the head reads it.
        pooled_gradient: float32 [width], the gradient with respect to `pooled`, or None
            for a model whose head hides its input.
    """

    target: int | None
    logits: np.ndarray
    embeddings: np.ndarray
    gradients: np.ndarray
    pooled: np.ndarray
    pooled_gradient: np.ndarray | None


class TextClassifier:
    """A sequence classifier with its tokenizer, from text to logits, gradients and attention.

    Texts go in as they were written. Results come in the caller's order, and neither padding nor
    batching changes them. The model is never changed; any number of threads may call at once. A
    model that is trained on afterwards needs to be wrapped again.

    Attributes:
        name: how the model was asked for.
        task: what the model's logits mean.
        tokenizer: the model's own, which is never changed either.
        max_length: the most tokens of a text that the model reads, special tokens included.
        mask_id: the token that stands for a missing word: the tokenizer's mask token or, where it
            has none, its unknown, padding or end token.
        mask_token: that token's text.
        special_tokens: the tokens that the tokenizer adds or that stand for no word.
        whole_words: finds the words that are one token each.
        unknown_token: the token for what the tokenizer cannot spell, or None if it spells all.
        rounding: for a model that was loaded in half precision, how far a probability was from
            the float32 model's at most, over some of the embedded reviews; None for others, and
            where there was no memory for both.
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
            name: shown to people; by default where the model came from.
            labels: the classes' names by index; by default the model's `id2label`.
            max_length: texts are cut after so many tokens; by default what the model can read.
            batch_tokens: the most tokens in one batch, padding included; by default 1,536 on the
                CPU and 16,384 on a GPU.

        Raises:
            UserError: an option does not fit the model, or the model is no such classifier.
        """
        self.name = name or model.config.name_or_path or type(model).__name__
        compatibility.check_task(model, self.name)
        self.task: Task = ExclusiveClasses(
            compatibility.labels_of(model, self.name)
            if labels is None
            else compatibility.check_labels(labels, model.config.num_labels, self.name)
        )
        self.max_length = compatibility.fit_max_length(model, tokenizer, max_length)
        self.batch_tokens = compatibility.fit_batch_tokens(model, batch_tokens)
        self._encoder = TextEncoder(tokenizer, self.max_length)
        self.mask_id, self.mask_token = compatibility.mask_token(tokenizer)
        self.pad_id = tokenizer.pad_token_id
        self.special_tokens = tuple(tokenizer.all_special_tokens)
        self.unknown_token: str | None = tokenizer.unk_token
        self.rounding: float | None = None
        self._fingerprint = Fingerprint(model, tokenizer, self._encoder)
        self.tokenizer = tokenizer
        self._tokenizer_vocab = tokenizer.get_vocab()
        self.network = Network(
            model,
            self.pad_id,
            tokenizer.model_input_names,
            compatibility.probe_rows(model, tokenizer, self._encoder.encode(["a"])[0]),
            self.batch_tokens,
        )
        self.whole_words = WholeWords(
            self._encoder.backend, len(self.network.embedding_layer.weight)
        )

    @classmethod
    def from_pretrained(
        cls,
        name_or_path: str | os.PathLike[str],
        revision: str | None = None,
        device: str | torch.device = "auto",
        dtype: str = "float32",
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
            dtype: `"float32"`, `"bfloat16"` or `"float16"`.
            max_length: as in the constructor.
            batch_tokens: as in the constructor.
            labels: as in the constructor.

        Raises:
            UserError: one sentence that says what is wrong and what to do.
        """
        name = os.fspath(name_or_path)

        def load(dtype: str) -> TextClassifier:
            model, tokenizer = loading.load(name, revision, loading.choose_device(device), dtype)
            return cls(
                model,
                tokenizer,
                name=name,
                labels=labels,
                max_length=max_length,
                batch_tokens=batch_tokens,
            )

        loaded = load(dtype)
        if dtype != "float32":
            # Half precision is there for models that do not fit otherwise, too.
            with suppress(UserError, MemoryError, torch.OutOfMemoryError):
                loaded.rounding = loaded._furthest_from(load("float32"))
        return loaded

    @classmethod
    def from_pipeline(cls, pipe: Any, **options: Any) -> TextClassifier:
        """Wraps the model and tokenizer of a `transformers` text-classification pipeline.

        Args:
            pipe: the pipeline; it is left as it is.
            options: the constructor's keyword arguments.

        Raises:
            UserError: the pipeline has another task or no tokenizer.
        """
        task = getattr(pipe, "task", None)
        if task not in ("text-classification", "sentiment-analysis"):
            raise UserError(
                f"The pipeline's task is {task!r}; give a text-classification pipeline."
            )
        if pipe.tokenizer is None:
            raise UserError("The pipeline has no tokenizer; make it with tokenizer=….")
        return cls(pipe.model, pipe.tokenizer, **options)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes' names, by index."""
        return self.task.labels

    def with_labels(self, labels: Sequence[str]) -> TextClassifier:
        """The same model under other names of its classes; weights and caches are shared.

        Raises:
            UserError: there are not as many names as classes, or two are the same.
        """
        renamed = copy.copy(self)
        renamed.task = self.task.with_labels(
            compatibility.check_labels(labels, len(self.labels), self.name)
        )
        return renamed

    def with_name(self, name: str) -> TextClassifier:
        """The same model, called otherwise in what is said of it; weights and caches are shared."""
        renamed = copy.copy(self)
        renamed.name = name
        return renamed

    @property
    def fingerprint(self) -> str:
        """A hash of all that predictions depend on, so the same for a copy under another name.

        It is of weights, architecture, tokenizer, `max_length`, device and library versions, and
        not of labels. The first call reads all weights.
        """
        return self._fingerprint.value

    def _furthest_from(self, exact: TextClassifier) -> float:
        texts = some_reviews(_COMPARED)
        ours, theirs = (one.predict(texts).probabilities for one in (self, exact))
        return float(np.abs(ours - theirs).max())

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        """Words, tokens and model input of each text."""
        unread = self.network.unread_id
        return [text.without_end(unread) for text in self._encoder.encode(texts)]

    def rows(self, texts: Sequence[str]) -> list[Row]:
        """The model input of each text, as in `EncodedText.row`, where its words do not matter."""
        unread = self.network.unread_id
        return [row.without_end(unread) for row in self._encoder.rows(texts)]

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
            embeddings: whether to keep the last layer, where the head reads it, too.
            progress: called with (texts done, texts in all) after each batch.
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
        """Logits and, if wanted, the last layer of rows of token ids.

        Returns:
            float32 [rows, classes], and float32 [rows, width] or None.

        Raises:
            UserError: a logit is no number, as where half precision overflows.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[tuple[np.ndarray, np.ndarray | None]]:
            with torch.inference_mode():
                output = network.run(batch, hidden_states=embeddings)
                logits = _numpy(output.logits)
                if not embeddings:
                    return [(row, None) for row in logits]
                states = network.hidden_states(output)
                return list(
                    zip(logits, _numpy(network.pooled(states[-1], batch.mask)), strict=True)
                )

        results = self._run(rows, compute, progress)
        logits = np.array([row for row, _ in results], dtype=np.float32)
        if not np.isfinite(logits).all():
            raise UserError(
                f"The model {self.name!r} gives a logit that is no number; load it in float32, or "
                "check its weights."
            )
        pooled = np.array([row for _, row in results], dtype=np.float32) if embeddings else None
        return logits.reshape(len(rows), len(self.labels)), pooled

    def gradients(self, rows: Sequence[Row], targets: Sequence[int]) -> list[Gradients]:
        """Gradients of one class's logit a row with respect to its input embeddings.

        Args:
            rows: as in `EncodedText.row`.
            targets: the index of a class for each row.

        Raises:
            UserError: the model does not take embeddings in place of tokens.
        """
        found = self.gradients_of_sums(rows, np.eye(len(self.labels))[list(targets)])
        return [
            replace(each, target=int(target)) for each, target in zip(found, targets, strict=True)
        ]

    def gradients_of_sums(
        self, rows: Sequence[Row], weights: Sequence[np.ndarray] | np.ndarray
    ) -> list[Gradients]:
        """Gradients of a weighted sum of logits a row with respect to its input embeddings.

        Args:
            rows: as in `EncodedText.row`.
            weights: for each row float [classes], what each logit is multiplied by.

        Raises:
            UserError: the model does not take embeddings in place of tokens.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[Gradients]:
            weighed = torch.tensor(
                np.array([weights[index] for index in picked], dtype=np.float32),
                device=network.device,
            )
            with torch.enable_grad():
                embeddings = network.embed(batch).detach().requires_grad_(True)
                output = network.run(batch, embeddings, hidden_states=True)
                state = network.hidden_states(output)[-1]
                sources = [embeddings, state] if network.pooling_is_exact else [embeddings]
                gradients = torch.autograd.grad((output.logits * weighed).sum(), sources)
            by_token = _numpy(gradients[0])
            inputs = _numpy(embeddings)
            logits = _numpy(output.logits)
            pooled = _numpy(network.pooled(state, batch.mask))
            by_pooled = (
                list(_numpy(network.pooled_gradient(gradients[1], batch.mask)))
                if network.pooling_is_exact
                else [None] * len(picked)
            )
            longest = batch.ids.shape[1]
            results = []
            for at, index in enumerate(picked):
                real = network.real(len(rows[index].input_ids), longest)
                results.append(
                    Gradients(
                        target=None,
                        logits=logits[at],
                        embeddings=inputs[at, real].copy(),
                        gradients=by_token[at, real].copy(),
                        pooled=pooled[at],
                        pooled_gradient=by_pooled[at],
                    )
                )
            return results

        return self._run(rows, compute)

    def layer_embeddings(self, rows: Sequence[Row]) -> np.ndarray:
        """Every layer where the head would read it, float32 [rows, layers + 1, width].

        Layer 0 is the input embeddings with positions added.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[np.ndarray]:
            with torch.inference_mode():
                output = network.run(batch, hidden_states=True)
                pooled = [
                    network.pooled(state, batch.mask) for state in network.hidden_states(output)
                ]
                return list(_numpy(torch.stack(pooled, dim=1)))

        return np.array(self._run(rows, compute), dtype=np.float32)

    def attention(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """Attention weights of each row, float32 [layers, heads, tokens, tokens].

        Rows of the last axis add up to 1: the weight that a token (second-last axis) gives to
        each token.

        Raises:
            UserError: the model has no such weights.
        """
        network = self.network

        def compute(batch: Batch, picked: list[int]) -> list[np.ndarray]:
            with torch.inference_mode():
                output = network.run(batch, attention=True)
                weights = _numpy(network.attentions(output, batch.mask))
            longest = batch.ids.shape[1]
            results = []
            for at, index in enumerate(picked):
                real = network.real(len(rows[index].input_ids), longest)
                results.append(weights[at, :, :, real, real].copy())
            return results

        return self._run(rows, compute)

    def input_embeddings(self, rows: Sequence[Row]) -> list[np.ndarray]:
        """The token embeddings of each row, float32 [tokens, embedding width]."""
        return in_turn(lambda: [self._embedded(row.input_ids) for row in rows])

    def embedding_table(self) -> tuple[list[str], np.ndarray]:
        """The vocabulary's tokens and their embeddings, float32 [tokens, embedding width]."""
        size = len(self.network.embedding_layer.weight)
        vocab = {index: token for token, index in self._tokenizer_vocab.items() if index < size}
        order = sorted(vocab)
        return [vocab[index] for index in order], in_turn(lambda: self._embedded(order))

    def row_of_tokens(self, tokens: Sequence[str]) -> Row:
        """The row of the tokenizer's own pieces, special tokens included, as tools write them.

        Raises:
            UserError: a token is not in the vocabulary.
        """
        unknown = [token for token in tokens if token not in self._tokenizer_vocab]
        if unknown:
            raise UserError(
                f"The token {unknown[0]!r} is not in the vocabulary; give the tokenizer's pieces."
            )
        ids = tuple(self._tokenizer_vocab[token] for token in tokens)[: self.max_length]
        return Row(ids, (0,) * len(ids))

    def text_of_tokens(self, tokens: Sequence[str]) -> str:
        """The tokenizer's own pieces as a text, special tokens left out."""
        return self.tokenizer.decode(self.row_of_tokens(tokens).input_ids, skip_special_tokens=True)

    def _embedded(self, ids: Sequence[int]) -> np.ndarray:
        with torch.inference_mode():
            return _numpy(
                self.network.embedding_layer(torch.tensor(ids, device=self.network.device))
            )

    def _run(
        self,
        rows: Sequence[Row],
        compute: Callable[[Batch, list[int]], Sequence[Any]],
        progress: Progress | None = None,
    ) -> list[Any]:
        with torch.inference_mode(False):  # a caller's would leave no gradients to be had
            return run_batches(
                [len(row.input_ids) for row in rows],
                lambda picked: compute(self.network.collate([rows[i] for i in picked]), picked),
                self.batch_tokens,
                equal_lengths=self.network.padding == "none",
                progress=progress,
            )


def _numpy(tensor: Tensor) -> np.ndarray:
    return tensor.detach().float().cpu().numpy()
