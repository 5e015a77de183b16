"""What every answer tells the browser to keep out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from lit_plugins.serve.wsgi import WsgiApp


def security_headers(
    script_hashes: Collection[str] = (), frame_ancestors: Collection[str] = ()
) -> list[tuple[str, str]]:
    """The headers that `secured` adds.

    Args:
        script_hashes: the page's inline scripts, as `page.script_hashes` names them.
        frame_ancestors: origins whose pages may show this one in a frame, or 'self'.
    """
    policy = [
        "default-src 'none'",
        " ".join(["script-src 'self'", *script_hashes]),
        # LIT's parts set styles of their own on what they draw.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        f"frame-ancestors {' '.join(frame_ancestors) or repr('none')}",
    ]
    headers = [
        ("Content-Security-Policy", "; ".join(policy)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        # For what says nothing of its own; files of the page do.
        ("Cache-Control", "no-store"),
    ]
    if not frame_ancestors:
        headers.append(("X-Frame-Options", "DENY"))  # which knows of no origins
    return headers


def secured(
    app: WsgiApp, script_hashes: Collection[str] = (), frame_ancestors: Collection[str] = ()
) -> WsgiApp:
    """Adds the headers to all that `app` answers, refusals included.

    Args:
        app: what it says itself of the same matter stands.
        script_hashes: the page's inline scripts, as `page.script_hashes` names them.
        frame_ancestors: as `Access` has them.
    """
    added = security_headers(script_hashes, frame_ancestors)

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said = {name.lower() for name, _ in headers}
            more = [header for header in added if header[0].lower() not in said]
            return start_response(status, [*headers, *more], exc_info)

        return app(environ, started)

    return serve
