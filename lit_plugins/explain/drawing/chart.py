"""A bar chart of an explanation. Only this file and `arcs` import matplotlib, when they draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from lit_plugins.explain.drawing.arcs import LIST_SIZE, draw_pairs
from lit_plugins.explain.drawing.captions import headline, largest, missing_words, standard_errors
from lit_plugins.explain.drawing.colors import hue, opacity, shades
from lit_plugins.terminal import fit

if TYPE_CHECKING:
    from lit_plugins.explain.scored_text import ScoredText

Order = Literal["size", "text"]

_LONGEST_LABEL = 30


def plot(explanation: ScoredText, ax: Any = None, n: int | None = 10, order: Order = "size") -> Any:
    """Draws horizontal bars, one per word, the first word on top; see `Explanation.plot`."""
    shown = largest(explanation, n)
    if order == "text":
        shown.sort()
    if ax is None:
        from matplotlib import pyplot

        width, height = 6.0, 1.2 + 0.3 * len(shown)
        if explanation.interactions is not None:
            width, height = width + LIST_SIZE[0], max(height, LIST_SIZE[1])
        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    errors = standard_errors(explanation)
    bar_shades = shades(explanation.scores)[shown].tolist()
    full = [tuple(part / 255 for part in hue(shade)) for shade in bar_shades]
    ax.barh(
        range(len(shown)),
        explanation.scores[shown],
        xerr=None if errors is None else errors[shown],
        color=[(*color, opacity(shade)) for color, shade in zip(full, bar_shades, strict=True)],
        edgecolor=full,
        capsize=3,
    )
    labels = [fit(explanation.words[index], _LONGEST_LABEL) for index in shown]
    # parse_math=False: a dollar sign in a word must not start a formula.
    ax.set_yticks(range(len(shown)), labels, parse_math=False)
    ax.invert_yaxis()
    ax.axvline(0.0, color="gray", linewidth=0.8)
    named = filter(None, [explanation.unit, missing_words(explanation)])
    ax.set_xlabel(f"{explanation.method} score ({'; '.join(named)})")
    ax.set_title(headline(explanation), parse_math=False)
    draw_pairs(explanation, ax, shown)
    return ax
