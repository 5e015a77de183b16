"""`Explanation`: the result of every method, which draws itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from lit_plugins.explain.drawing import chart, terminal
from lit_plugins.explain.drawing.html import as_html
from lit_plugins.explain.scored_text import ScoredText

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, kw_only=True)
class Explanation(ScoredText):
    """How much each word of a text adds to the model's value of one class.

    It has the attributes of `ScoredText`, and draws itself in a terminal, in a notebook and as a
    chart.
    """

    def __str__(self) -> str:
        """The text, a line of figures and one row per word, fitted to the terminal's width."""
        return terminal.as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def draw(
        self,
        n: int | None = None,
        *,
        color: bool | None = None,
        width: int | None = None,
        file: TextIO | None = None,
    ) -> None:
        """Prints the same text as `str`, in colours if `file` is a terminal.

        Args:
            n: how many words get a row, those with the largest scores of either sign; None for all.
            color: whether to colour by ANSI codes; None to colour only if `file` is a terminal and
                the environment does not set NO_COLOR.
            width: columns to fit into; None for the terminal's width.
            file: the stream to print to; None for standard output.
        """
        terminal.draw(self, n=n, color=color, width=width, file=file)

    def plot(self, ax: Axes | None = None, n: int | None = 10, order: chart.Order = "size") -> Axes:
        """Draws a bar chart of the words, with their standard errors if the scores have any.

        If the explanation has interactions, arcs right of the bars join the words that act together
        most, and a list names these pairs.

        Args:
            ax: matplotlib's axes to draw into; None for a new figure.
            n: how many words get a bar, those with the largest scores of either sign; None for all.
            order: "size" for the largest score of either sign first, or "text" for reading order.

        Returns:
            The axes.
        """
        return chart.plot(self, ax, n, order)
