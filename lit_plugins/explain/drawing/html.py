"""HTML of an explanation for notebooks: the text as written, each word on its colour."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lit_plugins.explain.drawing.captions import caption, segments, written_pairs, written_scores
from lit_plugins.explain.drawing.colors import css, shades

if TYPE_CHECKING:
    from lit_plugins.explain.scored_text import ScoredText

_PAIRS = 3


def as_html(explanation: ScoredText) -> str:
    """The text, with each word's score as its background and tooltip, and a line of figures.

    The HTML has no script and loads nothing. It keeps the notebook's colour of text, so that it is
    readable in light and in dark notebooks.
    """
    shade = shades(explanation.scores)
    values = written_scores(explanation)
    parts = [
        _word(part, ", ".join(values[index] for index in inside), float(shade[list(inside)].sum()))
        if inside
        else _escaped(part)
        for part, inside in segments(explanation.text, explanation.offsets)
    ]
    figures = caption(explanation)
    pairs = [f"{words} {value}" for words, value in written_pairs(explanation, _PAIRS)]
    if pairs:
        figures += f" Words that act together most: {', '.join(pairs)}."
    return (
        '<div style="margin:0.3em 0">'
        '<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.7">'
        f"{''.join(parts)}</div>"
        f'<div style="font-size:85%;opacity:0.8">{_escaped(figures)}</div>'
        "</div>"
    )


def _word(text: str, value: str, shade: float) -> str:
    style = f"background-color:{css(shade)};border-radius:0.2em"
    return f'<span title="{_escaped(value)}" style="{style}">{_escaped(text)}</span>'


def _escaped(text: str) -> str:
    # Browsers read a carriage return as a line feed unless it is written as an entity.
    return escape(text).replace("\r", "&#13;")
