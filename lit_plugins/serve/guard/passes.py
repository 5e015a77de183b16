"""Passes: values of cookies that take the token's place for some days."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

LIFETIME_S = 7 * 24 * 3600
"""Seconds for which a pass is valid, from the time that it carries."""

RENEWED_AFTER_S = 24 * 3600
"""Seconds after which a pass is replaced by a new one when it is used."""

_CLOCK_ERROR_S = 300  # a pass may be so many seconds from the future, if the clock was set back
_PASS = re.compile(r"([A-Za-z0-9_-]{1,64})\.([0-9]{1,12})\.([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True)
class Holder:
    """The visitor who holds a valid pass.

    Attributes:
        visitor: the visitor's id.
        age_s: the pass's age, in seconds.
    """

    visitor: str
    age_s: float


class Passes:
    """Passes of visitors: a random id and the time, with a signature so that nobody forges one."""

    def __init__(self, token: str | None, wall_clock: Callable[[], float]):
        """Derives the signing key from the token, so passes stay valid after a restart with it.

        Args:
            token: the token; None for a random key, whose passes are valid in this process only.
            wall_clock: returns the seconds since 1970; it may be set forwards and back.
        """
        self._key = (
            secrets.token_bytes(32)
            if token is None
            else hmac.digest(token.encode(), b"lit-plugins: visitors' passes", "sha256")
        )
        self._wall_clock = wall_clock

    def new(self, visitor: str | None = None) -> str:
        """Makes a pass that is valid from now on, for a new visitor unless one is named."""
        text = f"{visitor or secrets.token_urlsafe(16)}.{int(self._wall_clock())}"
        return f"{text}.{self._signature(text)}"

    def holder(self, value: str) -> Holder | None:
        """Returns who holds a pass; None if it was not made with this key, or is not valid now."""
        match = _PASS.fullmatch(value)
        if match is None:
            return None
        visitor, made, signature = match.groups()
        if not hmac.compare_digest(signature, self._signature(f"{visitor}.{made}")):
            return None
        age_s = self._wall_clock() - int(made)
        return Holder(visitor, age_s) if -_CLOCK_ERROR_S <= age_s < LIFETIME_S else None

    def _signature(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256").hex()
