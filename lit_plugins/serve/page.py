"""LIT's page, with what it fetches from elsewhere replaced by what this package brings along."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from lit_plugins.errors import UserError

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

ASSETS = Path(str(files(__name__.rpartition(".")[0]))) / "client"
"""Style sheets and fonts of this package's own."""

_PREFIX = "/lit_plugins/"
_OUTSIDE_LINK = re.compile(r"\s*<link\b[^>]*\bhref=\"https?://[^>]*>")
_STYLES = "".join(
    f'  <link href=".{_PREFIX}{name}" rel="stylesheet">\n' for name in ("icons.css", "page.css")
)
_LIT_SCRIPT = '<script src="main.js"></script>'
_OWN_SCRIPT = f'<script type="module" src=".{_PREFIX}page.js"></script>'


def with_own_assets(app: WsgiApp, client_root: Path, opening: str = "") -> WsgiApp:
    """Serves the page without outside requests, this package's assets, and else what `app` does.

    Args:
        app: LIT's app.
        client_root: the folder of the page that LIT ships.
        opening: what is added to an address that says nothing of it, such as `models=a,b`.
    """
    index = own_index((client_root / "static" / "index.html").read_text("utf-8")).encode()
    assets = {
        _PREFIX + path.name: (path.read_bytes(), mimetypes.guess_type(path.name)[0] or "font/ttf")
        for path in ASSETS.iterdir()
        if path.is_file()
    }

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in ("", "/", "/index.html"):
            query = environ.get("QUERY_STRING", "")
            if opening and not _says(query, opening.partition("=")[0]):
                return _redirect(f"./?{query}&{opening}".replace("?&", "?"), start_response)
            body, kind = index, "text/html; charset=utf-8"
        elif path in assets:
            body, kind = assets[path]
        else:
            return app(environ, start_response)
        headers = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-cache"),
        ]
        start_response("200 OK", headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    return serve


def _says(query: str, name: str) -> bool:
    return any(each.partition("=")[0] == name for each in query.split("&"))


def _redirect(location: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("302 Found", [("Location", location), ("Content-Length", "0")])
    return []


def own_index(html: str) -> str:
    """LIT's index.html with every outside link gone and this package's styles and script added.

    Raises:
        UserError: the page is not the one that this package was made for.
    """
    own = _OUTSIDE_LINK.sub("", html)
    if "</head>" not in own or _LIT_SCRIPT not in own:
        raise UserError(
            "The installed lit-nlp ships a page that this package does not know; "
            "install lit-nlp 1.3.1."
        )
    own = own.replace("</head>", f"{_STYLES}</head>", 1)
    return own.replace(_LIT_SCRIPT, f"{_LIT_SCRIPT}\n  {_OWN_SCRIPT}", 1)
