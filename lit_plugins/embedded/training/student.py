"""sentiment-small: a teacher's lower layers with a smaller vocabulary, distilled from the teacher.

The loss is that of Hinton et al. (2015) plus a regression to the teacher's mean-pooled hidden
state.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm
from transformers import (
    AutoModelForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    PreTrainedTokenizerFast,
)

from lit_plugins.embedded.training.data import Example
from lit_plugins.embedded.training.loop import (
    accuracy,
    batches_by_length,
    encode,
    fit,
    label_loss,
    pad,
    soft_labels,
)
from lit_plugins.embedded.training.vocabulary import MODEL_MAX_LENGTH, choose, cut

TEMPERATURE = 2.0


def make_student(
    teacher: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: list[str],
    *,
    vocabulary: int = 7000,
    layers: int = 2,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Cuts a student out of the teacher: its first layers, pooler and head, and some of its tokens.

    Args:
        teacher, tokenizer: the teacher and its tokenizer.
        texts: the texts whose tokens are kept first.
        vocabulary: the most tokens to keep.
        layers: the number of layers to keep.

    Returns:
        The student and its tokenizer.
    """
    return cut_out(
        AutoModelForSequenceClassification, teacher, tokenizer, texts, vocabulary, layers
    )


def cut_out(
    auto: Any,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    vocabulary: int,
    layers: int,
    *,
    whole_words: bool = False,
) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Makes a model of the class `auto` from the first layers and some tokens of another model.

    Weights that the other model lacks are initialised anew. `vocabulary.choose` selects the tokens.

    Args:
        auto: the `transformers` class of the new model.
        model, tokenizer: the other model and its tokenizer.
        texts: the texts whose tokens are kept first.
        vocabulary: the most tokens to keep.
        layers: the number of layers to keep.
        whole_words: as in `vocabulary.choose`.

    Returns:
        The new model and its tokenizer.
    """
    kept = choose(tokenizer, texts, vocabulary, whole_words=whole_words)
    ids = tokenizer.get_vocab()
    rows = torch.tensor([ids[token] for token in kept])
    config = copy.deepcopy(model.config)
    config.num_hidden_layers = layers
    config.vocab_size = len(kept)
    config.max_position_embeddings = min(MODEL_MAX_LENGTH, config.max_position_embeddings)
    config.pad_token_id = kept.index("[PAD]")
    smaller = auto.from_config(config, dtype=torch.float32)
    weights = model.state_dict()
    for name, weight in smaller.state_dict().items():
        if name not in weights:
            continue
        taken = weights[name].detach().cpu()
        if name.endswith("word_embeddings.weight"):
            taken = taken[rows]
        elif name.endswith("position_embeddings.weight"):
            taken = taken[: weight.shape[0]]
        weight.copy_(taken)
    return smaller.to(model.device), cut(tokenizer, kept)


@dataclass(frozen=True)
class Lessons:
    """The teacher's outputs for examples.

    Attributes:
        examples: the examples.
        logits: float32 [examples, 2].
        pooled: float16 [examples, hidden], the mean-pooled last hidden state.
    """

    examples: list[Example]
    logits: Tensor
    pooled: Tensor


def mean_pooled(hidden: Tensor, mask: Tensor) -> Tensor:
    """The mean over real tokens: from [batch, length, hidden] to [batch, hidden]."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1)


@torch.no_grad()
def ask_teacher(
    teacher: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    batch_size: int = 128,
) -> Lessons:
    """Runs the teacher once on all examples, so that no epoch needs to run it again."""
    teacher.eval()
    rows = encode(tokenizer, [example.text for example in examples])
    logits = torch.empty(len(rows), teacher.config.num_labels)
    pooled = torch.empty(len(rows), teacher.config.hidden_size, dtype=torch.float16)
    batches = batches_by_length([len(row) for row in rows], batch_size, random.Random(0))
    for batch in tqdm(batches, desc="teacher's answers", mininterval=2.0):
        inputs = pad([rows[i] for i in batch], tokenizer.pad_token_id, teacher.device)
        output = teacher(**inputs, output_hidden_states=True)
        logits[batch] = output.logits.cpu()
        pooled[batch] = mean_pooled(output.hidden_states[-1], inputs["attention_mask"]).half().cpu()
    return Lessons(examples, logits, pooled)


def with_unknowns(
    row: list[int], share: float, unknown: int, special: set[int], rng: random.Random
) -> list[int]:
    """Replaces a share of the tokens with [UNK], which teaches a student to ignore rare words."""
    return [unknown if i not in special and rng.random() < share else i for i in row]


def train_student(
    student: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    lessons: Lessons,
    *,
    seed: int,
    always: int,
    epochs: int = 3,
    learning_rate: float = 2e-4,
    batch_size: int = 64,
    unknown_share: float = 0.08,
) -> None:
    """Distils the teacher into the student, in place.

    Args:
        student, tokenizer: as returned by `make_student`.
        lessons: the teacher's outputs.
        seed: seed of the batches and the noise.
        always: the number of first examples that every epoch sees. The remaining examples are
            divided among the epochs, so that each is seen once.
        epochs: the number of epochs.
        learning_rate: the highest learning rate.
        batch_size: the number of examples in a batch.
        unknown_share: the share (0 to 1) of tokens to replace with [UNK].
    """
    rng = random.Random(seed)
    rows = encode(tokenizer, [example.text for example in lessons.examples])
    special = {tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.pad_token_id}

    def epoch_batches(epoch: int) -> list[list[int]]:
        chosen = [*range(always), *range(always + epoch, len(rows), epochs)]
        batches = batches_by_length([len(rows[i]) for i in chosen], batch_size, rng)
        return [[chosen[i] for i in batch] for batch in batches]

    def loss(batch: list[int]) -> Tensor:
        noisy = [
            with_unknowns(rows[i], unknown_share, tokenizer.unk_token_id, special, rng)
            for i in batch
        ]
        inputs = pad(noisy, tokenizer.pad_token_id, student.device)
        output = student(**inputs, output_hidden_states=True)
        pooled = mean_pooled(output.hidden_states[-1], inputs["attention_mask"])
        target = soft_labels([lessons.examples[i] for i in batch], student.device)
        labels = F.cross_entropy(output.logits, target)
        answers = F.kl_div(
            F.log_softmax(output.logits / TEMPERATURE, dim=-1),
            F.softmax(lessons.logits[batch].to(student.device) / TEMPERATURE, dim=-1),
            reduction="batchmean",
        )
        hidden = F.mse_loss(pooled, lessons.pooled[batch].to(student.device).float())
        return 0.5 * labels + TEMPERATURE**2 * answers + 0.5 * hidden

    fit(
        student,
        epoch_batches,
        loss,
        learning_rate=learning_rate,
        epochs=epochs,
        name="sentiment-small",
    )


def polish_student(
    student: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    examples: list[Example],
    dev: list[Example],
    *,
    seed: int,
    parts: int = 8,
    learning_rate: float = 5e-5,
    batch_size: int = 64,
) -> None:
    """Trains once more on the labels only, in place, with a small learning rate.

    The examples are divided into parts. After each part, the accuracy on `dev` is measured. The
    best weights are kept, which may be the initial ones.

    Args:
        student, tokenizer: the distilled student.
        examples: the examples to train on.
        dev: the examples to measure the accuracy on.
        seed: seed of the parts and batches.
        parts: the number of parts.
        learning_rate: the highest learning rate.
        batch_size: the number of examples in a batch.
    """
    rng = random.Random(seed)
    rows = encode(tokenizer, [example.text for example in examples])
    order = rng.sample(range(len(rows)), len(rows))
    best = (accuracy(student, tokenizer, dev), copy.deepcopy(student.state_dict()))

    def part_batches(part: int) -> list[list[int]]:
        chosen = order[part::parts]
        batches = batches_by_length([len(rows[i]) for i in chosen], batch_size, rng)
        return [[chosen[i] for i in batch] for batch in batches]

    def keep_if_better() -> None:
        nonlocal best
        reached = accuracy(student, tokenizer, dev)
        tqdm.write(f"polish: dev accuracy {reached:.4f}")
        if reached > best[0]:
            best = (reached, copy.deepcopy(student.state_dict()))

    fit(
        student,
        part_batches,
        label_loss(student, tokenizer, rows, examples),
        learning_rate=learning_rate,
        epochs=parts,
        name="polish",
        after_epoch=keep_if_better,
    )
    student.load_state_dict(best[1])
