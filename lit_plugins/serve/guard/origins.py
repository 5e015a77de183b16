"""Whether a request comes from the page itself, as browsers tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_OTHER_SITES = ("cross-site", "same-site")


def is_navigation(environ: Mapping[str, Any]) -> bool:
    """Whether somebody goes to the address, rather than a script or a page that fetches it."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return False
    mode = environ.get("HTTP_SEC_FETCH_MODE")
    if mode is not None:
        return mode == "navigate"
    return "text/html" in environ.get("HTTP_ACCEPT", "")


def from_elsewhere(environ: Mapping[str, Any], tls: bool) -> str | None:
    """What gives a request away as another page's; None if nothing does.

    A request without any of it is no browser's: those send the origin of all that may change
    something.

    Args:
        environ: with a Host that was checked.
        tls: whether the page is reached by https only.
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
    """Whether another site's page makes a file of this one part of itself."""
    return environ.get("HTTP_SEC_FETCH_SITE") in _OTHER_SITES and not is_navigation(environ)


def may_lack_cookie(environ: Mapping[str, Any]) -> bool:
    """Whether the browser may have kept a strict cookie back, since a link led here.

    Over plain HTTP from another machine browsers do not tell.
    """
    return environ.get("HTTP_SEC_FETCH_SITE", "cross-site") in _OTHER_SITES


def is_own(origin: str, host: str, tls: bool) -> bool:
    """Whether an origin is the page's own.

    Args:
        origin: as the browser gives it.
        host: the Host header.
        tls: whether the scheme must be https; else either will do, for TLS may end before.
    """
    schemes = ("https",) if tls else ("http", "https")
    return origin in [f"{scheme}://{host.lower()}" for scheme in schemes]
