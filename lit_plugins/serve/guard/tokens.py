"""The secret that lets somebody in, and the cookie that stands for it from then on."""

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
_LONGEST = 512
_FEWEST_DIFFERENT = 8
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # what a header can carry as it is


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def checked_token(given: str, origin: str) -> str:
    """The token itself.

    Args:
        given: the token.
        origin: where it comes from, as a sentence begins: it is named, the token never.

    Raises:
        UserError: it could be guessed, or not be sent.
    """
    if not SHORTEST <= len(given) <= _LONGEST:
        raise UserError(
            f"{origin} has {len(given)} characters; give it {SHORTEST} to {_LONGEST}, such as "
            'those of python -c "import secrets; print(secrets.token_urlsafe(32))".'
        )
    if not _TOKEN.fullmatch(given) or len(set(given)) < _FEWEST_DIFFERENT:
        raise UserError(
            f"{origin} needs at least {_FEWEST_DIFFERENT} different characters, all of them "
            "letters, digits or one of . _ ~ + / -, with = at the end only."
        )
    return given


def given_token(file: Path | None, environment: Mapping[str, str]) -> str | None:
    """The token that a file holds, else the environment; None if neither is there.

    Raises:
        UserError: the file cannot be read, others may read it, or it is no token.
    """
    if file is not None:
        return checked_token(_read(file), f"The token in {str(file)!r}")
    token = environment.get(TOKEN_VARIABLE)
    # One that is empty was meant to be a token: serving without one would surprise.
    return None if token is None else checked_token(token, f"The token in {TOKEN_VARIABLE}")


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            about = os.fstat(opened.fileno())
            # As ssh has it: what another user gave, such as a mounted secret, is theirs to keep.
            own = hasattr(os, "getuid") and about.st_uid == os.getuid()
            if own and stat.S_ISREG(about.st_mode) and about.st_mode & 0o077:
                raise UserError(
                    f"The token file {str(file)!r} may be read or written by others; "
                    f"say chmod 600 {file}."
                )
            content = opened.read(_LONGEST + 3)
    except OSError as error:
        raise UserError(
            f"The token file {str(file)!r} cannot be read ({error.strerror}); name another."
        ) from error
    return content.decode("latin-1").strip()


def same_token(given: str, token: str) -> bool:
    """Whether two tokens are the same, in a time that tells nothing of how far they are."""
    return hmac.compare_digest(_digest(given), _digest(token))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Passes:
    """Cookies' values: a visitor's random id, signed, so that nobody makes one up."""

    def __init__(self, token: str | None):
        """Passes of those who know a token; they outlive a restart with the same one.

        Args:
            token: None for passes that only tell visitors of this process apart.
        """
        self._key = (
            secrets.token_bytes(32)
            if token is None
            else hmac.digest(token.encode(), b"lit-plugins: visitors' passes", "sha256")
        )

    def new(self) -> tuple[str, str]:
        """A new visitor's id, and the pass that says so."""
        visitor = secrets.token_urlsafe(16)
        return visitor, f"{visitor}.{self._signed(visitor)}"

    def visitor(self, given: str) -> str | None:
        """Whose pass it is; None if it was not made with this key."""
        visitor, _, signature = given.partition(".")
        signed = self._signed(visitor).encode()
        right = hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), signed)
        return visitor if right and visitor else None

    def _signed(self, visitor: str) -> str:
        text = visitor.encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, text, "sha256").hex()
