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


def checked_prefix(path: str) -> str:
    """Returns a path prefix without its final slash; the empty string stands for the root.

    Raises:
        UserError: the path does not begin with a slash, or has characters that addresses escape.
    """
    prefix = path.rstrip("/")
    if prefix and not _PREFIX.fullmatch(prefix):
        raise UserError(
            f"The path prefix {path!r} needs a slash before each part, and in a part only letters, "
            "digits and ._~-; give one such as /tools/lit."
        )
    return prefix


def with_prefix(app: WsgiApp, prefix: str, outside: WsgiApp) -> WsgiApp:
    """Serves `app` below a path only, and puts that path into SCRIPT_NAME.

    A prefix that the request's headers or the server name is ignored.

    Args:
        app: the app, which sees paths as if it were served at the root.
        prefix: a prefix from `checked_prefix`.
        outside: the app that answers requests for all other paths.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(f"{prefix}/"):
            if path == prefix and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                return _with_slash(prefix, environ, start_response)
            return outside(environ, start_response)
        # In place, so that outer layers such as the log see the path without the prefix.
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
