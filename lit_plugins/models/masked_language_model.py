"""`MaskedLanguageModel`: any Hugging Face fill-mask model, with its tokenizer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.errors import UserError, first_sentence
from lit_plugins.models import compatibility, loading
from lit_plugins.models.capabilities import attempt, same
from lit_plugins.models.copies import Copies, private_copy
from lit_plugins.models.forward import Forward
from lit_plugins.models.steady_batches import run_steadily
from lit_plugins.runtime.memory import ran_out
from lit_plugins.text.encoded import Span
from lit_plugins.text.encoder import check_texts, copy_backend
from lit_plugins.text.masked_places import Masked, Masking, check_places
from lit_plugins.text.vocabulary_words import MARKS, WholeWords, Words

Filled = tuple[str, float]
"""A word and the natural logarithm of its probability."""

_LONGEST_WINDOW = 512
"""Most tokens that a model reads around a place; words further away hardly influence it."""

Result = TypeVar("Result")


class MaskedLanguageModel:
    """Any Hugging Face fill-mask model: it proposes words for a place in a text.

    Texts are given as written. Results come in the caller's order, and neither padding nor
    batching changes them. Any number of threads may call at once.

    Attributes:
        name: the model's name in messages.
        max_length: the most tokens of a text that the model reads around a place, special tokens
            included.
        note: one sentence that says why this model was chosen in place of a better one, or "".
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        name: str | None = None,
        max_length: int | None = None,
        batch_tokens: int | None = None,
        note: str = "",
    ):
        """Wraps a loaded model; `from_pretrained` is the usual way in.

        Args:
            model: any `AutoModelForMaskedLM`.
            tokenizer: its fast tokenizer.
            name: the name in messages; by default where the model came from.
            max_length: the most tokens to read; by default all that the model can read, at most
                512.
            batch_tokens: the most tokens in one batch, padding included; by default 1,536 on the
                CPU and 16,384 on a GPU.
            note: why this model was chosen in place of a better one, if it was.

        Raises:
            UserError: an option does not fit the model, the tokenizer has no mask token, or the
                model does not fill masks.
        """
        self.name = name or model.config.name_or_path or type(model).__name__
        self.note = note
        if tokenizer.mask_token_id is None:
            raise UserError(
                f"The tokenizer of {self.name!r} has no mask token; give a fill-mask model."
            )
        readable = compatibility.fit_max_length(model, tokenizer, max_length)
        self.max_length = min(readable, _LONGEST_WINDOW)
        self._batch_tokens = compatibility.fit_batch_tokens(model, batch_tokens)
        # The mask token is inserted into texts as written text.
        backend = copy_backend(tokenizer, split_special_tokens=False)
        self._masking = Masking(
            backend, int(tokenizer.mask_token_id), str(tokenizer.mask_token), self.max_length
        )
        whole = private_copy(model, use_cache=False)
        decoder = whole.get_output_embeddings()
        if decoder is not None:
            decoder.register_forward_pre_hook(_keep_only_wanted)
        self._forward = Forward(
            Copies(whole),
            tokenizer.pad_token_id,
            tokenizer.model_input_names,
            reads_first=False,
        )
        size, self._tolerates_padding = self._try()
        self._words = WholeWords(backend, size)
        self._marks = WholeWords(backend, size, MARKS)

    @classmethod
    def from_pretrained(
        cls,
        name_or_path: str | os.PathLike[str],
        device: str | torch.device = "auto",
        *,
        note: str = "",
    ) -> MaskedLanguageModel:
        """Loads a model from a folder, the hub, or the package itself.

        Only safetensors are read and no code that comes with a model is run.

        Args:
            name_or_path: a folder, a name on the hub, or `EMBEDDED_FILLER`.
            device: `"auto"` (a GPU where there is one) or a torch device.
            note: as in the constructor.

        Raises:
            UserError: one sentence that says what is wrong and what to do.
        """
        name = os.fspath(name_or_path)
        model, tokenizer = loading.load(
            name, None, loading.choose_device(device), "float32", loading.FILLING
        )
        with loading.readable_failures(name, loading.FILLING):
            return cls(model, tokenizer, name=name, note=note)

    def propose(
        self, texts: Sequence[str], spans: Sequence[Span], count: int
    ) -> list[list[Filled]]:
        """The likeliest words in place of a part of each text.

        Words consist of letters only and are one token each, in the tokenizer's own casing. The
        word that the text has now is left out, regardless of case. In a long text, the model
        reads only the part around the span.

        Args:
            texts: texts as written.
            spans: the characters (start, end) of each text to replace. White space at both ends of
                a span is ignored. An empty span inserts a word, with spaces around it.
            count: the most words to propose.

        Returns:
            For each text at most `count` words with their log-probabilities over the whole
            vocabulary, best first.

        Raises:
            UserError: texts, spans or count are not as described.
        """
        if not isinstance(count, (int, np.integer)) or count < 1:
            raise UserError(f"count is {count!r:.40}; give a number of words above 0.")
        places = list(zip(*check_places(texts, spans), strict=True))
        words = [self._words.at(text, span) for text, span in places]

        def read(index: int, log_probabilities: Tensor) -> list[Filled]:
            allowed = words[index]
            scores = log_probabilities[
                0, torch.from_numpy(allowed.ids).to(log_probabilities.device)
            ]
            text, (start, end) = places[index]
            scores[allowed.by_folded.get(text[start:end].casefold(), [])] = -torch.inf
            best, indices = scores.topk(min(int(count), len(scores)))
            return [
                (allowed.texts[word], score)
                for word, score in zip(indices.tolist(), best.tolist(), strict=True)
                if score > -np.inf
            ]

        return self._run([self._masking.with_mask(text, span) for text, span in places], read)

    def fill(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[str]:
        """Each text with the likeliest words in place of some parts of it.

        All parts of a text are masked together, by one mask token each, so that no part knows what
        was written in another. A part with a letter or digit becomes a word of letters, any other
        part a punctuation mark; a word may be the one that stood there. Words are as in `propose`.
        A text that is longer than the model reads is filled piece by piece.

        Args:
            texts: texts as written.
            spans: for each text the characters (start, end) of its parts, none of them empty, in
                the order of the text.

        Returns:
            The new texts.

        Raises:
            UserError: an element of `texts` is no text.
        """
        texts = check_texts(texts)
        places = [(text, span) for text, parts in zip(texts, spans, strict=True) for span in parts]
        rows = [
            row
            for text, parts in zip(texts, spans, strict=True)
            if parts
            for row in self._masking.with_masks(text, parts)
        ]
        waiting = iter(places)
        allowed = [[self._allowed(*next(waiting)) for _ in row.positions] for row in rows]

        def read(index: int, log_probabilities: Tensor) -> list[str]:
            return [
                words.texts[int(scores[torch.from_numpy(words.ids).to(scores.device)].argmax())]
                if words.texts
                else ""
                for words, scores in zip(allowed[index], log_probabilities, strict=True)
            ]

        written = iter([word for words in self._run(rows, read) for word in words])
        return [
            _written(text, [(span, next(written)) for span in parts])
            for text, parts in zip(texts, spans, strict=True)
        ]

    def _allowed(self, text: str, span: Span) -> Words:
        spells = any(map(str.isalnum, text[slice(*span)]))
        return (self._words if spells else self._marks).at(text, span)

    def log_probabilities(self, texts: Sequence[str], spans: Sequence[Span]) -> np.ndarray:
        """The mean log-probability of the tokens in a part of each text.

        All tokens of the span are masked together, so that one piece of a rare word does not
        reveal the others. For a word of one token, the result equals the value in `propose`.

        Args:
            texts: texts as written.
            spans: as in `propose`.

        Returns:
            float64 [texts], the mean log-probability of the span's tokens over the whole
            vocabulary; nan where a span has no token. If a span is longer than the model reads,
            only the tokens in its middle count.

        Raises:
            UserError: texts or spans are not as described.
        """
        texts, spans = check_places(texts, spans)
        masked = [
            self._masking.with_masked_tokens(text, span)
            for text, span in zip(texts, spans, strict=True)
        ]
        filled = [index for index, one in enumerate(masked) if one.positions]

        def read(index: int, log_probabilities: Tensor) -> float:
            token_ids = masked[filled[index]].token_ids
            chosen = log_probabilities[list(range(len(token_ids))), list(token_ids)]
            return float(chosen.double().mean())

        means = np.full(len(texts), np.nan)
        means[filled] = self._run([masked[index] for index in filled], read)
        return means

    def _try(self) -> tuple[int, bool]:
        """Runs the model to find how many tokens have logits, and whether rows may be padded."""
        rows = [self._masking.with_mask(text, (0, 0)) for text in ("", "a a", "a a a a a a")]
        try:
            with torch.inference_mode():
                alone = torch.cat([self._logits([row]) for row in rows])
                tolerates_padding = attempt(lambda: same(self._logits(rows), alone), False)
        except UserError:
            raise
        except Exception as error:  # a model's own code may raise anything
            if ran_out(error):
                raise
            raise UserError(
                f"The model {self.name!r} cannot fill masks ({first_sentence(error)}); "
                "give a fill-mask model."
            ) from error
        return alone.shape[1], tolerates_padding and not self._forward.changes_itself

    def _run(self, masked: Sequence[Masked], read: Callable[[int, Tensor], Result]) -> list[Result]:
        """Calls `read` with each index and its log-probabilities, and returns the results.

        Args:
            masked: rows to run.
            read: takes an index of `masked` and its log-probabilities, float32 [positions, tokens].
        """

        def compute(picked: list[int]) -> list[Result]:
            rows = [masked[index] for index in picked]
            with torch.inference_mode():
                logits = self._logits(rows)
                if not torch.isfinite(logits).all():
                    raise UserError(
                        f"The model {self.name!r} gives a logit that is not a number; "
                        "check its weights."
                    )
                parts = logits.log_softmax(-1).split([len(row.positions) for row in rows])
                return [read(index, part) for index, part in zip(picked, parts, strict=True)]

        return run_steadily(
            self._forward,
            [len(one.row.input_ids) for one in masked],
            compute,
            self._batch_tokens,
            equal_lengths=not self._tolerates_padding,
        )

    def _logits(self, masked: Sequence[Masked]) -> Tensor:
        """Logits of all masked positions, row by row, float32 [positions, tokens]."""
        batch = self._forward.collate([one.row for one in masked], "right")
        rows = [row for row, one in enumerate(masked) for _ in one.positions]
        columns = [position for one in masked for position in one.positions]
        with _wanting(rows, columns):
            logits = self._forward(batch, "right").logits
        # In some architectures the output layer is not a module, so the hook cannot reduce it.
        return (logits if logits.ndim == 2 else logits[rows, columns]).float()


def _written(text: str, changes: Sequence[tuple[Span, str]]) -> str:
    """The text with new words in place of some parts, which are in the order of the text."""
    parts, end = [], 0
    for (start, stop), word in changes:
        parts += [text[end:start], word]
        end = stop
    return "".join([*parts, text[end:]])


_wanted: ContextVar[tuple[list[int], list[int]] | None] = ContextVar("wanted", default=None)


@contextmanager
def _wanting(rows: list[int], columns: list[int]) -> Iterator[None]:
    token = _wanted.set((rows, columns))
    try:
        yield
    finally:
        _wanted.reset(token)


def _keep_only_wanted(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Hook before the output layer that keeps only masked positions.

    With a large vocabulary, the output layer is half the work of a pass.
    """
    wanted = _wanted.get()
    if wanted is None or inputs[0].ndim != 3:
        return None
    rows, columns = wanted
    return (inputs[0][rows, columns], *inputs[1:])
