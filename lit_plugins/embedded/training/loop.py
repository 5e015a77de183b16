"""The training loop of all models, and the accuracy of classifiers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from tqdm import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.embedded.training.data import Example

MAX_TRAIN_TOKENS = 64
"""Most tokens of a training text, special tokens included."""


def encode(
    tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], max_length: int = MAX_TRAIN_TOKENS
) -> list[list[int]]:
    """Token ids of each text with [CLS] and [SEP], cut to `max_length`."""
    if not texts:
        return []
    return tokenizer(list(texts), truncation=True, max_length=max_length)["input_ids"]


def batches_by_length(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Random batches of row indices; rows of a batch have similar lengths, which saves padding."""
    order = list(range(len(lengths)))
    rng.shuffle(order)
    pool = size * 50
    batches = []
    for start in range(0, len(order), pool):
        rows = sorted(order[start : start + pool], key=lambda row: lengths[row])
        batches += [rows[i : i + size] for i in range(0, len(rows), size)]
    rng.shuffle(batches)
    return batches


def pad(rows: Sequence[Sequence[int]], pad_id: int, device: torch.device) -> dict[str, Tensor]:
    """Pads rows of ids on the right.

    Returns:
        `input_ids` and `attention_mask`, both int64 [batch, longest].
    """
    longest = max(len(row) for row in rows)
    ids = torch.full((len(rows), longest), pad_id, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row, dtype=torch.long)
        mask[i, : len(row)] = 1
    return {"input_ids": ids.to(device), "attention_mask": mask.to(device)}


def soft_labels(examples: Sequence[Example], device: torch.device) -> Tensor:
    """Target probabilities [batch, 2] in the order negative, positive."""
    positive = torch.tensor([example.positive for example in examples], device=device)
    return torch.stack([1 - positive, positive], dim=1)


def label_loss(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    rows: Sequence[Sequence[int]],
    examples: Sequence[Example],
) -> Callable[[list[int]], Tensor]:
    """The loss function of a batch of row indices: cross-entropy with the examples' soft labels."""

    def loss(batch: list[int]) -> Tensor:
        inputs = pad([rows[i] for i in batch], tokenizer.pad_token_id, model.device)
        target = soft_labels([examples[i] for i in batch], model.device)
        return F.cross_entropy(model(**inputs).logits, target)

    return loss


def fit(
    model: PreTrainedModel,
    epoch_batches: Callable[[int], list[Any]],
    loss: Callable[[Any], Tensor],
    *,
    learning_rate: float,
    epochs: int,
    name: str,
    weight_decay: float = 0.01,
    warmup: float = 0.06,
    after_epoch: Callable[[], None] | None = None,
) -> None:
    """Trains in place with AdamW, a linear warm-up and a linear decay to zero.

    Args:
        model: the model to train.
        epoch_batches: returns the batches of an epoch, given its index, in any form that `loss`
            accepts.
        loss: returns the loss of a batch.
        learning_rate: the highest learning rate.
        epochs: the number of epochs.
        name: the model's name in the progress bar.
        weight_decay: the weight decay of AdamW.
        warmup: the share (0 to 1) of all steps during which the learning rate rises.
        after_epoch: called at the end of each epoch.
    """
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=learning_rate, weight_decay=weight_decay, fused=True)
    for epoch in range(epochs):
        model.train()
        batches = epoch_batches(epoch)
        progress = tqdm(batches, desc=f"{name} {epoch + 1}/{epochs}", mininterval=2.0)
        average = None
        for step, batch in enumerate(progress):
            done = (epoch + (step + 1) / len(batches)) / epochs
            optimizer.param_groups[0]["lr"] = learning_rate * min(
                done / warmup, (1 - done) / (1 - warmup)
            )
            value = loss(batch)
            value.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            average = value.item() if average is None else 0.98 * average + 0.02 * value.item()
            progress.set_postfix(loss=f"{average:.3f}", refresh=False)
        model.eval()
        if after_epoch is not None:
            after_epoch()


@torch.inference_mode()
def probabilities(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    texts: Sequence[str],
    batch_size: int = 64,
) -> Tensor:
    """Probability of the positive class for each text, [texts], on the CPU."""
    model.eval()
    rows = encode(tokenizer, texts, max_length=128)
    order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
    result = torch.empty(len(rows))
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        inputs = pad([rows[i] for i in chosen], tokenizer.pad_token_id, model.device)
        result[chosen] = model(**inputs).logits.softmax(-1)[:, 1].float().cpu()
    return result


def accuracy(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, examples: Sequence[Example]
) -> float:
    """The share (0 to 1) of examples whose more probable class is their label."""
    predicted = probabilities(model, tokenizer, [example.text for example in examples]) > 0.5
    gold = torch.tensor([example.positive > 0.5 for example in examples])
    return (predicted == gold).float().mean().item()
