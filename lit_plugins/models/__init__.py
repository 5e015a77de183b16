"""Masked language models: which words could stand at a place of a text, and how likely one is."""

from lit_plugins.models.default_filler import DEFAULT_FILLER, masked_language_model
from lit_plugins.models.masked_language_model import MaskedLanguageModel

__all__ = ["DEFAULT_FILLER", "MaskedLanguageModel", "masked_language_model"]
