"""An explanation in a terminal: the text, a line of figures, and a bar a word."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

import regex

from lit_plugins.explain.drawing.colors import ansi, shades
from lit_plugins.explain.drawing.wording import caption, largest, segments, written_scores

if TYPE_CHECKING:
    from lit_plugins.explain.explanation import Explanation

_LONGEST_BAR = 20
_SHORTEST_BAR = 3
_WORD_ROOM = 24

# What would move the cursor, change colours or turn the line around.
_UNPRINTABLE = regex.compile(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069--\n\t]", regex.V1)
_FLAG_OR_EMOJI = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}|.*\ufe0f", regex.DOTALL)


def as_text(
    explanation: Explanation,
    *,
    n: int | None = None,
    color: bool = False,
    width: int | None = None,
) -> str:
    """The text, a line of figures, and a row a word with its score, a bar and the word.

    Bars of minus signs run to the left and bars of plus signs to the right, so that nothing is
    lost without colours. Words come last: however wide a terminal draws them, columns hold.

    Args:
        explanation: what to draw.
        n: rows for the `n` largest words only, in reading order.
        color: whether to colour words and bars by ANSI codes.
        width: columns of the terminal; by default those of the one that there is, else 80.
    """
    width = width or shutil.get_terminal_size().columns
    shade = shades(explanation.scores).tolist()
    shown = sorted(largest(explanation, n))
    lines = [_text(explanation, shade if color else [0.0] * len(shade))]
    lines += _wrapped(printable(caption(explanation)), width)
    lines += _rows(explanation, shown, shade, color, width)
    if len(shown) < len(shade):
        lines.append(f"({len(shade) - len(shown):,} smaller left out)")
    return "\n".join(lines)


def draw(
    explanation: Explanation,
    *,
    n: int | None = None,
    color: bool | None = None,
    width: int | None = None,
    file: TextIO | None = None,
) -> None:
    """Prints `as_text`, in colours where `file` is a terminal and NO_COLOR is not set."""
    stream = sys.stdout if file is None else file
    if color is None:
        color = takes_color(stream)
    put(as_text(explanation, n=n, color=color, width=width), stream)


def takes_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal, and its user does not refuse colours by NO_COLOR."""
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not dumb


def put(text: str, stream: TextIO) -> None:
    """Prints a text, with question marks for what the stream cannot show."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def _text(explanation: Explanation, shade: list[float]) -> str:
    return "".join(
        ansi(printable(part), sum(shade[index] for index in inside))
        for part, inside in segments(explanation.text, explanation.offsets)
    )


def _rows(
    explanation: Explanation, shown: list[int], shade: list[float], color: bool, width: int
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


def printable(text: str) -> str:
    """The text without what would move the cursor, change colours or turn the line around."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def fit(text: str, room: int) -> str:
    """The text, or as much of its start as `room` columns hold with an ellipsis."""
    if columns(text) <= room:
        return text
    kept = ""
    for cluster in regex.findall(r"\X", text):
        if columns(kept + cluster) > room - 1:
            break
        kept += cluster
    return kept + "…"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for CJK and emoji, none for accents."""
    return sum(_cluster_columns(cluster) for cluster in regex.findall(r"\X", text))


def _cluster_columns(cluster: str) -> int:
    if _FLAG_OR_EMOJI.match(cluster):
        return 2
    return max(_character_columns(character) for character in cluster)


def _character_columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
