"""LIT's page, with this package's own files in place of those that it fetches from other servers.

Every file of the page is known when the server starts. A request's path is looked up among their
addresses, and never becomes the path of a file.
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
"""Folder of this package's own style sheets, fonts and scripts."""

_PREFIX = "/lit_plugins/"
_ADDED = f"{_PREFIX}added/"
_SUFFIXES = (".css", ".js", ".ttf")
_SCRIPT = "text/javascript"
_LIT_IMAGES = (".gif", ".png", ".svg")
_OUTSIDE_LINK = re.compile(r"\s*<link\b[^>]*\bhref=\"https?://[^>]*>")
_STYLES = ("icons.css", "page.css")

# Listed before the many small scripts, which the browser would otherwise request first.
_LARGEST = '<link rel="preload" href="main.js" as="script">'
_LIT_SCRIPT = '<script src="main.js"></script>'


def own_address(name: str) -> str:
    """Returns the address of one of the package's own files, which changes with any of them.

    So the content of an address is fixed, and a browser need not request it again.

    Args:
        name: the file's path in `ASSETS`.
    """
    return f"{_PREFIX}{_version()}/{name}"


def script_hashes() -> tuple[str, ...]:
    """Returns sources such as `'sha256-...'` for the page's inline scripts in a security policy.

    There is one inline script, the import map; all other scripts are files.
    """
    digest = hashlib.sha256(_imports().encode()).digest()
    return (f"'sha256-{base64.b64encode(digest).decode()}'",)


def with_own_assets(
    app: WsgiApp,
    client_root: Path,
    opening: str = "",
    modules: Mapping[str, Path] = MappingProxyType({}),
) -> WsgiApp:
    """Serves the page's files, so that browsers ask no other server; `app` answers the rest.

    Args:
        app: answers requests for anything but a file of the page.
        client_root: the folder of the page that LIT ships.
        opening: a parameter such as `models=a,b`, which is added to the page's address if absent.
        modules: scripts that define further modules of the page, by the modules' tags.

    Raises:
        UserError: the installed LIT's page is not the one that this package supports.
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
    """The package's own files, by their paths in `ASSETS`."""
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
    """The import map, which lets page modules import `lit-plugins` by that name."""
    return json.dumps({"imports": {"lit-plugins": f".{own_address('module.js')}"}})


def _of_lit(client_root: Path) -> dict[str, Asset]:
    """LIT's script with its licences, and its images."""
    static = {
        f"/static/{path.name}": Asset.of(path)
        for path in sorted((client_root / "static").iterdir())
        if path.suffix in _LIT_IMAGES
    }
    names = ("main.js", "main.js.LICENSE.txt")
    return {**{f"/{name}": Asset.of(client_root / name) for name in names}, **static}


def _says(query: str, name: str) -> bool:
    return any(parameter.partition("=")[0] == name for parameter in query.split("&"))


def _redirect(location: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("302 Found", [("Location", location), ("Content-Length", "0")])
    return []


def own_index(html: str, tags: Sequence[str] = ()) -> str:
    """Removes every outside link from LIT's index.html, and adds this package's styles and scripts.

    Args:
        html: the page that LIT ships.
        tags: the tags of further modules of the page.

    Raises:
        UserError: the installed LIT's page is not the one that this package supports.
    """
    page = _OUTSIDE_LINK.sub("", html)
    if "</head>" not in page or _LIT_SCRIPT not in page:
        raise UserError(
            "The installed lit-nlp ships a page that this package does not know; "
            "install lit-nlp 1.3.1."
        )
    head = [
        _LARGEST,
        *(f'<link href=".{own_address(name)}" rel="stylesheet">' for name in _STYLES),
        f'<script type="importmap">{_imports()}</script>',
        # Preloads all scripts at the same time; otherwise the browser finds the next one only
        # after loading the one that imports it.
        *(
            f'<link rel="modulepreload" href=".{own_address(name)}">'
            for name in _own()
            if name.endswith(".js")
        ),
    ]
    page = page.replace("</head>", "".join(f"  {line}\n" for line in head) + "</head>", 1)
    tail = [
        _LIT_SCRIPT,
        _script(own_address("page.js")),
        *(_script(f"{_ADDED}{tag}.js", f' data-defines="{tag}"') for tag in tags),
        _script(own_address("failed_module.js")),
    ]
    return page.replace(_LIT_SCRIPT, "\n  ".join(tail), 1)


def _script(path: str, attributes: str = "") -> str:
    return f'<script type="module" src=".{path}"{attributes}></script>'
