"""Text for terminals: safe characters, widths in columns, colours and progress bars."""

from __future__ import annotations

import os
import sys
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

import regex

from lit_plugins.graphemes import graphemes

if TYPE_CHECKING:
    from tqdm import tqdm

# Characters that move the cursor, change colours, end a line or reverse its direction.
_UNPRINTABLE = regex.compile(
    r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069--\n\t]", regex.V1
)
_COLORS = r"\x1b\[[\d;]*m"
_NO_COLORS = regex.compile(f"{_COLORS}(*SKIP)(*FAIL)|{_UNPRINTABLE.pattern}", regex.V1)
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FLAG_OR_EMOJI = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}|.*\ufe0f", regex.DOTALL)


def say(sentence: str) -> None:
    """Prints a sentence on standard error, to keep it apart from a command's output.

    It stands on one line. A standard error that is closed or full is no error.
    """
    with suppress(OSError, ValueError):
        put(" ".join(printable(sentence).splitlines()), sys.stderr)


def takes_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal with colours, and NO_COLOR is not set."""
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not dumb


def put(text: str, stream: TextIO | None) -> None:
    """Prints a text, with question marks for characters that the stream's encoding lacks.

    Of the characters that `printable` replaces, it may have those of colours.

    Args:
        text: one or more lines, the last without its end.
        stream: None for a closed stream, which ignores the text.
    """
    encoding = getattr(stream, "encoding", None) or "utf-8"
    safe = _NO_COLORS.sub(_REPLACEMENT, text)
    if stream is not None:
        print(safe.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def progress_bar(what: str, total: int, unit: str = "text", *, hidden: bool | None = False) -> tqdm:
    """A progress bar on standard error.

    Args:
        what: the words before the bar.
        total: the number of steps.
        unit: the word for one step.
        hidden: whether the bar is not shown; None hides it unless standard error is a terminal.
    """
    from tqdm import tqdm

    return tqdm(desc=printable(what), total=total, unit=unit, disable=hidden)


def printable(text: str) -> str:
    """Replaces characters that move the cursor, change colours or reverse a line's direction."""
    return _UNPRINTABLE.sub(_REPLACEMENT, text)


def fit(text: str, room: int) -> str:
    """The text, or as much of its start as fits into `room` columns with an ellipsis."""
    if columns(text) <= room:
        return text
    kept: list[str] = []
    width = 0
    for cluster in graphemes(text):
        width += _cluster_columns(cluster)
        if width > room - 1:
            break
        kept.append(cluster)
    return "".join(kept) + "…"


def columns(text: str) -> int:
    """Width of a text in a terminal's columns: two for CJK and emoji, none for accents."""
    return sum(_cluster_columns(cluster) for cluster in graphemes(text))


def _cluster_columns(cluster: str) -> int:
    if _FLAG_OR_EMOJI.match(cluster):
        return 2
    return max(_character_columns(character) for character in cluster)


def _character_columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
