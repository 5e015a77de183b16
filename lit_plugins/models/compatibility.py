"""Checks that a model, its tokenizer and its options fit together."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.errors import UserError
from lit_plugins.models.capabilities import PROBE_LENGTHS
from lit_plugins.models.quantised import number_of_embeddings
from lit_plugins.models.task import ExclusiveClasses, Task
from lit_plugins.text.encoded import EncodedText, Row

_UNLIMITED = 1_000_000
_CPU_BATCH_TOKENS = 1536
_GPU_BATCH_TOKENS = 16384


def task_of(model: PreTrainedModel, labels: Sequence[str] | None, name: str) -> Task:
    """The task of a model, which defines what its logits mean.

    Args:
        model: the model.
        labels: the classes' names by index; None for those in the model's configuration.
        name: the model's name in messages.

    Raises:
        UserError: the model is a regression, has one output only, or is a multi-label model; or
            the labels do not fit its classes.
    """
    task = model.config.problem_type
    if task == "regression" or model.config.num_labels < 2:
        raise UserError(
            f"The model {name!r} is a regression or has one output only; "
            "give a classifier with two or more classes."
        )
    if task == "multi_label_classification":
        raise UserError(
            f"The model {name!r} gives several labels at once (multi-label); "
            "give a classifier whose classes exclude each other."
        )
    if labels is None:
        return ExclusiveClasses(_labels_of(model, name))
    return ExclusiveClasses(check_labels(labels, model.config.num_labels, name))


def _labels_of(model: PreTrainedModel, name: str) -> tuple[str, ...]:
    """The labels in a model's configuration, in the order of the classes."""
    id2label = {int(index): str(label) for index, label in model.config.id2label.items()}
    classes = range(len(id2label))
    if set(id2label) != set(classes):
        raise UserError(
            f"The id2label of {name!r} names the classes {', '.join(map(str, sorted(id2label)))} "
            f"in place of 0 to {len(id2label) - 1}; give the names with labels=."
        )
    return check_labels([id2label[index] for index in classes], len(classes), name)


def check_labels(labels: Sequence[str], classes: int, name: str) -> tuple[str, ...]:
    """The labels as strings.

    Raises:
        UserError: `labels` is one string, does not have one label for each class, or has two equal
            labels.
    """
    if isinstance(labels, str):
        raise UserError(
            f"labels is one string, {labels!r:.60}; give a list with one label for each class."
        )
    labels = tuple(str(label) for label in labels)
    if len(labels) != classes:
        raise UserError(
            f"The model {name!r} has {classes} classes and {len(labels)} labels were given "
            f"({_shown(labels)}); give one label for each class, in the order of the classes."
        )
    if len(set(labels)) != classes:
        raise UserError(
            f"The labels {_shown(labels)} of {name!r} are not all different; "
            "give each class its own with labels=."
        )
    return labels


def position_limit(model: PreTrainedModel) -> int:
    """The most tokens for which a model has positions; a large number if it has no such limit."""
    config = model.config.get_text_config()
    # Models with relative positions only have None or -1 here.
    positions = max(getattr(config, "max_position_embeddings", None) or 0, 0) or _UNLIMITED
    for name, module in model.named_modules():
        table = getattr(module, "weight", None)  # I-BERT's module is no nn.Embedding
        if name.endswith(".position_embeddings") and isinstance(table, Tensor):
            # In the RoBERTa family, positions start after the position of padding.
            padding = getattr(module, "padding_idx", None)
            positions = min(positions, len(table) - (0 if padding is None else padding + 1))
    return int(positions)


def fit_max_length(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, wanted: int | None
) -> int:
    """The most tokens of a text, special tokens included.

    Args:
        model: the model.
        tokenizer: its tokenizer.
        wanted: the number to use; None for all that model and tokenizer are made for.

    Raises:
        UserError: `wanted` is more than the model has positions for, or leaves no room for a word;
            or the tokenizer's own number is none.
    """
    limit = position_limit(model)
    least = tokenizer.num_special_tokens_to_add() + 1
    if wanted is None:
        own = tokenizer.model_max_length or _UNLIMITED  # large floats stand for no limit
        if not isinstance(own, (int, float)) or not own >= least:
            raise UserError(
                f"The tokenizer's model_max_length is {own!r:.40}; write a number of at least "
                f"{least} into tokenizer_config.json, or give max_length."
            )
        return int(min(limit, own))
    if not isinstance(wanted, int) or not least <= wanted <= limit:
        raise UserError(
            f"max_length is {wanted!r:.40}; this model reads at least {least} and at most {limit} "
            "tokens."
        )
    return wanted


def fit_batch_tokens(model: PreTrainedModel, wanted: int | None) -> int:
    """The most tokens in one batch, padding included.

    Args:
        model: the model, whose device sets the default: 1,536 on the CPU, 16,384 on a GPU.
        wanted: any number above 0; None for the default.

    Raises:
        UserError: `wanted` is below 1.
    """
    if wanted is None:
        return _CPU_BATCH_TOKENS if model.device.type == "cpu" else _GPU_BATCH_TOKENS
    if wanted < 1:
        raise UserError(f"batch_tokens is {wanted}; give a number of tokens above 0.")
    return wanted


def mask_token(tokenizer: PreTrainedTokenizerBase) -> tuple[int, str]:
    """The id and text of the token that replaces each token of a masked word.

    This is the tokenizer's mask token, else its unknown, padding or end token.
    """
    candidates = (
        tokenizer.mask_token_id,
        tokenizer.unk_token_id,
        tokenizer.pad_token_id,
        tokenizer.eos_token_id,
        0,
    )
    token_id = next(candidate for candidate in candidates if candidate is not None)
    return token_id, str(tokenizer.convert_ids_to_tokens(token_id))


def probe_rows(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, sample: EncodedText
) -> list[Row]:
    """Rows to try a model on, of the lengths `PROBE_LENGTHS`, special tokens not counted.

    Args:
        model: the model to try.
        tokenizer: its tokenizer, the source of the rows' ordinary tokens.
        sample: any short encoded text, the source of the rows' special tokens.
    """
    size = min(number_of_embeddings(model.get_input_embeddings()), len(tokenizer))
    ordinary = sorted(set(range(size)) - set(tokenizer.all_special_ids)) or [0]
    fillers = ordinary[:: max(1, len(ordinary) // 7)][:7]
    content = [token for token, span in enumerate(sample.token_spans) if span is not None]
    start, end = (content[0], content[-1] + 1) if content else (0, 0)
    ids, types = sample.row
    return [
        Row(
            (*ids[:start], *(fillers[place % len(fillers)] for place in range(length)), *ids[end:]),
            (*types[:start], *(types[start] for _ in range(length)), *types[end:]),
        )
        for length in PROBE_LENGTHS
    ]


def _shown(labels: Sequence[str]) -> str:
    shown = ", ".join(labels)
    return shown if len(shown) <= 80 else shown[:79] + "…"
