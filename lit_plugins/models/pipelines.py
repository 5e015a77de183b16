"""Reading of `transformers` pipelines, so that a classifier predicts what its pipeline predicts.

A pipeline may be set to cut texts, to encode them in its own way, or to turn logits into scores in
its own way. What a classifier can do, it takes over; other settings are refused by name. Then both
predict a few texts, which also shows what a pipeline's own class does.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from lit_plugins.errors import UserError
from lit_plugins.models.compatibility import position_limit
from lit_plugins.models.copies import private_copy
from lit_plugins.models.quiet import quiet_transformers

_USUAL: Mapping[str, Any] = {"add_special_tokens": True, "stride": 0}
"""Defaults of a tokenizer's arguments that are neither None nor False."""

_COMPARED = frozenset({"padding", "pad_to_multiple_of", "verbose"})
"""Arguments that seldom change a prediction; whether they do is found by comparing."""

_NO_TRUNCATION = (None, False, "do_not_truncate")
_TRUNCATION = (True, "longest_first", "only_first")

_TEXTS = ("A good film.", "Not good; not bad", "the food was Cold, and the service [SEP] worse! 😀")
_LONG = "It was not bad at all, but I would not go again. "
_MOST_TOKENS = 512
"""Most tokens of the text by which cutting is compared."""

_ROUNDING, _ROUNDING_OF_OTHERS = 1e-4, 5e-2
"""Largest difference of probabilities, in float32 and in other precisions."""


def max_length_of(pipe: Any) -> int:
    """The most tokens of a text that a pipeline's model reads, special tokens included.

    Args:
        pipe: a text-classification pipeline.

    Raises:
        UserError: the pipeline has another task or no tokenizer, or a setting that a classifier
            does not have.
    """
    task = getattr(pipe, "task", None)
    if task not in ("text-classification", "sentiment-analysis"):
        raise UserError(f"The pipeline's task is {task!r}; give a text-classification pipeline.")
    if pipe.tokenizer is None:
        raise UserError("The pipeline has no tokenizer; make it with tokenizer=….")
    settings = dict(getattr(pipe, "_preprocess_params", {}))
    truncation, wanted = settings.pop("truncation", None), settings.pop("max_length", None)
    for name, value in settings.items():
        if name not in _COMPARED and value not in (None, _USUAL.get(name, False)):
            raise _refused(name, value)
    function = getattr(pipe, "_postprocess_params", {}).get("function_to_apply")
    if function is not None and str(getattr(function, "value", function)).lower() != "softmax":
        raise _refused("function_to_apply", getattr(function, "value", function))
    truncation = getattr(truncation, "value", truncation)
    # Transformers also cuts if only max_length is given, and nothing is padded.
    cuts = truncation in _TRUNCATION or (
        truncation is None and wanted is not None and settings.get("padding", False) is False
    )
    if not cuts and truncation not in _NO_TRUNCATION:
        raise _refused("truncation", truncation)
    limit = position_limit(pipe.model)
    if not cuts:
        return limit
    return int(min(limit, pipe.tokenizer.model_max_length if wanted is None else wanted))


def check_same(pipe: Any, max_length: int, probabilities: Callable[[str], np.ndarray]) -> None:
    """Compares the predictions of a pipeline and its classifier on a few texts.

    Args:
        pipe: the pipeline; it is left as it is.
        max_length: the most tokens of a text that the classifier reads.
        probabilities: the classifier's probabilities of a text, float [classes].

    Raises:
        UserError: they differ.
    """
    tried = copy.copy(pipe)  # since tokenizers keep how they were called last
    tried.tokenizer = copy.deepcopy(pipe.tokenizer)
    tokens = len(tried.tokenizer(_LONG)["input_ids"])
    fits = _LONG * (min(max_length, _MOST_TOKENS) // tokens)
    long_texts = [fits, fits + 2 * _LONG] if max_length < position_limit(pipe.model) else [fits]
    for text in (*_TEXTS, *long_texts):
        tried.model = private_copy(pipe.model)  # since some models change while they run
        with quiet_transformers():
            try:
                found = tried(text, top_k=None)
            except Exception:  # it does not take the text, so it predicts nothing
                continue
        scores = np.array(sorted(one["score"] for one in found))
        expected = np.sort(probabilities(text))
        rounding = _ROUNDING if pipe.model.dtype == torch.float32 else _ROUNDING_OF_OTHERS
        if scores.shape != expected.shape or np.abs(scores - expected).max() > rounding:
            settings = getattr(pipe, "_preprocess_params", {})
            for name in sorted(_COMPARED & settings.keys()):
                raise _refused(name, settings[name])
            raise UserError(
                f"The pipeline {type(pipe).__name__} predicts otherwise than its model and "
                f"tokenizer ({scores.max():.3f} and {expected.max():.3f} for {text[:30]!r}); "
                "give TextClassifier the model and the tokenizer."
            )


def _refused(name: str, value: Any) -> UserError:
    return UserError(
        f"The pipeline has {name}={value!r:.40}, which a classifier does not have; "
        "make the pipeline without it."
    )
