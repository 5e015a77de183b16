"""`MaskedLanguageModel`: which words could stand at a place of a text, and how likely one is."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any, NamedTuple, TypeVar

import numpy as np
import regex
import torch
from tokenizers import Encoding
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins import fitting, loading
from lit_plugins.batching import run_batches
from lit_plugins.embedded import EMBEDDED_FILLER
from lit_plugins.errors import UserError, first_sentence
from lit_plugins.forward import Batch, Forward
from lit_plugins.probing import same
from lit_plugins.text import Row, Span, trim
from lit_plugins.tokenization import check_texts, copy_backend

DEFAULT_FILLER = "distilroberta-base"
"""The model on the hub that `masked_language_model("auto")` asks for."""

Filled = tuple[str, float]
"""A word and the natural logarithm of its probability."""

_CPU_BATCH_TOKENS = 1536
_GPU_BATCH_TOKENS = 16384
_LONGEST_WINDOW = 512  # what stands further away says next to nothing of a word
_OPENING = ("Ps", "Pi")  # the Unicode categories of marks that a word follows without a space
# Letters with inner apostrophes; a consonant of Latin script alone is a piece, not a word.
_WORD = regex.compile(r"(?![b-df-hj-np-tv-xz]\Z)\p{L}\p{M}*(?:['’]?\p{L}\p{M}*)*", regex.IGNORECASE)
# What stands on either side of a word while the tokenizer is asked whether it is one token: the
# byte-level kinds write a word with a token of its own after a space and another without one.
_SURROUNDINGS = {"spaced": ("a ", " a"), "first": ("", " a"), "glued": ("(", " a")}

Result = TypeVar("Result")


class _Masked(NamedTuple):
    """A row of which the tokens at `positions` are masked, and what stood there."""

    row: Row
    positions: tuple[int, ...]
    token_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Words:
    """The whole words of a vocabulary: `texts[i]` is the token `ids[i]`, int64 [words]."""

    texts: list[str]
    ids: Tensor
    by_folded: dict[str, list[int]]


class MaskedLanguageModel:
    """Any Hugging Face fill-mask model, from a place in a text to the words that could stand there.

    Texts go in as they were written. Results come in the caller's order, and neither padding nor
    batching changes them. Any number of threads may call at once.

    Attributes:
        name: how the model was asked for.
        max_length: the most tokens around a place that the model is shown, special tokens
            included.
        note: one sentence on why this model was taken in place of a better one, or "".
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        name: str | None = None,
        note: str = "",
        max_length: int | None = None,
        batch_tokens: int | None = None,
    ):
        """Wraps a loaded model; `from_pretrained` is the usual way in.

        Args:
            model: any `AutoModelForMaskedLM`.
            tokenizer: its fast tokenizer.
            name: shown to people; by default where the model came from.
            note: as in the attributes.
            max_length: by default what the model can read, at most 512.
            batch_tokens: the most tokens in one batch, padding included; by default 1,536 on the
                CPU and 16,384 on a GPU.

        Raises:
            UserError: the tokenizer has no mask token, or the model fills none.
        """
        self.name = name or model.config.name_or_path or type(model).__name__
        self.note = note
        if tokenizer.mask_token_id is None:
            raise UserError(
                f"The tokenizer of {self.name!r} has no mask token; give a fill-mask model."
            )
        self._mask_id = int(tokenizer.mask_token_id)
        self._mask_token = str(tokenizer.mask_token)
        self._backend = copy_backend(tokenizer)
        self._backend.encode_special_tokens = False  # the mask is put into the text
        readable = fitting.fit_max_length(model, tokenizer, max_length)
        self.max_length = min(readable, _LONGEST_WINDOW)
        on_cpu = model.device.type == "cpu"
        default = _CPU_BATCH_TOKENS if on_cpu else _GPU_BATCH_TOKENS
        self._batch_tokens = default if batch_tokens is None else batch_tokens
        self._forward = Forward(
            model, tokenizer.pad_token_id, tokenizer.model_input_names, reads_first=False
        )
        # Some architectures keep the shapes of a batch on their modules.
        self._forward.turn = Lock()
        decoder = self._forward.model.get_output_embeddings()
        if decoder is not None:
            decoder.register_forward_pre_hook(_keep_only_wanted)
        self._words_lock = Lock()
        self._words: dict[str, _Words] = {}
        self._bears_padding = self._try_padding()

    @classmethod
    def from_pretrained(
        cls, name_or_path: str | os.PathLike[str], device: str | torch.device = "auto"
    ) -> MaskedLanguageModel:
        """Loads a model from a folder, the hub, or the package itself.

        Only safetensors are read and no code that comes with a model is run.

        Args:
            name_or_path: a folder, a name on the hub, or `EMBEDDED_FILLER`.
            device: `"auto"` (a GPU where there is one) or a torch device.

        Raises:
            UserError: one sentence that says what is wrong and what to do.
        """
        name = os.fspath(name_or_path)
        model, tokenizer = loading.load(
            name, None, loading.choose_device(device), "float32", loading.FILLING
        )
        return cls(model, tokenizer, name=name)

    def propose(
        self, texts: Sequence[str], spans: Sequence[Span], count: int
    ) -> list[list[Filled]]:
        """The likeliest words in place of a part of each text.

        Words are whole: of letters only, and one token where they stand, in the tokenizer's own
        casing. The word that stands there now is left out, in whatever case. Of a long text the
        model is shown the part around the place.

        Args:
            texts: texts as written.
            spans: the characters (start, end) of each text to be replaced, white space at their
                ends left out; an empty span is a place where a word could be put in, with spaces
                around it.
            count: how many words to give.

        Returns:
            For each text at most `count` words with their log-probabilities over the whole
            vocabulary, best first.

        Raises:
            UserError: texts, spans or count are not as said above.
        """
        if not isinstance(count, (int, np.integer)) or count < 1:
            raise UserError(f"count is {count!r:.40}; give a number of words above 0.")
        texts, spans = _check(texts, spans)
        masked = [self._with_mask(text, span) for text, span in zip(texts, spans, strict=True)]
        words = [self._words_at(text, span) for text, span in zip(texts, spans, strict=True)]

        def read(index: int, log_probabilities: Tensor) -> list[Filled]:
            allowed = words[index]
            scores = log_probabilities[0, allowed.ids]
            now = texts[index][slice(*spans[index])].casefold()
            scores[allowed.by_folded.get(now, [])] = -torch.inf
            best, at = scores.topk(min(int(count), len(scores)))
            return [
                (allowed.texts[word], score)
                for word, score in zip(at.tolist(), best.tolist(), strict=True)
                if score > -np.inf
            ]

        return self._run(masked, read)

    def log_probabilities(self, texts: Sequence[str], spans: Sequence[Span]) -> np.ndarray:
        """How likely the model finds what stands in a part of each text.

        All tokens of the span are masked at once, so that one piece of a rare word does not give
        the others away. For a word of one token the figure is the one that `propose` would give.

        Args:
            texts: texts as written.
            spans: as in `propose`.

        Returns:
            float64 [texts], the mean log-probability of the span's tokens over the whole
            vocabulary; nan where a span holds no token. Of a span that is longer than what the
            model reads, the tokens in its middle count.

        Raises:
            UserError: texts or spans are not as said above.
        """
        texts, spans = _check(texts, spans)
        masked = [
            self._with_masked_tokens(text, span) for text, span in zip(texts, spans, strict=True)
        ]
        filled = [index for index, one in enumerate(masked) if one.positions]

        def read(index: int, log_probabilities: Tensor) -> float:
            token_ids = torch.tensor(
                masked[filled[index]].token_ids, device=log_probabilities.device
            )
            return float(log_probabilities.gather(1, token_ids[:, None]).double().mean())

        means = np.full(len(texts), np.nan)
        means[filled] = self._run([masked[index] for index in filled], read)
        return means

    def _with_mask(self, text: str, span: Span) -> _Masked:
        start, end = span
        left = right = ""
        if start == end:
            left = " " if start and _needs_space_after(text[start - 1]) else ""
            right = " " if end < len(text) and _needs_space_before(text[end]) else ""
        at = start + len(left)
        written = f"{text[:start]}{left}{self._mask_token}{right}{text[end:]}"
        encoding = self._backend.encode(written)
        # The text may have the mask token written in it, too.
        position = next(
            (
                position
                for position, (token_id, (first, last)) in enumerate(
                    zip(encoding.ids, encoding.offsets, strict=True)
                )
                if token_id == self._mask_id and first <= at < last
            ),
            None,
        )
        if position is None:
            raise UserError(
                f"The tokenizer of {self.name!r} does not know its own mask token "
                f"{self._mask_token!r} in a text; save the tokenizer again with save_pretrained."
            )
        shown = self._window(encoding, position, position + 1)
        return _Masked(
            Row(
                tuple(encoding.ids[at] for at in shown),
                tuple(encoding.type_ids[at] for at in shown),
            ),
            (shown.index(position),),
        )

    def _with_masked_tokens(self, text: str, span: Span) -> _Masked:
        encoding = self._backend.encode(text)
        inside = [
            position
            for position, (token, special) in enumerate(
                zip(encoding.offsets, encoding.special_tokens_mask, strict=True)
            )
            if not special and _overlap(trim(text, token), span)
        ]
        if not inside:
            return _Masked(Row((), ()), ())
        shown = self._window(encoding, inside[0], inside[-1] + 1)
        positions = tuple(place for place, at in enumerate(shown) if inside[0] <= at <= inside[-1])
        token_ids = tuple(encoding.ids[shown[place]] for place in positions)
        ids = [self._mask_id if inside[0] <= at <= inside[-1] else encoding.ids[at] for at in shown]
        return _Masked(
            Row(tuple(ids), tuple(encoding.type_ids[at] for at in shown)), positions, token_ids
        )

    def _window(self, encoding: Encoding, first: int, end: int) -> list[int]:
        """Positions of the special tokens and of as many tokens around a place as fit."""
        length = len(encoding.ids)
        if length <= self.max_length:
            return list(range(length))
        own = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
        before, after = own[0], length - own[-1] - 1
        room = self.max_length - before - after
        start = (first + end - room) // 2
        start = min(max(start, own[0]), own[-1] + 1 - room)
        return [*range(before), *range(start, start + room), *range(length - after, length)]

    def _words_at(self, text: str, span: Span) -> _Words:
        start, end = span
        if not start:
            return self._whole_words("first")
        before = text[start - 1]
        spaced = before.isspace() or (start == end and _needs_space_after(before))
        return self._whole_words("spaced" if spaced else "glued")

    def _whole_words(self, surroundings: str) -> _Words:
        with self._words_lock:
            if surroundings not in self._words:
                self._words[surroundings] = self._find_words(*_SURROUNDINGS[surroundings])
            return self._words[surroundings]

    def _find_words(self, before: str, after: str) -> _Words:
        written = [
            (token_id, word) for token_id, word in self._spelled if token_id < self._vocabulary_size
        ]
        encodings = self._backend.encode_batch(
            [f"{before}{word}{after}" for _, word in written], add_special_tokens=False
        )
        # More than that, and a token of its own stands for the space before the word.
        shortest = min((len(encoding.ids) for encoding in encodings), default=0)
        texts, ids = [], []
        for (token_id, word), encoding in zip(written, encodings, strict=True):
            if len(encoding.ids) > shortest:
                continue
            first = encoding.char_to_token(len(before))
            last = encoding.char_to_token(len(before) + len(word) - 1)
            if first is not None and first == last and encoding.ids[first] == token_id:
                texts.append(word)
                ids.append(token_id)
        by_folded: dict[str, list[int]] = {}
        for index, word in enumerate(texts):
            by_folded.setdefault(word.casefold(), []).append(index)
        return _Words(texts, torch.tensor(ids, device=self._forward.device), by_folded)

    @cached_property
    def _spelled(self) -> list[tuple[int, str]]:
        """The tokens that are written with letters only, and how."""
        ids = sorted(self._backend.get_vocab(with_added_tokens=False).values())
        decoded = self._backend.decode_batch([[token_id] for token_id in ids])
        words = ((token_id, text.strip()) for token_id, text in zip(ids, decoded, strict=True))
        return [(token_id, word) for token_id, word in words if _WORD.fullmatch(word)]

    @cached_property
    def _vocabulary_size(self) -> int:
        """How many logits there are, which may be fewer than the tokenizer has tokens."""
        return self._logits([self._with_mask("", (0, 0))]).shape[1]

    def _try_padding(self) -> bool:
        """Whether rows of unlike length may share a batch."""
        rows = [self._with_mask(text, (0, 0)) for text in ("", "a a", "a a a a a a")]
        try:
            with torch.inference_mode():
                alone = torch.cat([self._logits([row]) for row in rows])
        except (UserError, MemoryError, torch.OutOfMemoryError):
            raise
        except Exception as error:  # a model's own code may raise anything
            raise UserError(
                f"The model {self.name!r} fills no masks ({first_sentence(error)}); "
                "give a fill-mask model."
            ) from error
        try:
            with torch.inference_mode():
                return same(self._logits(rows), alone)
        except (MemoryError, torch.OutOfMemoryError):
            raise
        except Exception:
            return False

    def _run(
        self, masked: Sequence[_Masked], read: Callable[[int, Tensor], Result]
    ) -> list[Result]:
        """What `read` makes of an index and its log-probabilities, float32 [positions, tokens]."""

        def compute(picked: list[int]) -> list[Result]:
            rows = [masked[index] for index in picked]
            with torch.inference_mode():
                logits = self._logits(rows)
                if not torch.isfinite(logits).all():
                    raise UserError(
                        f"The model {self.name!r} gives a logit that is no number; "
                        "check its weights."
                    )
                parts = logits.log_softmax(-1).split([len(row.positions) for row in rows])
                return [read(index, part) for index, part in zip(picked, parts, strict=True)]

        return run_batches(
            [len(one.row.input_ids) for one in masked],
            compute,
            self._batch_tokens,
            equal_lengths=not self._bears_padding,
        )

    def _logits(self, masked: Sequence[_Masked]) -> Tensor:
        """Logits of the masked positions only, row after row, float32 [positions, tokens]."""
        batch: Batch = self._forward.collate([one.row for one in masked], "right")
        rows = [at for at, one in enumerate(masked) for _ in one.positions]
        columns = [position for one in masked for position in one.positions]
        with _wanting(rows, columns):
            logits = self._forward(batch, "right").logits
        # The head of a few architectures does not end in a module of its own.
        return (logits if logits.ndim == 2 else logits[rows, columns]).float()


_wanted: ContextVar[tuple[list[int], list[int]] | None] = ContextVar("wanted", default=None)


@contextmanager
def _wanting(rows: list[int], columns: list[int]) -> Iterator[None]:
    token = _wanted.set((rows, columns))
    try:
        yield
    finally:
        _wanted.reset(token)


def _keep_only_wanted(module: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Keeps the output layer, half of the work for a large vocabulary, from all other positions."""
    wanted = _wanted.get()
    if wanted is None or inputs[0].ndim != 3:
        return None
    rows, columns = wanted
    return (inputs[0][rows, columns], *inputs[1:])


def masked_language_model(name_or_path: str | os.PathLike[str] = "auto") -> MaskedLanguageModel:
    """A masked language model, loaded once for all callers, from any thread.

    Args:
        name_or_path: as in `MaskedLanguageModel.from_pretrained`, or `"auto"`: the hub's
            `DEFAULT_FILLER` if it can be had, else the embedded model, which says so in its
            `note`.

    Raises:
        UserError: the model cannot be loaded.
    """
    with _loading:
        return _load(os.fspath(name_or_path))


_loading = Lock()


@lru_cache(maxsize=4)
def _load(name: str) -> MaskedLanguageModel:
    if name != "auto":
        return MaskedLanguageModel.from_pretrained(name)
    try:
        return _load(DEFAULT_FILLER)
    except UserError:
        embedded = MaskedLanguageModel.from_pretrained(EMBEDDED_FILLER)
        embedded.note = (
            f"The words come from the small embedded model {EMBEDDED_FILLER!r}, since "
            f"{DEFAULT_FILLER!r} is neither in the local cache nor to be had from the hub."
        )
        return embedded


def _check(texts: Sequence[str], spans: Sequence[Span]) -> tuple[list[str], list[Span]]:
    texts, spans = check_texts(texts), list(spans)
    if len(spans) != len(texts):
        raise UserError(
            f"There are {len(texts)} texts and {len(spans)} spans; give one span a text."
        )
    for position, (text, span) in enumerate(zip(texts, spans, strict=True)):
        if not (
            isinstance(span, Sequence)
            and len(span) == 2
            and all(isinstance(at, (int, np.integer)) for at in span)
            and 0 <= span[0] <= span[1] <= len(text)
        ):
            raise UserError(
                f"Span {position} is {span!r:.40}; give (start, end) within the "
                f"{len(text)} characters of its text."
            )
    return texts, [trim(text, span) for text, span in zip(texts, spans, strict=True)]


def _overlap(one: Span, other: Span) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def _needs_space_after(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in _OPENING


def _needs_space_before(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character) in _OPENING
