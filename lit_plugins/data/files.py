"""Data files' bytes, and checks that they are data."""

from __future__ import annotations

from pathlib import Path

from lit_plugins.data.encodings import BYTE_ORDER_MARKS, not_utf8
from lit_plugins.errors import UserError

POINTER_BYTES = 64
"""Number of a file's first bytes that `refuse_pointer` needs."""

_LFS_POINTER = b"version https://git-lfs"
_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_KINDS = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save it as CSV"),
    (b"\x1f\x8b", "compressed by gzip", "unpack it"),
    (b"PAR1", "a Parquet file", "rename it to end in .parquet"),
    (b"<!doctype html", "a web page", "download the file itself"),
    (b"<html", "a web page", "download the file itself"),
)
"""First bytes of files that are often saved under the ending of a text file, and the mend."""


_COMPRESSED = (
    b"\x1f\x8b",  # gzip
    b"PK\x03\x04",  # zip
    b"BZh",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",  # Zstandard
    b"\x04\x22\x4d\x18",  # LZ4
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
)
"""First bytes of the files that `datasets` unpacks."""


def read_data(path: Path, title: str) -> bytes:
    """All bytes of a data file.

    Raises:
        UserError: the file cannot be opened, is empty, is a pipe or a device, or is a git-lfs
            pointer.
    """
    if path.exists() and not path.is_file():  # it may never end
        raise UserError(f"{title} is a pipe or a device: save its content as a file.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"{title} cannot be opened ({error.strerror or error}): check its permissions."
        ) from error
    refuse_pointer(data, title)
    if not data.strip():
        raise UserError(f"{title} is empty: give a file that holds at least one text.")
    return data


def refuse_pointer(data: bytes, title: str) -> None:
    """Checks that a file is no git-lfs pointer.

    Args:
        data: the file's first `POINTER_BYTES`, or more.
        title: how error messages call the file.

    Raises:
        UserError: the file is a git-lfs pointer.
    """
    if data.startswith(_LFS_POINTER):
        raise UserError(
            f"{title} is a git-lfs pointer and not the file itself: run git lfs pull where it "
            "came from."
        )


def refuse_compressed(path: Path, title: str) -> None:
    """Checks that a file is not compressed: a small one could unfold to any size.

    Raises:
        UserError: the file is compressed.
    """
    with path.open("rb") as file:
        if file.read(8).startswith(_COMPRESSED):
            raise UserError(f"{title} is compressed, and may be of any size: unpack it.")


def without_mark(data: bytes, title: str) -> bytes:
    """The bytes of a UTF-8 text file without its byte order mark.

    Raises:
        UserError: the file is of another kind, or begins with a UTF-16 mark or a zero byte, and
            thus is not UTF-8 text.
    """
    for start, kind, mend in _OTHER_KINDS:
        if data.lstrip()[: len(start)].lower() == start.lower():
            raise UserError(f"{title} is {kind} in spite of its ending: {mend}.")
    if data.startswith(tuple(BYTE_ORDER_MARKS)) or b"\0" in data[:2]:
        raise not_utf8(title, data)
    return data.removeprefix(_UTF8_MARK)
