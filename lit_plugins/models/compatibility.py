"""Whether a model, its tokenizer and the options given for them fit together."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.errors import UserError
from lit_plugins.models.capabilities import PROBE_LENGTHS
from lit_plugins.text.encoded import EncodedText, Row

_UNLIMITED = 1_000_000


def check_task(model: PreTrainedModel, name: str) -> None:
    """Refuses models whose output is not one class out of several.

    Raises:
        UserError: a regression, one-class or multi-label model.
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


def labels_of(model: PreTrainedModel, name: str) -> tuple[str, ...]:
    """The labels in a model's configuration, by class.

    Raises:
        UserError: a class has none, or two have the same.
    """
    id2label = {int(index): str(label) for index, label in model.config.id2label.items()}
    classes = range(len(id2label))
    if set(id2label) != set(classes):
        raise UserError(
            f"The id2label of {name!r} names the classes {', '.join(map(str, sorted(id2label)))} "
            f"in place of 0 to {len(id2label) - 1}; give the names with labels=."
        )
    return check_labels([id2label[index] for index in classes], len(classes), name)


def check_labels(labels: Sequence[str], classes: int, name: str) -> tuple[str, ...]:
    """The labels as text.

    Raises:
        UserError: they are one string, not one a class, or two are the same.
    """
    if isinstance(labels, str):
        raise UserError(f"labels is one string, {labels!r:.60}; give a list with one a class.")
    labels = tuple(str(label) for label in labels)
    if len(labels) != classes:
        raise UserError(
            f"The model {name!r} has {classes} classes and {len(labels)} labels were given "
            f"({_shown(labels)}); give one label a class, in the order of the classes."
        )
    if len(set(labels)) != classes:
        raise UserError(
            f"The labels {_shown(labels)} of {name!r} are not all different; "
            "give each class its own with labels=."
        )
    return labels


def fit_max_length(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, given: int | None
) -> int:
    """The most tokens of a text, special tokens included: `given`, or all that the model reads.

    Raises:
        UserError: it is more than the model or the tokenizer allows, or leaves no room for a word.
    """
    config = model.config.get_text_config()
    # Both None and -1 stand for relative positions only.
    positions = max(getattr(config, "max_position_embeddings", None) or 0, 0) or _UNLIMITED
    for name, module in model.named_modules():
        if name.endswith(".position_embeddings") and isinstance(module, nn.Embedding):
            # The RoBERTa family's positions start after the padding's.
            first = 0 if module.padding_idx is None else module.padding_idx + 1
            positions = min(positions, module.num_embeddings - first)
    limit = int(min(positions, tokenizer.model_max_length or _UNLIMITED))
    least = tokenizer.num_special_tokens_to_add() + 1
    if given is None:
        return limit
    if not isinstance(given, int) or not least <= given <= limit:
        raise UserError(
            f"max_length is {given!r:.40}; this model reads at least {least} and at most {limit} "
            "tokens."
        )
    return given


def mask_token(tokenizer: PreTrainedTokenizerBase) -> tuple[int, str]:
    """The id and text of the token that stands for a missing word."""
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
    """Rows to try a model with, of the lengths `PROBE_LENGTHS`, special tokens besides.

    Args:
        model: what will be tried.
        tokenizer: its tokenizer, whose ordinary tokens they take.
        sample: any short text, whose special tokens they take.
    """
    size = min(len(model.get_input_embeddings().weight), len(tokenizer))
    ordinary = sorted(set(range(size)) - set(tokenizer.all_special_ids)) or [0]
    some = ordinary[:: max(1, len(ordinary) // 7)][:7]
    content = [at for at, span in enumerate(sample.token_spans) if span is not None]
    start, end = (content[0], content[-1] + 1) if content else (0, 0)
    ids, types = sample.row
    return [
        Row(
            (*ids[:start], *(some[at % len(some)] for at in range(length)), *ids[end:]),
            (*types[:start], *(types[start] for _ in range(length)), *types[end:]),
        )
        for length in PROBE_LENGTHS
    ]


def _shown(labels: Sequence[str]) -> str:
    shown = ", ".join(labels)
    return shown if len(shown) <= 80 else shown[:79] + "…"
