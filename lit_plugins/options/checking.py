"""Checks of all options of a method together: their values, and their declarations."""

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
"""Names that no option may have, as calls, commands and requests have them already."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check_options(options: Sequence[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    """Checked values of all options, defaults where none is given, in the order of `options`.

    Raises:
        UserError: an option is not known, or its value is refused.
    """
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            raise UserError(f"The option {name!r} is not known; {_known(list(known))}.")
    return {
        # A default of None is refused: there is none, and something must be given.
        name: option.check(given.get(name, option.default))
        for name, option in known.items()
    }


def check_declared(options: Sequence[Option], taken: Collection[str] = ()) -> None:
    """Refuses options that no call, flag or form can offer.

    Args:
        options: those that a record declares.
        taken: names of the options that stand beside them.

    Raises:
        UserError: a name stands twice or is taken, an option has no help, or its own default is
            not allowed.
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
