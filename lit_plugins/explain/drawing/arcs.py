"""Arcs between words that act together, beside matplotlib's bars, and a list of these pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lit_plugins.explain.drawing.captions import written_pairs
from lit_plugins.explain.drawing.colors import hue
from lit_plugins.terminal import fit

if TYPE_CHECKING:
    from lit_plugins.explain.scored_text import ScoredText

MOST = 10
"""Most pairs in a chart; more arcs could not be told apart."""

LIST_SIZE = (3.0, 3.0)
"""Width of the arcs with the list, and height of the list, in inches."""

_CLEAR = 2
_WIDEST = 0.12
_NARROWEST = 0.03
_THICKEST = 4.0
_THINNEST = 1.0
_LONGEST_LABEL = 30


def draw_pairs(explanation: ScoredText, ax: Any, shown: Sequence[int]) -> None:
    """Draws the strongest pairs that are clear of their error, right of the bars.

    A pair is clear if its interaction is more than two standard errors away from 0. The stronger it
    is, the thicker is its arc. Teal pairs add more together than each word alone, magenta ones
    less.
    A pair has no arc if one of its words has no bar, and is in the list all the same.

    Args:
        explanation: an explanation; without interactions nothing is drawn.
        ax: matplotlib's axes with a bar for each of `shown`, in this order.
        shown: indices of words.
    """
    from matplotlib.lines import Line2D

    interactions = explanation.interactions
    if interactions is None:
        return
    rows = {word: row for row, word in enumerate(shown)}
    lines = []
    pairs = interactions.strongest(MOST)
    for pair, (words, value) in zip(pairs, written_pairs(explanation, MOST), strict=True):
        size = abs(interactions.values[pair])
        if size <= _CLEAR * interactions.error[pair]:
            continue
        share = size / abs(interactions.values[pairs[0]])
        style = {
            "color": [part / 255 for part in hue(interactions.values[pair])],
            "linewidth": _THINNEST + (_THICKEST - _THINNEST) * share,
        }
        lines.append(Line2D([], [], label=f"{value}  {fit(words, _LONGEST_LABEL)}", **style))
        if pair[0] in rows and pair[1] in rows:
            _draw_arc(ax, rows[pair[0]], rows[pair[1]], len(shown), style)
    if lines:
        legend = ax.legend(
            handles=lines,
            title="Words that act together most",
            loc="upper left",
            bbox_to_anchor=(1 + _WIDEST, 1),
            frameon=False,
        )
        for text in legend.get_texts():
            text.set_parse_math(False)


def _draw_arc(ax: Any, one: int, other: int, rows: int, style: dict[str, Any]) -> None:
    """Joins two rows by an arc; the further apart they are, the wider it is."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    width = _NARROWEST + (_WIDEST - _NARROWEST) * abs(other - one) / rows
    control = 1 + width * 4 / 3  # a cubic curve reaches three quarters of the way to it
    points = [(1, one), (control, one), (control, other), (1, other)]
    path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
    # x as a share of the axes, y in rows.
    transform = ax.get_yaxis_transform()
    ax.add_artist(PathPatch(path, fill=False, transform=transform, clip_on=False, **style))
