"""Text in a terminal: what may be printed, in how many columns, and whether in colours."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TextIO

import regex

# What would move the cursor, change colours or turn the line around.
_UNPRINTABLE = regex.compile(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069--\n\t]", regex.V1)
_FLAG_OR_EMOJI = regex.compile(r"[\U0001f1e6-\U0001f1ff]{2}|.*\ufe0f", regex.DOTALL)


def say(sentence: str) -> None:
    """Tells people something beside what a command prints, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def takes_color(stream: TextIO) -> bool:
    """Whether a stream is a terminal, and its user does not refuse colours by NO_COLOR."""
    dumb = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not dumb


def put(text: str, stream: TextIO) -> None:
    """Prints a text, with question marks for what the stream cannot show."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


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
