"""Options of methods: one declaration gives validation, error messages, flags and forms.

Each kind of option is one class. A new kind is a new subclass of `Option`; nothing else changes.
"""

from lit_plugins.options.checking import check_declared, check_options
from lit_plugins.options.kinds import (
    MAX_SEED,
    Boolean,
    Choice,
    Integer,
    LanguageModel,
    Number,
    OtherModel,
    Text,
    seed_option,
)
from lit_plugins.options.option import CLASSIFIER, LANGUAGE_MODEL, Option, loading

__all__ = [
    "CLASSIFIER",
    "LANGUAGE_MODEL",
    "MAX_SEED",
    "Boolean",
    "Choice",
    "Integer",
    "LanguageModel",
    "Number",
    "Option",
    "OtherModel",
    "Text",
    "check_declared",
    "check_options",
    "loading",
    "seed_option",
]
