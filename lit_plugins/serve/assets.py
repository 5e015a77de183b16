"""Files of the page as a browser wants them: packed, and only when they have changed."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lit_plugins.serve.responses import answer, takes_gzip

_PACKED_KINDS = ("text/", "font/ttf", "application/json", "image/svg+xml")
# As a browser must be told, which guesses none; what the machine's own tables say may differ.
_KINDS = {
    ".css": "text/css",
    ".gif": "image/gif",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Asset:
    """What one address of the page answers.

    Attributes:
        source: the bytes, or a file that is read when it is first asked for.
        kind: their media type.
        lasting: whether that address never answers anything else.
    """

    source: bytes | Path
    kind: str
    lasting: bool = False

    @classmethod
    def of(cls, path: Path, *, lasting: bool = False) -> Asset:
        """A file, its type told by its name.

        Raises:
            KeyError: no file of the page has that ending.
        """
        return cls(path, _KINDS[path.suffix], lasting)

    def answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """The bytes; nothing but a status for a browser that has them already."""
        # Not in caches that others share: who has no token gets nothing.
        kept = "private, max-age=31536000, immutable" if self.lasting else "no-cache"
        headers = [("Cache-Control", kept), ("ETag", self.tag)]
        if self.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers)
            return []
        body = self.body
        if self.kind.startswith(_PACKED_KINDS):
            headers.append(("Vary", "Accept-Encoding"))
            if takes_gzip(environ):
                body = self._packed
                headers.append(("Content-Encoding", "gzip"))
        return answer(environ, start_response, 200, body, self.kind, headers)

    @cached_property
    def body(self) -> bytes:
        """The bytes."""
        return self.source if isinstance(self.source, bytes) else self.source.read_bytes()

    @cached_property
    def tag(self) -> str:
        """What the bytes go by."""
        # Weak: it is the same for what is packed and for what is not.
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def _packed(self) -> bytes:
        return gzip.compress(self.body, mtime=0)
