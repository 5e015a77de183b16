"""Text for terminals: safe characters, widths in columns, and colours."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

import regex

from lit_plugins.graphemes import graphemes

# Characters that move the cursor, change colours or reverse the direction of a line.
_UNPRINTABLE = regex.compile(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069--\n\t]", regex.V1)
_FLAG_OR_EMOJI = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}|.*\ufe0f", regex.DOTALL)


def say(sentence: str) -> None:
    """Prints a sentence on standard error, to keep it apart from a command's output."""
    print(sentence, file=sys.stderr, flush=True)


def takes_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal with colours, and NO_COLOR is not set."""
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not dumb


def put(text: str, stream: TextIO) -> None:
    """Prints a text, with question marks for characters that the stream's encoding lacks."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def printable(text: str) -> str:
    """Replaces characters that move the cursor, change colours or reverse a line's direction."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


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
