"""Masked language models by name, each loaded once."""

from __future__ import annotations

import os
from functools import lru_cache
from threading import Lock

from lit_plugins.embedded import EMBEDDED_FILLER
from lit_plugins.errors import UserError
from lit_plugins.models.masked_language_model import MaskedLanguageModel
from lit_plugins.runtime.cancellation import held

DEFAULT_FILLER = "distilroberta-base"
"""Name on the hub of the model that `load_filler("auto")` prefers."""

_lock = Lock()


def load_filler(
    name_or_model: str | os.PathLike[str] | MaskedLanguageModel = "auto",
) -> MaskedLanguageModel:
    """Loads a masked language model once for all callers; any thread may call.

    Args:
        name_or_model: as in `MaskedLanguageModel.from_pretrained`, or `"auto"`: the hub's
            `DEFAULT_FILLER` if it is cached or can be fetched, else the embedded model, whose
            `note` says why. A model is returned as it is.

    Raises:
        UserError: the model cannot be loaded.
    """
    if not isinstance(name_or_model, (str, os.PathLike)):
        return name_or_model
    with held(_lock):
        return _load(os.fspath(name_or_model))


@lru_cache(maxsize=4)
def _load(name: str) -> MaskedLanguageModel:
    if name != "auto":
        return MaskedLanguageModel.from_pretrained(name)
    try:
        return _load(DEFAULT_FILLER)
    except UserError:
        return MaskedLanguageModel.from_pretrained(
            EMBEDDED_FILLER,
            note=f"The words come from the small embedded model {EMBEDDED_FILLER!r}, since "
            f"{DEFAULT_FILLER!r} is neither in the local cache nor available from the hub.",
        )
