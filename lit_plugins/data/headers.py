"""Header lines: names of columns, and names that look like data."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lit_plugins.data.rows import Rows
from lit_plugins.data.separators import SEPARATORS
from lit_plugins.data.wording import listed
from lit_plugins.errors import UserError

TEXT_NAMES = (
    "sentence",
    "text",
    "review",
    "content",
    "comment",
    "body",
    "review_text",
    "review_body",
    "tweet",
    "message",
    "document",
    "utterance",
    "post",
    "headline",
)
LABEL_NAMES = (
    "label",
    "labels",
    "gold_label",
    "gold",
    "sentiment",
    "polarity",
    "target",
    "class",
)

_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_SENTENCE = re.compile(r"\S+\s.*[.!…。]", re.DOTALL)
_MANY_WORDS = 12


def header_names(fields: Sequence[str] | str, title: str) -> list[str]:
    """The stripped names of columns; a column without a name has a blank one.

    Args:
        fields: the fields of the first line, or why it cannot be read.
        title: how error messages call the file.

    Raises:
        UserError: the line cannot be read, names no columns, or names one twice.
    """
    if isinstance(fields, str):
        raise UserError(f"The first line of {title} is a line {fields}: mend it.")
    names = [field.strip() for field in fields]
    if not any(names):
        raise UserError(f"{title} names no columns: write their names into its first line.")
    twice = {name for name, times in Counter(names).items() if name and times > 1}
    if twice:
        raise UserError(
            f"The first line of {title} names the column {listed(map(repr, sorted(twice)))} twice: "
            "give each column its own name."
        )
    return names


def names_like_data(rows: Rows) -> list[str]:
    """The names of columns that were probably meant as a row.

    In a file without a header, the first row is taken as names. A name looks like data if it is
    also a cell of its own column, a number, a sentence or a text of many words. Where all columns
    are named 0, 1, … in order, as pandas names them, the numbers do not count.
    """
    if rows.typed:  # only a file's first line can be mistaken for a header
        return []
    numbered = list(rows.columns) == list(map(str, range(len(rows.columns))))
    return [
        name
        for name in rows.columns
        if name in rows.columns[name]
        or (_NUMBER.fullmatch(name) and not numbered)
        or _SENTENCE.fullmatch(name)
        or len(name.split()) >= _MANY_WORDS
    ]


def looks_like_several(name: str) -> bool:
    """Whether the name of a column is probably several names with another separator.

    It has a common separator in it, or one of its words is a usual name of a label column.
    """
    words = re.split(r"\W+", name.casefold())
    return any(mark in name for mark in SEPARATORS) or (
        len(words) > 1 and not set(words).isdisjoint(LABEL_NAMES)
    )


def header_notes(rows: Rows) -> tuple[str, ...]:
    """A sentence on the first line, if it looks like data or like one name made of several."""
    names = list(rows.columns)
    like_data = [name if len(name) <= 40 else f"{name[:39]}…" for name in names_like_data(rows)]
    if like_data:
        return (
            "The first line was taken as names of columns but looks like data: "
            f"{listed(map(repr, like_data), most=3)}.",
        )
    if not rows.typed and len(rows.columns) == 1 and looks_like_several(names[0]):
        return (
            f"The only column is named {names[0]!r}: if these are several names, write commas "
            "between them and between the fields of all rows.",
        )
    return ()
