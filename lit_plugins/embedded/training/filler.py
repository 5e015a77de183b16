"""review-filler: two layers of a sentence encoder, trained to guess the words of reviews.

The training is masked language modelling (Devlin et al., 2019) with whole words masked. The encoder
and the embeddings, which also serve as the output layer, start from all-MiniLM-L6-v2.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor
from transformers import (
    AutoModelForMaskedLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
)

from lit_plugins.embedded.training.loop import MAX_TRAIN_TOKENS, batches_by_length, fit, pad
from lit_plugins.embedded.training.student import cut_out

_COMMON = 100
"""Number of most frequent tokens, such as "the" and ",", that are easy to learn."""

_COMMON_SHARE = 0.4
"""Weight of such a token in the choice of words to mask; other words have 1."""


@dataclass(frozen=True)
class Marked:
    """A text as token ids.

    Attributes:
        ids: the token ids.
        words: for each word, the positions of its tokens in `ids`.
    """

    ids: list[int]
    words: list[list[int]]


@dataclass(frozen=True)
class Guesses:
    """The quality of guesses for words of one token, each masked alone.

    Attributes:
        words: the number of masked words.
        first: the share (0 to 1) of words that are the likeliest token.
        in_ten: the share (0 to 1) of words among the ten likeliest tokens.
        perplexity: e to the power of the mean negative log-probability of the words.
    """

    words: int
    first: float
    in_ten: float
    perplexity: float


def longest_phrases(phrases: Iterable[str]) -> list[str]:
    """The phrases that no other phrase contains; for a treebank, roughly its sentences."""
    unlike = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    counts = Counter(word for phrase in unlike for word in set(phrase.split()))
    holders: dict[str, list[str]] = {}
    chosen = []
    for phrase in unlike:
        words = phrase.split()
        if not words:
            continue
        rarest = min(words, key=lambda word: (counts[word], word))
        if any(f" {phrase} " in f" {longer} " for longer in holders.get(rarest, ())):
            continue
        chosen.append(phrase)
        for word in set(words):
            holders.setdefault(word, []).append(phrase)
    return chosen


def make_filler(
    encoder: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    *,
    vocabulary: int = 5600,
    layers: int = 2,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Cuts a masked language model out of an encoder; its head starts with token frequencies.

    Args:
        encoder: the sentence encoder to start from.
        tokenizer: its tokenizer.
        texts: the texts whose tokens are kept first, and whose frequencies set the head's bias.
        vocabulary: the most tokens to keep.
        layers: the number of layers to keep.

    Returns:
        The model and its tokenizer.
    """
    filler, small = cut_out(
        AutoModelForMaskedLM, encoder, tokenizer, texts, vocabulary, layers, whole_words=True
    )
    plain = PretrainedConfig()
    filler.config.id2label, filler.config.label2id = plain.id2label, plain.label2id
    counts = torch.full((len(small),), 0.5)
    for encoding in small.backend_tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts += torch.bincount(torch.tensor(encoding.ids, dtype=torch.long), minlength=len(small))
    head = filler.cls.predictions
    with torch.no_grad():
        head.transform.dense.weight.copy_(torch.eye(len(head.transform.dense.weight)))
        head.transform.LayerNorm.weight.fill_(0.2)  # the bias dominates at first
        head.decoder.bias.copy_((counts / counts.sum()).log())
    return filler, small


def mark(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[Marked]:
    """Texts as token ids with [CLS] and [SEP], and the tokens of each word.

    Texts without known words are left out.
    """
    encoded = tokenizer(list(texts), truncation=True, max_length=MAX_TRAIN_TOKENS)
    marked = []
    for row, ids in enumerate(encoded["input_ids"]):
        words: dict[int, list[int]] = {}
        for position, word in enumerate(encoded.word_ids(row)):
            if word is not None and ids[position] != tokenizer.unk_token_id:
                words.setdefault(word, []).append(position)
        if words:
            marked.append(Marked(list(ids), list(words.values())))
    return marked


def choose_words(marked: Marked, share: float, common: set[int], rng: random.Random) -> list[int]:
    """Draws words to mask: about `share` of all words, and at least one.

    Words that begin with one of the `common` tokens are drawn less often than others.

    Returns:
        The positions of the words' tokens.
    """
    keys = []
    for word in marked.words:
        weight = _COMMON_SHARE if marked.ids[word[0]] in common else 1.0
        keys.append(rng.random() ** (1 / weight))  # Efraimidis and Spirakis (2006)
    count = max(1, round(share * len(keys)))
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)
    return [position for word in order[:count] for position in marked.words[word]]


def train_filler(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    generated: Sequence[str],
    *,
    seed: int,
    epochs: int = 5,
    learning_rate: float = 5e-4,
    batch_size: int = 32,
    share: float = 0.25,
) -> None:
    """Trains the model in place.

    Args:
        model, tokenizer: as returned by `make_filler`.
        texts: texts that every epoch sees.
        generated: texts that are divided among the epochs, so that each is seen once.
        seed: seed of the batches and of the masked words.
        epochs: the number of epochs.
        learning_rate: the highest learning rate.
        batch_size: the number of texts in a batch.
        share: the share (0 to 1) of a text's words that are masked.
    """
    rng = random.Random(seed)
    always = mark(tokenizer, texts)
    rows = always + mark(tokenizer, generated)
    counts = Counter(token for row in always for token in row.ids)
    common = {token for token, _ in counts.most_common(_COMMON)}

    def epoch_batches(epoch: int) -> list[list[int]]:
        chosen = [*range(len(always)), *range(len(always) + epoch, len(rows), epochs)]
        batches = batches_by_length([len(rows[i].ids) for i in chosen], batch_size, rng)
        return [[chosen[i] for i in batch] for batch in batches]

    def loss(batch: list[int]) -> Tensor:
        masked = [choose_words(rows[i], share, common, rng) for i in batch]
        logits, words = _guess(model, tokenizer, [rows[i].ids for i in batch], masked)
        return F.cross_entropy(logits, words)

    fit(
        model,
        epoch_batches,
        loss,
        learning_rate=learning_rate,
        epochs=epochs,
        name="review-filler",
    )


def _guess(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[list[int]],
    masked: Sequence[list[int]],
) -> tuple[Tensor, Tensor]:
    """Logits [masked tokens, vocabulary] and the original tokens [masked tokens], row by row."""
    inputs = pad(rows, tokenizer.pad_token_id, model.device)
    number = [row for row, positions in enumerate(masked) for _ in positions]
    position = [position for positions in masked for position in positions]
    words = inputs["input_ids"][number, position]
    inputs["input_ids"][number, position] = tokenizer.mask_token_id
    hidden = model.base_model(**inputs).last_hidden_state
    return model.cls(hidden[number, position]), words  # the head for these positions only


@torch.inference_mode()
def guess_words(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    batch_size: int = 64,
) -> Guesses:
    """Masks each word in turn and measures the guesses.

    Only words of one token that consists of ASCII letters are masked.
    """
    model.eval()
    alone = {
        number
        for token, number in tokenizer.get_vocab().items()
        if token.isalpha() and token.isascii()
    }
    tasks = [
        (marked.ids, word)
        for marked in mark(tokenizer, texts)
        for word in marked.words
        if len(word) == 1 and marked.ids[word[0]] in alone
    ]
    tasks.sort(key=lambda task: len(task[0]))
    first = in_ten = 0
    loss = 0.0
    for start in range(0, len(tasks), batch_size):
        chosen = tasks[start : start + batch_size]
        logits, words = _guess(
            model, tokenizer, [ids for ids, _ in chosen], [word for _, word in chosen]
        )
        best = logits.topk(10).indices == words[:, None]
        first += int(best[:, 0].sum())
        in_ten += int(best.any(1).sum())
        loss += float(F.cross_entropy(logits, words, reduction="sum"))
    count = max(1, len(tasks))
    return Guesses(len(tasks), first / count, in_ten / count, math.exp(loss / count))
