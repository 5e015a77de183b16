"""Plain text of an explanation for terminals: the text, a line of figures, one bar per word.

Pairs of words follow if the explanation has interactions.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from lit_plugins.explain.drawing.captions import (
    caption,
    largest,
    segments,
    written_pairs,
    written_scores,
)
from lit_plugins.explain.drawing.colors import ansi, shades
from lit_plugins.terminal import columns, fit, printable, put, takes_color

if TYPE_CHECKING:
    from lit_plugins.explain.scored_text import ScoredText

_LONGEST_BAR = 20
_SHORTEST_BAR = 3
_WORD_ROOM = 24
_PAIRS = 5


def as_text(
    explanation: ScoredText,
    *,
    n: int | None = None,
    color: bool = False,
    width: int | None = None,
) -> str:
    """The text, a line of figures, and one row per word with its score, a bar and the word.

    Bars of minus signs run to the left and bars of plus signs to the right, so that they are
    readable without colours. The word is last in its row, because terminals differ in how wide they
    draw some characters; so the other columns stay aligned.

    Args:
        explanation: the explanation.
        n: how many words get a row, those with the largest scores of either sign, in reading
            order; None for all.
        color: whether to colour words and bars by ANSI codes.
        width: columns to fit into; None for the terminal's width, or 80 without a terminal.
    """
    width = width or shutil.get_terminal_size().columns
    shade = shades(explanation.scores).tolist()
    shown = sorted(largest(explanation, n))
    lines = [_text(explanation, shade if color else [0.0] * len(shade))]
    lines += _wrapped(printable(caption(explanation)), width)
    lines += _rows(explanation, shown, shade, color, width)
    if len(shown) < len(shade):
        lines.append(f"({len(shade) - len(shown):,} smaller left out)")
    lines += _pair_rows(explanation, width)
    return "\n".join(lines)


def draw(
    explanation: ScoredText,
    *,
    n: int | None = None,
    color: bool | None = None,
    width: int | None = None,
    file: TextIO | None = None,
) -> None:
    """Prints `as_text`; see `Explanation.draw` for the arguments."""
    stream = sys.stdout if file is None else file
    if color is None:
        color = takes_color(stream)
    put(as_text(explanation, n=n, color=color, width=width), stream)


def _text(explanation: ScoredText, shade: list[float]) -> str:
    return "".join(
        ansi(printable(part), sum(shade[index] for index in inside))
        for part, inside in segments(explanation.text, explanation.offsets)
    )


def _rows(
    explanation: ScoredText, shown: list[int], shade: list[float], color: bool, width: int
) -> Iterator[str]:
    values = written_scores(explanation)
    words = [" ".join(printable(word).split()) for word in explanation.words]
    value_width = max((len(values[index]) for index in shown), default=0)
    word_width = max((columns(words[index]) for index in shown), default=0)
    half = (width - value_width - min(word_width, _WORD_ROOM) - len("  |  ")) // 2
    half = min(half, _LONGEST_BAR) if half >= _SHORTEST_BAR else 0
    for index in shown:
        bar = f"{_bar(shade[index], half, color)}  " if half else ""
        room = width - value_width - 2 - (2 * half + 3 if half else 0)
        yield f"{values[index]:>{value_width}}  {bar}{fit(words[index], room)}"


def _pair_rows(explanation: ScoredText, width: int) -> Iterator[str]:
    pairs = written_pairs(explanation, _PAIRS)
    if pairs:
        yield "Words that act together most:"
    value_width = max((len(value) for _, value in pairs), default=0)
    for words, value in pairs:
        words = " ".join(printable(words).split())
        yield f"{value:>{value_width}}  {fit(words, width - value_width - 2)}"


def _bar(shade: float, half: int, color: bool) -> str:
    size = round(abs(shade) * half)
    filled = ("-" if shade < 0 else "+") * size
    painted = ansi(filled, shade) if color else filled
    empty = " " * (half - size)
    left, right = (empty + painted, " " * half) if shade < 0 else (" " * half, painted + empty)
    return f"{left}|{right}"


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and columns(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
