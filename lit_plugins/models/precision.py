"""The effect of half precision on a model's predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import torch
from transformers import PreTrainedModel

from lit_plugins.embedded import some_reviews
from lit_plugins.errors import UserError
from lit_plugins.models.copies import Copies
from lit_plugins.models.forward import Forward
from lit_plugins.models.quantised import is_quantised
from lit_plugins.models.task import Task
from lit_plugins.runtime.memory import free_bytes, give_back, ran_out
from lit_plugins.text.encoded import Row

_TEXTS = 32
_MOST_BYTES = 2**31
"""Most bytes of a float32 model to compare with; loading a larger one takes too long."""

_MARGIN = 1.25
"""Memory that loading and running a model take, as a multiple of its weights."""


class HalfPrecise(Protocol):
    """A classifier in half precision, as `TextClassifier`."""

    task: Task
    half_precise: bool

    def rows(self, texts: Sequence[str]) -> list[Row]:
        """The model's input for each text."""

    def logits(self, rows: Sequence[Row]) -> np.ndarray:
        """Logits of rows, float32 [rows, classes]."""


def rounding_of(
    classifier: HalfPrecise,
    model: PreTrainedModel,
    input_names: Sequence[str],
    load_exact: Callable[[], PreTrainedModel],
) -> float | None:
    """The largest difference of a probability from the float32 model's, over embedded reviews.

    The float32 model is run as it is: no copy of it is made, and its memory is given back.

    Args:
        classifier: the classifier to compare.
        model: its model.
        input_names: the inputs that its tokenizer makes.
        load_exact: loads the same model in float32 on the same device.

    Returns:
        The difference; None if the model is not in half precision or is quantised, or if the
        float32 model is large or does not fit in the memory that is free.
    """
    if not classifier.half_precise or is_quantised(model) or not _fits(model):
        return None
    rows = classifier.rows(some_reviews(_TEXTS))
    try:
        exact = _logits(load_exact(), input_names, rows)
    except (UserError, MemoryError, RuntimeError) as error:
        if isinstance(error, UserError) or ran_out(error):
            return None
        raise
    finally:
        give_back()
    chances = classifier.task.chances
    return float(np.abs(chances(classifier.logits(rows)) - chances(exact)).max())


def _fits(model: PreTrainedModel) -> bool:
    size = 4 * sum(weight.numel() for weight in model.parameters())
    # The weights of a GPU's model are in the machine's memory first.
    places = [free_bytes("cpu"), free_bytes(str(model.device))]
    return size <= _MOST_BYTES and all(free is None or _MARGIN * size <= free for free in places)


@torch.inference_mode()
def _logits(model: PreTrainedModel, input_names: Sequence[str], rows: Sequence[Row]) -> np.ndarray:
    forward = Forward(Copies(model), None, input_names)
    outputs = [forward(forward.collate([row], "none"), "none").logits for row in rows]
    return torch.cat(outputs).cpu().numpy()
