"""Checks of all options of a method: their values and their declarations."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lit_plugins.errors import UserError
from lit_plugins.options.option import Option

RESERVED = frozenset(
    (
        *("classifier", "classifiers", "texts", "text", "table", "method", "methods", "metrics"),
        *("rules", "progress", "by", "sample", "model", "dataset", "help"),
        *("output_file", "overwrite", "split", "config", "text_column", "label_column", "labels"),
        *("max_examples", "max_length", "revision", "device", "dtype", "run"),
    )
)
"""Names that no option may have, because calls, commands or requests use them already."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_options(options: Sequence[Option], values: Mapping[str, Any]) -> dict[str, Any]:
    """Checks the values of options, and adds the defaults of the others.

    Args:
        options: the declared options.
        values: the values that a caller set, by the option's name.

    Returns:
        A value for each option, by name, in the order of `options`.

    Raises:
        UserError: an option is unknown, its value is not allowed, or a value without a default is
            missing.
    """
    known = {option.name: option for option in options}
    for name in values:
        if name not in known:
            raise UserError(f"The option {name!r} is not known; {_known(list(known))}.")
    return {
        # A default of None means that there is no default: `check` refuses it as a missing value.
        name: option.check(values.get(name, option.default))
        for name, option in known.items()
    }


def check_declared(options: Sequence[Option], taken: Collection[str] = ()) -> None:
    """Checks that calls, flags and forms can offer options.

    Args:
        options: the options of one record.
        taken: names of further options, which the same calls take.

    Raises:
        UserError: a name is misspelt, reserved or used twice, an option has no help, or its default
            is not one of its allowed values.
    """
    names = {*taken, *RESERVED}
    for option in options:
        if not _NAME.fullmatch(option.name) or option.name in names:
            raise UserError(
                f"An option cannot be called {option.name!r}; choose another name, of lower-case "
                "letters, digits and underscores."
            )
        names.add(option.name)
        if not option.help.strip():
            raise UserError(f"The option {option.name} has no help; write a sentence.")
        if option.default is not None:
            option.check(option.default)


def _known(names: list[str]) -> str:
    return f"choose from {', '.join(names)}" if names else "there are none to give here"
