"""LIT's page, with what it fetches from elsewhere replaced by what this package brings along.

Every file that the page can ask for is known when the server starts: what a request says is looked
up among them, and never becomes the path of a file.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lit_plugins.errors import UserError
from lit_plugins.serve.assets import Asset
from lit_plugins.serve.wsgi import WsgiApp

ASSETS = Path(str(files(__name__.rpartition(".")[0]))) / "client"
"""Style sheets, fonts and scripts of this package's own."""

_PREFIX = "/lit_plugins/"
_ADDED = f"{_PREFIX}added/"
_SUFFIXES = (".css", ".js", ".ttf")
_SCRIPT = "text/javascript"
_LIT_IMAGES = (".gif", ".png", ".svg")
_OUTSIDE_LINK = re.compile(r"\s*<link\b[^>]*\bhref=\"https?://[^>]*>")
_STYLES = ("icons.css", "page.css")

# Before the many small ones, which the browser would ask for first.
_LARGEST = '<link rel="preload" href="main.js" as="script">'
_LIT_SCRIPT = '<script src="main.js"></script>'


def own_address(name: str) -> str:
    """Where a file of the package's own stands: elsewhere when any of them has changed.

    A browser that has it need not ask again.

    Args:
        name: its path in their folder.
    """
    return f"{_PREFIX}{_version()}/{name}"


def script_hashes() -> tuple[str, ...]:
    """What a content security policy calls the page's inline scripts, such as `'sha256-...'`.

    There is one; all others are files.
    """
    digest = hashlib.sha256(_imports().encode()).digest()
    return (f"'sha256-{base64.b64encode(digest).decode()}'",)


def with_own_assets(
    app: WsgiApp,
    client_root: Path,
    opening: str = "",
    modules: Mapping[str, Path] = MappingProxyType({}),
) -> WsgiApp:
    """Serves the files of the page, without outside requests, and else what `app` does.

    Args:
        app: what answers all that is no file of the page.
        client_root: the folder of the page that LIT ships.
        opening: what is added to an address that says nothing of it, such as `models=a,b`.
        modules: scripts that define further modules of the page, by the modules' tags.

    Raises:
        UserError: the page is not the one that this package was made for.
    """
    html = (client_root / "static" / "index.html").read_text("utf-8")
    index = Asset(own_index(html, tuple(modules)).encode(), "text/html; charset=utf-8")
    assets = {
        **{own_address(name): asset for name, asset in _own().items()},
        **{f"{_ADDED}{tag}.js": Asset(script, _SCRIPT) for tag, script in modules.items()},
        **_of_lit(client_root),
        **dict.fromkeys(("/", "/index.html"), index),
    }

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asset = assets.get(environ.get("PATH_INFO", ""))
        if asset is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return app(environ, start_response)
        query = environ.get("QUERY_STRING", "")
        if asset is index and opening and not _says(query, opening.partition("=")[0]):
            return _redirect(f"./?{query}&{opening}".replace("?&", "?"), start_response)
        return asset.answer(environ, start_response)

    return serve


@functools.cache
def _own() -> Mapping[str, Asset]:
    """The package's own files, by their paths in its folder."""
    return {
        path.relative_to(ASSETS).as_posix(): Asset.of(path, lasting=True)
        for path in sorted(ASSETS.rglob("*"))
        if path.suffix in _SUFFIXES
    }


@functools.cache
def _version() -> str:
    digest = hashlib.sha256()
    for name, asset in _own().items():
        digest.update(f"{name}\n{asset.tag}\n".encode())
    return digest.hexdigest()[:16]


def _imports() -> str:
    """What modules name what they build on by."""
    return json.dumps({"imports": {"lit-plugins": f".{own_address('module.js')}"}})


def _of_lit(client_root: Path) -> dict[str, Asset]:
    """LIT's script with its licences, and its pictures."""
    static = {
        f"/static/{path.name}": Asset.of(path)
        for path in sorted((client_root / "static").iterdir())
        if path.suffix in _LIT_IMAGES
    }
    names = ("main.js", "main.js.LICENSE.txt")
    return {**{f"/{name}": Asset.of(client_root / name) for name in names}, **static}


def _says(query: str, name: str) -> bool:
    return any(each.partition("=")[0] == name for each in query.split("&"))


def _redirect(location: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("302 Found", [("Location", location), ("Content-Length", "0")])
    return []


def own_index(html: str, tags: Sequence[str] = ()) -> str:
    """LIT's index.html with every outside link gone and this package's styles and scripts added.

    Args:
        html: the page that LIT ships.
        tags: further modules of the page.

    Raises:
        UserError: the page is not the one that this package was made for.
    """
    own = _OUTSIDE_LINK.sub("", html)
    if "</head>" not in own or _LIT_SCRIPT not in own:
        raise UserError(
            "The installed lit-nlp ships a page that this package does not know; "
            "install lit-nlp 1.3.1."
        )
    head = [
        _LARGEST,
        *(f'<link href=".{own_address(name)}" rel="stylesheet">' for name in _STYLES),
        f'<script type="importmap">{_imports()}</script>',
        # All at once: each names the next only when it is there.
        *(
            f'<link rel="modulepreload" href=".{own_address(name)}">'
            for name in _own()
            if name.endswith(".js")
        ),
    ]
    own = own.replace("</head>", "".join(f"  {line}\n" for line in head) + "</head>", 1)
    tail = [
        _LIT_SCRIPT,
        _script(own_address("page.js")),
        *(_script(f"{_ADDED}{tag}.js", f' data-defines="{tag}"') for tag in tags),
        _script(own_address("failed_module.js")),
    ]
    return own.replace(_LIT_SCRIPT, "\n  ".join(tail), 1)


def _script(path: str, attributes: str = "") -> str:
    return f'<script type="module" src=".{path}"{attributes}></script>'
