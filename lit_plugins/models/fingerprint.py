"""What a classifier computes, in one string: equal for copies, other where results may differ."""

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

from lit_plugins.text.encoder import TextEncoder

_SCHEME = 1
"""Another number parts what is computed from now on from what was computed before."""

_BLOCK = 2**22
"""Numbers that are hashed at once: what lies on a GPU is fetched in such pieces."""

_SAY_NOTHING = frozenset(
    {
        *("_name_or_path", "name_or_path", "architectures", "finetuning_task"),
        *("id2label", "label2id", "transformers_version"),
        *("dtype", "torch_dtype"),  # the weights' own are hashed
    }
)
"""What in a configuration changes no logit."""


class Fingerprint:
    """A hash of a model with its tokenizer, computed when it is asked for, and once.

    It goes by weights, architecture, tokenizer, longest text, device and library versions, and not
    by the names of model and classes. Nothing is copied: weights are hashed where they lie.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        encoder: TextEncoder,
    ):
        """Takes note of a model.

        Args:
            model: as the caller gave it; its weights are shared until they are hashed.
            tokenizer: its tokenizer.
            encoder: how texts are read with it.
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
            "config": _telling(model.config.to_dict()),
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
        with self._lock:
            if not self._value:
                self._value = self._compute()
                self._weights = {}
            return self._value

    def _compute(self) -> str:
        sha = hashlib.sha256()
        for part in (_json(self._settings), self._encoder.backend.to_str()):
            _add(sha, part.encode())
        for name in sorted(self._weights):
            weight = self._weights[name]
            if not isinstance(weight, Tensor):  # a module's extra state
                _add(sha, _json([name, repr(weight)]).encode())
                continue
            _add(sha, _json([name, list(weight.shape), str(weight.dtype)]).encode())
            for block in _blocks(weight):
                sha.update(block)
        return sha.hexdigest()


def _add(sha: Any, data: bytes) -> None:
    # With its length before it: no two lists of parts give the same bytes.
    sha.update(len(data).to_bytes(8, "little"))
    sha.update(data)


def _blocks(weight: Tensor) -> Iterator[memoryview]:
    for block in weight.detach().reshape(-1).split(_BLOCK):
        yield memoryview(block.cpu().contiguous().view(torch.uint8).numpy())


def _telling(config: Any) -> Any:
    if isinstance(config, Mapping):
        return {
            str(key): _telling(value) for key, value in config.items() if key not in _SAY_NOTHING
        }
    return config


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
