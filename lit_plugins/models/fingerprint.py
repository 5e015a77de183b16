"""A fingerprint of a classifier: equal for copies, different where predictions may differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from threading import Lock
from typing import Any

import tokenizers
import torch
import transformers
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from lit_plugins.models.quantised import plain_tensors
from lit_plugins.runtime.cancellation import held
from lit_plugins.text.encoder import TextEncoder

_SCHEME = 1
"""Raise it to invalidate saved predictions."""

_BLOCK = 2**22
"""Number of weights that are hashed together, and copied together from a GPU."""

_IRRELEVANT = frozenset(
    {
        *("_name_or_path", "name_or_path", "architectures", "finetuning_task"),
        *("id2label", "label2id", "transformers_version"),
        *("dtype", "torch_dtype"),  # the weights' own types are hashed
    }
)
"""Entries of a configuration that do not affect logits."""


class Fingerprint:
    """A hash of a model with its tokenizer, computed once, on first use.

    It depends on weights, architecture, tokenizer, `max_length`, device and library versions. It
    does not depend on the names of the model and its classes. Weights are hashed in place.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        encoder: TextEncoder,
    ):
        """Keeps references to a model and its settings; hashes nothing yet.

        Args:
            model: the caller's model. Its weights are kept alive until they are hashed.
            tokenizer: its tokenizer.
            encoder: encodes texts with that tokenizer.
        """
        self._weights: Mapping[str, Any] = model.state_dict()
        self._settings = {
            "scheme": _SCHEME,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "tokenizers": tokenizers.__version__,
            "device": model.device.type,
            "model": type(model).__qualname__,
            "attention": getattr(model.config, "_attn_implementation", None),
            "config": _relevant(model.config.to_dict()),
            "max_length": encoder.max_length,
            "truncation_side": tokenizer.truncation_side,
            "split_special_tokens": tokenizer.split_special_tokens,
            "inputs": tokenizer.model_input_names,
            "special_tokens": tokenizer.special_tokens_map,
        }
        self._encoder = encoder
        self._lock = Lock()
        self._value = ""

    @property
    def value(self) -> str:
        """64 hexadecimal digits."""
        with held(self._lock):
            if not self._value:
                self._value = self._compute()
                self._weights = {}
            return self._value

    def _compute(self) -> str:
        sha = hashlib.sha256()
        for part in (_json(self._settings), self._encoder.backend.to_str()):
            _add(sha, part.encode())
        for name in sorted(self._weights):
            for value in plain_tensors(self._weights[name]):
                if isinstance(value, str):  # a module's extra state
                    _add(sha, _json([name, value]).encode())
                    continue
                _add(sha, _json([name, list(value.shape), str(value.dtype)]).encode())
                for block in _blocks(value):
                    sha.update(block)
        return sha.hexdigest()


def _add(sha: Any, data: bytes) -> None:
    # The length prefix ensures that no two lists of parts give the same bytes.
    sha.update(len(data).to_bytes(8, "little"))
    sha.update(data)


def _blocks(weight: Tensor) -> Iterator[memoryview]:
    for block in weight.detach().reshape(-1).split(_BLOCK):
        yield memoryview(block.cpu().contiguous().view(torch.uint8).numpy())


def _relevant(config: Any) -> Any:
    if isinstance(config, Mapping):
        return {
            str(key): _relevant(value) for key, value in config.items() if key not in _IRRELEVANT
        }
    return config


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
