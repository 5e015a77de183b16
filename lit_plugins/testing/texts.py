"""Texts for checks."""

from __future__ import annotations

TEXTS = (
    "A good film, not a bad one!",
    "The plot is dull and the acting is worse.",
    "I liked the food but the service was slow.",
    "Never dull, always warm and funny.",
)
"""Short English reviews."""

ODD_TEXTS = (
    "",
    " ",
    "good",
    "...",
    "?! ...",
    "a  film\n\n",
    "[SEP] [MASK]",
    "👍🏽 最高の映画",
)
"""Unusual texts: without words, with one word, only marks or white space, in other scripts."""

LONG_TEXT = " ".join(["A good film that is never dull."] * 100)
"""A text with more words than many models read."""
