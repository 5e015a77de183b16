"""Texts as callers give them: lists, arrays, pandas Series and other sequences of strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from lit_plugins.errors import UserError

Texts = Iterable[str]
"""Texts in order: a list, a tuple, a numpy array, a pandas Series, a column of a dataset."""


def check_texts(texts: Iterable[Any]) -> list[str]:
    """The texts as a list of plain strings.

    Raises:
        UserError: `texts` is one string, a table or another object, or an element is no string or
            no valid Unicode.
    """
    if isinstance(texts, str | bytes) or getattr(texts, "ndim", 1) == 0:
        raise UserError(f"texts is one string, {str(texts)[:40]!r}; give a list of strings.")
    kind = type(texts).__name__
    if isinstance(texts, Mapping) or hasattr(texts, "columns") or hasattr(texts, "column_names"):
        raise UserError(f"texts is a {kind}; give its column of texts, such as data['text'].")
    if isinstance(texts, AbstractSet) or not isinstance(texts, Iterable):
        raise UserError(f"texts is of type {kind}, which has no texts in order; give a list.")
    checked = []
    # The elements of an Arrow array are no strings.
    for place, text in enumerate(texts.to_pylist() if hasattr(texts, "to_pylist") else texts):
        if not isinstance(text, str):
            raise UserError(
                f"Text {place} is {text!r:.60}, which is not a string; give strings only."
            )
        if not is_utf8(text):
            raise UserError(
                f"Text {place}, {text[:40]!a}, holds half of a character (a surrogate); "
                "read it again with the right encoding."
            )
        checked.append(str(text))
    return checked


def is_utf8(text: str) -> bool:
    """Whether a string can be encoded as UTF-8; false if it holds half of a character.

    Bytes of a file that could not be decoded are such halves, too.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
