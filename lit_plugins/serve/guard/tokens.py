"""The token that lets a visitor in."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from lit_plugins.errors import UserError

TOKEN_VARIABLE = "LIT_PLUGINS_TOKEN"
"""The environment variable that may hold the token."""

SHORTEST = 32
"""Length of the shortest accepted token, in characters."""

_LONGEST = 512
_FEWEST_DIFFERENT = 8
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # the characters of a bearer token (RFC 6750)


def new_token() -> str:
    """Makes a random token that nobody can guess."""
    return secrets.token_urlsafe(32)


def checked_token(token: str, origin: str) -> str:
    """Returns the token unchanged if it is safe.

    Args:
        token: the token.
        origin: the token's source, with which error messages begin, such as "The token in x.txt";
            they never quote the token itself.

    Raises:
        UserError: the token could be guessed, or cannot be sent in a header.
    """
    if not SHORTEST <= len(token) <= _LONGEST:
        raise UserError(
            f"{origin} has {len(token)} characters; give it {SHORTEST} to {_LONGEST}, such as "
            'those of python -c "import secrets; print(secrets.token_urlsafe(32))".'
        )
    if not _TOKEN.fullmatch(token) or len(set(token)) < _FEWEST_DIFFERENT:
        raise UserError(
            f"{origin} needs at least {_FEWEST_DIFFERENT} different characters, all of them "
            "letters, digits or one of . _ ~ + / -, with = at the end only."
        )
    return token


def given_token(file: Path | None, environment: Mapping[str, str]) -> str | None:
    """Reads the token from a file or, without one, from the environment.

    Returns:
        The token; None if there is neither a file nor the variable.

    Raises:
        UserError: the file cannot be read, others may read it, or the token is malformed.
    """
    if file is not None:
        return checked_token(_read(file), f"The token in {str(file)!r}")
    token = environment.get(TOKEN_VARIABLE)
    # An empty variable is an error: its user meant to set a token, and must not serve without one.
    return None if token is None else checked_token(token, f"The token in {TOKEN_VARIABLE}")


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            status = os.fstat(opened.fileno())
            # The rule of ssh: only a file of this user is checked. Another owner, such as that of
            # a mounted secret, is responsible for the file's rights.
            is_mine = hasattr(os, "getuid") and status.st_uid == os.getuid()
            if is_mine and stat.S_ISREG(status.st_mode) and status.st_mode & 0o077:
                raise UserError(
                    f"The token file {str(file)!r} may be read or written by others; "
                    f"run chmod 600 {file}."
                )
            content = opened.read(_LONGEST + 3)
    except OSError as error:
        raise UserError(
            f"The token file {str(file)!r} cannot be read ({error.strerror}); name another."
        ) from error
    return content.decode("latin-1").strip()


def same_token(candidate: str, token: str) -> bool:
    """Compares two tokens in a time that does not depend on where they differ."""
    return hmac.compare_digest(_digest(candidate), _digest(token))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
