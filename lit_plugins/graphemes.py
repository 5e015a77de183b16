"""Graphemes: the characters that people see, of one code point or of several."""

from __future__ import annotations

import regex

# `\X` looks back to the start of a run of regional indicators to tell which two make a flag, so a
# run would take time by the square of its length. Two by two from its start they need no look.
GRAPHEME = r"(?:\p{RI}\p{RI}?[\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]*|\X)"
"""Pattern of one grapheme cluster (Unicode, annex 29), at a place where a cluster begins."""

_GRAPHEME = regex.compile(GRAPHEME)


def graphemes(text: str) -> list[str]:
    """The graphemes of a text, in order, in time linear in its length."""
    return _GRAPHEME.findall(text)
