"""The page's own addresses: where it stands, and what it says after the question mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote_plus

PAGE = ("", "/", "/index.html")
"""The paths of the page itself."""

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def parameter(environ: Mapping[str, Any], name: str) -> str | None:
    """The first value of a parameter in the address; None if it has none."""
    for each in environ.get("QUERY_STRING", "").split("&"):
        key, _, value = each.partition("=")
        if unquote_plus(key) == name:
            return unquote_plus(value)
    return None


def without(environ: Mapping[str, Any], *names: str, adding: str = "") -> str:
    """The page's address, relative to the request's, without some parameters; others stay.

    Args:
        environ: a request for the page.
        names: the parameters that go.
        adding: a parameter that comes.
    """
    parts = environ.get("QUERY_STRING", "").split("&")
    kept = [each for each in parts if each and unquote_plus(each.partition("=")[0]) not in names]
    query = "&".join([*kept, adding] if adding else kept)
    # What is no ASCII came in as bytes, and goes out as their escapes.
    escaped = quote(query, safe=_PRINTABLE, encoding="latin-1")
    folder = "./"
    if not environ.get("PATH_INFO"):  # where relative addresses start one level further up
        folder += quote(environ.get("SCRIPT_NAME", "").rpartition("/")[2], encoding="latin-1")
        folder = folder.rstrip("/") + "/"
    return f"{folder}?{escaped}" if escaped else folder
