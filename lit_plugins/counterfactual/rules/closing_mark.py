"""Adds or removes the full stop at the end of a text."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change, deletion
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.lexicon.words import listed

NAME = "closing_mark"

_ABBREVIATIONS = frozenset(listed("etc vs approx mr mrs ms dr st inc ltd co jr sr no am pm"))


def find(text: str) -> list[Change]:
    """The one change, or none if the text ends in another mark or in an abbreviation."""
    reading = Reading(text)
    last = len(reading) - 1
    if last < 0:
        return []
    word = reading.words[last]
    if not word.is_mark:
        # Only after ASCII characters is a full stop sure to be right.
        return [Change((((word.end, word.end), "."),), NAME)] if word.text[-1].isascii() else []
    before = reading.key(last - 1)
    short = before in _ABBREVIATIONS or len(before) == 1 and before.isalpha() and before != "i"
    if word.text != "." or reading.is_mark(last - 1) or short:
        return []
    return [deletion(text, (word.start, word.end), NAME)]


RULE = Rule(
    NAME,
    "Closing mark",
    "Adds a full stop at the end of the text, or removes it.",
    "invariance",
    find,
)
