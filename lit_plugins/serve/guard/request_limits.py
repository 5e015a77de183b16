"""Limits on the length of a request's address, headers and body."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from lit_plugins.serve.guard.denied import Denied

LONGEST_ADDRESS = 64 * 2**10
"""Longest address, in characters; the page's own addresses name all selected examples."""

LONGEST_HEADERS = 32 * 2**10
"""Longest headers, in characters of all names and values together."""

_PARTS = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")


def check_head(environ: Mapping[str, Any]) -> None:
    """Checks that a request's address and headers are not too long.

    Raises:
        Denied: 414 for the address, 431 for the headers.
    """
    if sum(len(environ.get(part, "")) for part in _PARTS) > LONGEST_ADDRESS:
        raise Denied(414, f"The address has more than {LONGEST_ADDRESS:,} characters.")
    headers = sum(
        len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_")
    )
    if headers > LONGEST_HEADERS:
        raise Denied(431, f"The headers have more than {LONGEST_HEADERS:,} characters.")


def bound_body(environ: dict[str, Any], most: int) -> None:
    """Checks the length of a request's body; reads a chunked body, up to the limit, to learn it.

    Args:
        environ: the request, changed in place: a chunked body is replaced by its bytes, with a
            Content-Length.
        most: largest length, in bytes.

    Raises:
        Denied: 413 for a body that is too long, 400 for a malformed length or body.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    in_chunks = "HTTP_TRANSFER_ENCODING" in environ
    if length and in_chunks:
        raise Denied(400, "The body has both a length and a transfer encoding; send one of them.")
    if length and not (length.isascii() and length.isdecimal()):
        raise Denied(400, f"The Content-Length {length[:40]!r} is not a number.")
    if in_chunks:
        body = _read(environ, most + 1)
        environ["wsgi.input"] = io.BytesIO(body)
        length = environ["CONTENT_LENGTH"] = str(len(body))
        del environ["HTTP_TRANSFER_ENCODING"]
    # int() refuses thousands of digits.
    if len(length) > len(str(most)) + 20 or int(length or 0) > most:
        raise Denied(413, f"The request's body has more than {most:,} bytes; send less at once.")


def _read(environ: Mapping[str, Any], most: int) -> bytes:
    parts: list[bytes] = []
    try:
        while most > 0 and (part := environ["wsgi.input"].read(most)):
            parts.append(part)
            most -= len(part)
    except Exception as error:  # servers raise different exceptions for malformed chunks
        raise Denied(400, "The request's body ends early or is malformed.") from error
    return b"".join(parts)
