"""Data files' bytes, and checks that they are data."""

from __future__ import annotations

from pathlib import Path

from lit_plugins.errors import UserError

POINTER_BYTES = 64
"""Number of a file's first bytes that `refuse_pointer` needs."""

_LFS_POINTER = b"version https://git-lfs"
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_data(path: Path, title: str) -> bytes:
    """All bytes of a data file.

    Raises:
        UserError: the file cannot be opened, is empty, or is a git-lfs pointer.
    """
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


def without_mark(data: bytes, title: str) -> bytes:
    """The bytes of a UTF-8 text file without its byte order mark.

    Raises:
        UserError: the file begins with a UTF-16 mark or a zero byte, and thus is not UTF-8 text.
    """
    if data.startswith(_UTF16_MARKS) or b"\0" in data[:2]:
        raise not_utf8(title)
    return data.removeprefix(_UTF8_MARK)


def is_utf8(text: str) -> bool:
    """Whether a string can be encoded as UTF-8; false if some of its bytes could not be decoded."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def not_utf8(title: str) -> UserError:
    """The error for a file in another encoding."""
    return UserError(f"{title} is not UTF-8 text: save it again as UTF-8.")
