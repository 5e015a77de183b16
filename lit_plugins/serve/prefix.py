"""The path below which a reverse proxy shows the page, such as `/tools/lit`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from lit_plugins.errors import UserError
from lit_plugins.serve.responses import answer
from lit_plugins.serve.wsgi import WsgiApp

_SEGMENT = r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*"
_PREFIX = re.compile(rf"(?:/{_SEGMENT})+")


def checked_prefix(given: str) -> str:
    """A path prefix without a slash at its end; nothing for the root.

    Raises:
        UserError: it does not begin with a slash, or has characters that addresses escape.
    """
    prefix = given.rstrip("/")
    if prefix and not _PREFIX.fullmatch(prefix):
        raise UserError(
            f"The path prefix {given!r} is not of plain letters, digits and ._~- after a slash "
            "each; give one such as /tools/lit."
        )
    return prefix


def with_prefix(app: WsgiApp, prefix: str, outside: WsgiApp) -> WsgiApp:
    """Serves `app` below a path only, with the path in SCRIPT_NAME.

    What the request itself says of a prefix, in a header or by its server, does not count.

    Args:
        app: sees paths as if it stood at the root.
        prefix: from `checked_prefix`.
        outside: answers all that does not lie below the prefix.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(f"{prefix}/"):
            if path == prefix and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                return _with_slash(prefix, environ, start_response)
            return outside(environ, start_response)
        # In place: who stands further out reads there which path it was.
        environ["SCRIPT_NAME"] = prefix
        environ["PATH_INFO"] = path[len(prefix) :]
        return app(environ, start_response)

    return serve


def _with_slash(
    prefix: str, environ: dict[str, Any], start_response: Callable[..., Any]
) -> Iterable[bytes]:
    query = environ.get("QUERY_STRING", "")
    location = f"{prefix}/?{query}" if query else f"{prefix}/"
    return answer(environ, start_response, 307, b"", "text/plain", [("Location", location)])
