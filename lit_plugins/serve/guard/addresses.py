"""Addresses of the page: its paths and the parameters after the question mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote_plus

PAGE = ("", "/", "/index.html")
"""The paths of the page itself."""

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def parameter(environ: Mapping[str, Any], name: str) -> str | None:
    """Returns the first value of a parameter in the address; None if the parameter is absent."""
    for part in environ.get("QUERY_STRING", "").split("&"):
        key, _, value = part.partition("=")
        if unquote_plus(key) == name:
            return unquote_plus(value)
    return None


def without(environ: Mapping[str, Any], *names: str, adding: str = "") -> str:
    """Returns the page's address without some parameters, relative to the request's address.

    Args:
        environ: a request for the page.
        names: the parameters to remove; all others stay.
        adding: a parameter to add, as `name=value`.
    """
    parts = environ.get("QUERY_STRING", "").split("&")
    kept = [part for part in parts if part and unquote_plus(part.partition("=")[0]) not in names]
    query = "&".join([*kept, adding] if adding else kept)
    # Bytes beyond ASCII arrive as Latin-1 characters, and are sent as the bytes' escapes.
    escaped = quote(query, safe=_PRINTABLE, encoding="latin-1")
    folder = "./"
    if not environ.get("PATH_INFO"):  # without a final slash, browsers resolve one level higher
        folder += quote(environ.get("SCRIPT_NAME", "").rpartition("/")[2], encoding="latin-1")
        folder = folder.rstrip("/") + "/"
    return f"{folder}?{escaped}" if escaped else folder
