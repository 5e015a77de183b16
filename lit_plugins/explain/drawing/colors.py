"""One colour scale for every drawing: blue for words that add to the class, orange for the others.

The two hues are those that Okabe and Ito chose for people who cannot tell red from green. The
largest score of a text, of either sign, has the full colour; the others have their share of it.
"""

from __future__ import annotations

import numpy as np

Color = tuple[int, int, int]

BLUE: Color = (0, 114, 178)
ORANGE: Color = (213, 94, 0)

STRONGEST = 0.5
"""Opacity of the full colour: text over it is readable on a light page and on a dark one."""

# Of the 256 colours that terminals have, from pale to full; black text is readable on each.
_BLUES = (153, 117, 75)
_ORANGES = (223, 215, 208)


def shades(scores: np.ndarray) -> np.ndarray:
    """Where each score stands on the scale, float64 [words] from -1 (orange) to 1 (blue).

    0 where all scores are 0 and for a score that is no number.
    """
    known = np.where(np.isfinite(scores), scores, 0.0)
    largest = np.abs(known).max(initial=0.0)
    return known / largest if largest else known


def hue(shade: float) -> Color:
    """The full colour on this side of the scale."""
    return ORANGE if shade < 0 else BLUE


def opacity(shade: float) -> float:
    """How much of the full colour a shade has."""
    return round(STRONGEST * min(abs(shade), 1.0), 3)


def css(shade: float) -> str:
    """The colour as style sheets write it."""
    red, green, blue = hue(shade)
    return f"rgba({red},{green},{blue},{opacity(shade):g})"


def ansi(text: str, shade: float) -> str:
    """The text on its colour for a terminal; below a sixth of the full colour it stays plain."""
    steps = _ORANGES if shade < 0 else _BLUES
    step = round(min(abs(shade), 1.0) * len(steps))
    if not text or not step:
        return text
    return f"\x1b[38;5;16;48;5;{steps[step - 1]}m{text}\x1b[0m"
