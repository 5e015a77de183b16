"""The page's files as responses: compressed, and sent again only when they have changed."""

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
# Fixed here: `nosniff` keeps browsers from guessing, and the system's own tables may differ.
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
    """The content of one address of the page.

    Attributes:
        source: the bytes, or a file, which is read on its first request.
        kind: the media type.
        lasting: whether this address never has any other content, so browsers need not ask again.
    """

    source: bytes | Path
    kind: str
    lasting: bool = False

    @classmethod
    def of(cls, path: Path, *, lasting: bool = False) -> Asset:
        """Makes an asset of a file; the media type follows from the name's ending.

        Raises:
            KeyError: the name's ending is unknown.
        """
        return cls(path, _KINDS[path.suffix], lasting)

    def answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Responds with the bytes, or with 304 and no body if the browser has them already."""
        # "private" keeps shared caches from handing the file to somebody without a token.
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
        """The entity tag (ETag) of the bytes."""
        # Weak, since compressed and uncompressed bodies share it.
        return f'W/"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def _packed(self) -> bytes:
        return gzip.compress(self.body, mtime=0)
