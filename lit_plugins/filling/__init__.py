"""Masked language models: which words could stand at a place of a text, and how likely one is."""

from lit_plugins.filling.model import MaskedLanguageModel
from lit_plugins.filling.once import DEFAULT_FILLER, masked_language_model

__all__ = ["DEFAULT_FILLER", "MaskedLanguageModel", "masked_language_model"]
