"""Checks, by browsers' headers, that a request comes from the page itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_OTHER_SITES = ("cross-site", "same-site")


def is_navigation(environ: Mapping[str, Any]) -> bool:
    """Tells whether somebody opens the address, rather than a script or a page fetching it."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return False
    mode = environ.get("HTTP_SEC_FETCH_MODE")
    if mode is not None:
        return mode == "navigate"
    return "text/html" in environ.get("HTTP_ACCEPT", "")


def from_elsewhere(environ: Mapping[str, Any], tls: bool) -> str | None:
    """Looks for signs that another site's page sent the request.

    A request without an origin does not come from a browser: browsers send the origin with every
    request that may change something.

    Args:
        environ: a request whose Host header has been checked.
        tls: whether browsers reach the page by https only.

    Returns:
        The reason to refuse the request; None if it bears no sign of another page.
    """
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and not is_own(origin, environ["HTTP_HOST"], tls):
        return (
            f"The origin {origin[:100]!r} is not this page's own; if it is, let the proxy in front "
            "hand on the Host header as it came."
        )
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None and site != "same-origin":
        return f"A page of another site asked (Sec-Fetch-Site: {site[:20]})."
    return None


def embedded_elsewhere(environ: Mapping[str, Any]) -> bool:
    """Tells whether another site's page embeds a file of this one."""
    return environ.get("HTTP_SEC_FETCH_SITE") in _OTHER_SITES and not is_navigation(environ)


def may_lack_cookie(environ: Mapping[str, Any]) -> bool:
    """Tells whether a browser may have withheld the strict cookie, because a link led here.

    Over plain HTTP to another machine, browsers do not send Sec-Fetch-Site, so the answer is True.
    """
    return environ.get("HTTP_SEC_FETCH_SITE", "cross-site") in _OTHER_SITES


def is_own(origin: str, host: str, tls: bool) -> bool:
    """Tells whether an origin is the page's own.

    Args:
        origin: the browser's Origin header.
        host: the Host header.
        tls: whether the scheme must be https; otherwise both are accepted, since a proxy in front
            may end TLS.
    """
    schemes = ("https",) if tls else ("http", "https")
    return origin in [f"{scheme}://{_without_default(scheme, host.lower())}" for scheme in schemes]


def _without_default(scheme: str, host: str) -> str:
    """Removes the scheme's own port, which browsers leave out and some proxies add."""
    return host.removesuffix(":443" if scheme == "https" else ":80")
