"""The colour scale of all drawings: teal for words that add to the class, magenta for the others.

The page has the same two hues, which are those of LIT's salience maps. No class has
them there, and people who cannot tell red from green can tell them apart.

The largest score of a text, of either sign, gets the full colour. Other scores get a paler one, in
proportion to their size.
"""

from __future__ import annotations

import numpy as np

Color = tuple[int, int, int]

TEAL: Color = (31, 97, 128)
MAGENTA: Color = (183, 22, 106)

STRONGEST = 0.5
"""Opacity of the full colour. Text on it is readable in light and in dark pages."""

# Indices into the 256 colours of terminals, from pale to full. Black text is readable on each.
_TEALS = (152, 116, 73)
_MAGENTAS = (225, 218, 205)


def shades(scores: np.ndarray) -> np.ndarray:
    """Places each score on the colour scale, float64 [words] from -1 (magenta) to 1 (teal).

    A score that is not finite gets 0. If all scores are 0, all get 0.
    """
    known = np.where(np.isfinite(scores), scores, 0.0)
    largest = np.abs(known).max(initial=0.0)
    return known / largest if largest else known


def hue(shade: float) -> Color:
    """The full colour for a shade's sign."""
    return MAGENTA if shade < 0 else TEAL


def opacity(shade: float) -> float:
    """The opacity of a shade's colour, from 0 to `STRONGEST`."""
    return round(STRONGEST * min(abs(shade), 1.0), 3)


def css(shade: float) -> str:
    """A shade's colour in the syntax of CSS."""
    red, green, blue = hue(shade)
    return f"rgba({red},{green},{blue},{opacity(shade):g})"


def ansi(text: str, shade: float) -> str:
    """Puts a text on its background colour by ANSI codes.

    The text stays plain if its shade is below a sixth of the full colour.
    """
    steps = _MAGENTAS if shade < 0 else _TEALS
    step = round(min(abs(shade), 1.0) * len(steps))
    if not text or not step:
        return text
    return f"\x1b[38;5;16;48;5;{steps[step - 1]}m{text}\x1b[0m"
