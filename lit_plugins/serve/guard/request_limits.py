"""How long a request may be: its address, its headers and its body."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from lit_plugins.serve.guard.denied import Denied

LONGEST_ADDRESS = 64 * 2**10  # the page's own addresses name all selected examples
LONGEST_HEADERS = 32 * 2**10

_PARTS = ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")


def check_head(environ: Mapping[str, Any]) -> None:
    """Passes a request whose address and headers are no longer than they may be.

    Raises:
        Denied: 414 or 431.
    """
    if sum(len(environ.get(part, "")) for part in _PARTS) > LONGEST_ADDRESS:
        raise Denied(414, f"The address has more than {LONGEST_ADDRESS:,} characters.")
    headers = sum(
        len(name) + len(value) for name, value in environ.items() if name.startswith("HTTP_")
    )
    if headers > LONGEST_HEADERS:
        raise Denied(431, f"The headers have more than {LONGEST_HEADERS:,} characters.")


def bound_body(environ: dict[str, Any], most: int) -> None:
    """Passes a body that says how long it is, and reads one that does not as far as it may go.

    Args:
        environ: afterwards it has the body's length in any case.
        most: bytes.

    Raises:
        Denied: 413, or 400 for a length that is none.
    """
    length = environ.get("CONTENT_LENGTH") or ""
    in_chunks = "HTTP_TRANSFER_ENCODING" in environ
    if length and in_chunks:
        raise Denied(400, "The body has both a length and a transfer encoding; send one of them.")
    if length and not (length.isascii() and length.isdecimal()):
        raise Denied(400, f"The Content-Length {length[:40]!r} is no number.")
    if in_chunks:
        body = _read(environ, most + 1)
        environ["wsgi.input"] = io.BytesIO(body)
        length = environ["CONTENT_LENGTH"] = str(len(body))
        del environ["HTTP_TRANSFER_ENCODING"]
    # Of thousands of digits Python makes no number.
    if len(length) > len(str(most)) + 20 or int(length or 0) > most:
        raise Denied(413, f"The request's body has more than {most:,} bytes; send less at once.")


def _read(environ: Mapping[str, Any], most: int) -> bytes:
    parts: list[bytes] = []
    try:
        while most > 0 and (part := environ["wsgi.input"].read(most)):
            parts.append(part)
            most -= len(part)
    except Exception as error:  # each server has its own for chunks that are none
        raise Denied(400, "The request's body ends early or is malformed.") from error
    return b"".join(parts)
