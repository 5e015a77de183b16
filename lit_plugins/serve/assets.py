"""Files of the page as a browser wants them: packed, and only when they have changed."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

_PACKED_KINDS = ("text/", "font/ttf", "application/json")


@dataclass(frozen=True)
class Asset:
    """What one address of the page answers.

    Attributes:
        body: the bytes.
        kind: their media type.
    """

    body: bytes
    kind: str

    @classmethod
    def read(cls, path: Path) -> Asset:
        """A file, its type told by its name."""
        return cls(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "font/ttf")

    def answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The bytes; nothing but a status for a browser that has them already."""
        headers = [("Cache-Control", "no-cache"), ("ETag", self._tag)]
        if self._tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return []
        body = self.body
        if self.kind.startswith(_PACKED_KINDS):
            headers.append(("Vary", "Accept-Encoding"))
            if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
                body = self._packed
                headers.append(("Content-Encoding", "gzip"))
        headers += [("Content-Type", self.kind), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    @cached_property
    def _tag(self) -> str:
        # Weak: it is the same for what is packed and for what is not.
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def _packed(self) -> bytes:
        return gzip.compress(self.body, mtime=0)
