"""The guard around the app, which lets only requests of the page's own visitors through."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from typing import Any

from lit_plugins.serve.api import MOST_BYTES
from lit_plugins.serve.guard import welcome
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.addresses import PAGE
from lit_plugins.serve.guard.denied import Denied
from lit_plugins.serve.guard.entrance import Entrance
from lit_plugins.serve.guard.hosts import is_loopback, parsed_host
from lit_plugins.serve.guard.origins import embedded_elsewhere, from_elsewhere, is_navigation
from lit_plugins.serve.guard.proxies import is_proxied
from lit_plugins.serve.guard.request_limits import bound_body, check_head
from lit_plugins.serve.guard.tokens import TOKEN_VARIABLE
from lit_plugins.serve.queue import VISITOR
from lit_plugins.serve.responses import refuse
from lit_plugins.serve.wsgi import WsgiApp

Environ = dict[str, Any]

_READ = ("GET", "HEAD")


def guarded(
    app: WsgiApp,
    access: Access,
    *,
    api: Collection[str],
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
) -> WsgiApp:
    """Passes permitted requests on to `app`, with the visitor in the environ.

    Args:
        app: the app; it gets GET and HEAD requests for the page's files, POST requests of JSON
            for the API, and no others.
        access: who may open the page.
        api: the paths of the API; all others are files of the page.
        clock: returns the time in seconds, which never runs backwards.
        wall_clock: returns the seconds since 1970.
    """
    entrance = Entrance(access, clock, wall_clock)

    def serve(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            check_head(environ)
            _check_host(environ, access)
            path = environ.get("PATH_INFO", "")
            if path in api:
                _check_call(environ, access, entrance)
                start_response = entrance.renewing(environ, start_response)
            elif embedded_elsewhere(environ):
                raise Denied(403, "A page of another site may not use this one's files.")
            elif path in PAGE and _is_for_entrance(environ, access):
                return entrance.page(app, environ, start_response)
            else:
                environ[VISITOR] = entrance.visitor(environ)
                _check_method(environ, _READ)
        except Denied as denied:
            return _refused(denied, environ, start_response)
        return app(environ, start_response)

    return serve


def _is_for_entrance(environ: Environ, access: Access) -> bool:
    method = environ["REQUEST_METHOD"]
    return method in _READ or (method == "POST" and access.token is not None)


def _check_host(environ: Environ, access: Access) -> None:
    host = environ.get("HTTP_HOST", "")
    parsed = parsed_host(host)
    if parsed is None:
        raise Denied(400, "The request needs a Host header that names one host.")
    if not access.allows(parsed[0]):
        raise Denied(
            403,
            f"The page may not be opened by the host name {parsed[0][:100]!r}; whoever starts the "
            "server can allow it with --allowed-host.",
        )
    _check_target(environ, host)
    if access.token is None and not _is_from_here(environ):
        raise Denied(
            403,
            "The server has no token, so it answers only its own machine, and no proxy on it; "
            f"start it with a token in {TOKEN_VARIABLE}.",
        )


def _check_target(environ: Environ, host: str) -> None:
    """Checks a full URL in the request line, since its host would override the Host header."""
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or "/"
    if target.startswith("/") or target == "*":
        return
    scheme, _, rest = target.partition("://")
    if scheme.lower() not in ("http", "https") or not rest:
        raise Denied(400, "The request's address is malformed.")
    if rest.partition("/")[0].partition("?")[0].lower() != host.lower():
        raise Denied(403, "The request's address names another host than its Host header.")


def _is_from_here(environ: Environ) -> bool:
    return is_loopback(environ.get("REMOTE_ADDR", "")) and not is_proxied(environ)


def _check_call(environ: Environ, access: Access, entrance: Entrance) -> None:
    sentence = from_elsewhere(environ, access.tls)
    if sentence is not None:
        raise Denied(403, sentence)
    environ[VISITOR] = entrance.visitor(environ)
    _check_method(environ, ("POST",))
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Denied(415, "Send the request's body with Content-Type: application/json.")
    bound_body(environ, MOST_BYTES)


def _check_method(environ: Environ, allowed: Collection[str]) -> None:
    if environ["REQUEST_METHOD"] not in allowed:
        methods = ", ".join(allowed)
        raise Denied(405, f"This address takes {methods} only.", ("Allow", methods))


def _refused(
    denied: Denied, environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    if not is_navigation(environ):
        return refuse(environ, start_response, denied.status, denied.sentence, denied.headers)
    html = welcome.refusal(denied.sentence)
    return welcome.answer_html(environ, start_response, denied.status, html, denied.headers)
