"""The names that models and datasets go by in the page and in tables."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from lit_plugins.errors import UserError


def named(sources: Sequence[str], what: str) -> dict[str, str]:
    """Sources by the names that the page shows them under.

    Args:
        sources: folders, files or names on the hub; `NAME=` before one of them names it.
        what: "model" or "dataset".

    Raises:
        UserError: one is given twice.
    """
    named: dict[str, str] = {}
    for source in sources:
        given, _, rest = source.rpartition("=")
        name = plain_name(given or Path(rest).name or rest, what)
        if name in named and named[name] == rest:
            raise UserError(f"The {what} {rest!r} is given twice; give it once.")
        named[unused_name(name, named)] = rest
    return named


def plain_name(name: str, what: str) -> str:
    """A name of plain characters only: LIT's page puts names into addresses unescaped."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-") or what


def unused_name(name: str, used: Collection[str]) -> str:
    """The name itself, or with the first number that makes it a new one."""
    number = 2
    unique = name
    while unique in used:
        unique = f"{name}-{number}"
        number += 1
    return unique
