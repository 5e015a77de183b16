"""Security headers, which every response carries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from lit_plugins.serve.wsgi import WsgiApp


def security_headers(
    script_hashes: Collection[str] = (), frame_ancestors: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Returns the headers that `secured` adds.

    Args:
        script_hashes: the sources of the page's inline scripts, from `page.script_hashes`.
        frame_ancestors: origins whose pages may show this one in a frame, or 'self'.
    """
    policy = [
        "default-src 'none'",
        " ".join(["script-src 'self'", *script_hashes]),
        # LIT's components set inline styles.
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
        # A default; the page's files set their own.
        ("Cache-Control", "no-store"),
    ]
    if not frame_ancestors:
        headers.append(("X-Frame-Options", "DENY"))  # this header cannot name origins
    return headers


def secured(
    app: WsgiApp, script_hashes: Collection[str] = (), frame_ancestors: Collection[str] = ()
) -> WsgiApp:
    """Adds the security headers to all responses of `app`, refusals included.

    Args:
        app: the app; headers that it sets itself are kept.
        script_hashes: the sources of the page's inline scripts, from `page.script_hashes`.
        frame_ancestors: the attribute of `Access`.
    """
    added = security_headers(script_hashes, frame_ancestors)

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def started(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            present = {name.lower() for name, _ in headers}
            more = [header for header in added if header[0].lower() not in present]
            return start_response(status, [*headers, *more], exc_info)

        return app(environ, started)

    return serve
