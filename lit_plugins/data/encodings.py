"""Encodings of text files: those that are not UTF-8 are refused by their probable name."""

from __future__ import annotations

import re
from dataclasses import replace

from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError
from lit_plugins.text.given import is_utf8

_SAMPLE = 20_000
"""Number of bytes with which an encoding is guessed."""

BYTE_ORDER_MARKS = {
    b"\xff\xfe\0\0": "UTF-32",
    b"\0\0\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""First bytes of texts in encodings other than UTF-8, the longer ones first."""

_KANA = re.compile("[\u3040-\u30ff]")
_FOREIGN = re.compile("[^\0-\x7f]+")
_OUTSIDE_WORDS = frozenset("‘’‚“”„‹›«»–—…•·€£§°©®™¡¿´¨¼½¾")

_OTHERS = {
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp1250": "Windows-1250",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
"""Encodings in common use that are told apart by how often characters follow each other."""


def likely_encoding(data: bytes) -> str | None:
    """Guesses the encoding of text that is not UTF-8.

    Zero bytes speak for UTF-16 or UTF-32. Japanese is known by its kana. Windows-1252 is taken if
    all foreign characters are then letters or punctuation and mostly stand alone among ASCII
    letters, as in French or German. The other encodings are told apart by `charset_normalizer`.

    Args:
        data: the file's bytes.

    Returns:
        The usual name of the encoding, or None if nothing speaks for one.
    """
    for mark, name in BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return name
    if data[:400].count(0) * 4 > len(data[:400]):
        return "UTF-32" if b"\0\0\0" in data[:8] else "UTF-16"
    lines = [
        line
        for line in data.splitlines(keepends=True)
        if _decoded(line, "utf-8", "surrogatepass") is None
    ]
    sample = b"".join(lines)[:_SAMPLE]
    if not sample:  # lone surrogates, which no legacy encoding writes
        return None
    # A sample may end within a character of several bytes.
    whole = sample if len(sample) < _SAMPLE else sample[: sample.rfind(b"\n") + 1] or sample
    for codec, name in (("cp932", "Shift_JIS"), ("euc_jp", "EUC-JP")):
        text = _decoded(whole, codec)
        if text is not None and 4 * len(_KANA.findall(text)) > len("".join(_FOREIGN.findall(text))):
            return name
    text = _decoded(whole, "cp1252")
    if text is not None and _is_latin(text):
        return "Windows-1252"
    from charset_normalizer import from_bytes

    best = from_bytes(whole, cp_isolation=list(_OTHERS)).best()
    return None if best is None else _OTHERS.get(best.encoding)


def checked_encoding(rows: Rows, data: bytes, title: str) -> Rows:
    """The rows, with a note if some of the file's lines are not UTF-8.

    Args:
        rows: the file's rows, in which bytes that are not UTF-8 are lone surrogates.
        data: the file's bytes.
        title: how error messages call the file.

    Raises:
        UserError: a column's name is not UTF-8, or no row is.
    """
    if _decoded(data, "utf-8") is not None:
        return rows
    if not all(map(is_utf8, rows.columns)):
        raise not_utf8(f"A column name of {title}", data)
    cells_of_rows = zip(*rows.columns.values(), strict=True)
    if not any(
        all(is_utf8(cell) for cell in cells if isinstance(cell, str)) for cells in cells_of_rows
    ):
        raise not_utf8(title, data)
    note = f"Some lines are not UTF-8: save the file again as UTF-8{_guessed(data)}."
    return replace(rows, notes=(*rows.notes, note))


def not_utf8(title: str, data: bytes) -> UserError:
    """The error for a file in another encoding.

    Args:
        title: how the message calls the file, or a part of it.
        data: the file's bytes.
    """
    return UserError(f"{title} is not UTF-8 text: save it again as UTF-8{_guessed(data)}.")


def _guessed(data: bytes) -> str:
    name = likely_encoding(data)
    return "" if name is None else f" (it is probably {name})"


def _decoded(data: bytes, codec: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(codec, errors)
    except UnicodeDecodeError:
        return None


def _is_latin(text: str) -> bool:
    runs = _FOREIGN.findall(text)
    fits = all(mark.isalpha() or mark in _OUTSIDE_WORDS for mark in "".join(runs) if mark != "\xa0")
    return fits and 2 * sum(len(run) <= 2 for run in runs) > len(runs)
