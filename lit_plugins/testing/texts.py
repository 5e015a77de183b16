"""Texts to try things on."""

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
"""Texts without words, of one word, of marks, of white space, and in other scripts."""

LONG_TEXT = " ".join(["A good film that is never dull."] * 100)
"""More words than many models see."""
