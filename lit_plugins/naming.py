"""Names of models and datasets, for the page and for tables."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

from lit_plugins.errors import UserError


def named(sources: Sequence[str], what: str) -> dict[str, str]:
    """Maps the names that the page shows to their sources.

    Args:
        sources: folders, files or names on the hub. A source may begin with its name, as in
            `NAME=SOURCE`, see `name_and_source`.
        what: "model" or "dataset", for errors.

    Raises:
        UserError: a source is given twice.
    """
    named: dict[str, str] = {}
    for source in sources:
        chosen_name, rest = name_and_source(source)
        name = plain_name(chosen_name or Path(rest).name or rest, what)
        if name in named and named[name] == rest:
            raise UserError(f"The {what} {rest!r} is given twice; give it once.")
        named[unused_name(name, named)] = rest
    return named


def name_and_source(source: str) -> tuple[str, str]:
    """Splits `NAME=SOURCE` at its first equals sign; the name is "" if there is none.

    A path that exists has no name, and neither has one that contains the separator of folders
    before the equals sign, as in `runs/rate=0.1`.
    """
    name, equals, rest = source.partition("=")
    path = os.path.expanduser(source)
    if not equals or any(mark in name for mark in "/\\") or os.path.exists(path):
        return "", source
    return name, rest


def plain_name(name: str, what: str) -> str:
    """Replaces special characters of a name, because LIT's page puts names into URLs unescaped.

    Returns:
        A name of letters, digits, and the characters `_`, `.` and `-`; `what` if none is left.
    """
    return re.sub(r"[^\w.-]+", "-", name).strip("-") or what


def unused_name(name: str, used: Collection[str]) -> str:
    """The name itself if it is unused, otherwise the name with the first number that is unused."""
    number = 2
    unique = name
    while unique in used:
        unique = f"{name}-{number}"
        number += 1
    return unique
