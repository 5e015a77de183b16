"""`Explanation`: what every method gives, with ways to draw it."""

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
    """Why the model gives one text so much of one class; it draws itself.

    Its attributes are those of `ScoredText`.
    """

    def __str__(self) -> str:
        """The text, a line of figures and a row a word, to the width of the terminal."""
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
        """Prints what `str` gives, in colours where there is a terminal.

        Args:
            n: rows for the `n` largest words only; None for all.
            color: whether to colour by ANSI codes; None for where `file` is a terminal and the
                environment does not set NO_COLOR.
            width: columns to fit into; None for the terminal's.
            file: where to print; None for standard output.
        """
        terminal.draw(self, n=n, color=color, width=width, file=file)

    def plot(self, ax: Axes | None = None, n: int | None = 10, order: chart.Order = "size") -> Axes:
        """A bar chart of the words, with their standard errors where there are any.

        Args:
            ax: matplotlib's axes to draw into; None for a new figure.
            n: the `n` largest words only; None for all.
            order: "size", the largest of either sign first, or "text", as they are read.

        Returns:
            The axes.
        """
        return chart.plot(self, ax, n, order)
