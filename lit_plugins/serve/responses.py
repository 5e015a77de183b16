"""Responses: a body with its length, or a refusal as one sentence of JSON."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

REQUEST = "lit_plugins.request"
"""Environ key of a request's id, which appears in its refusal and in the log."""

Headers = Sequence[tuple[str, str]]

_NEVER = re.compile(r"\s*q\s*=\s*0(\.0*)?\s*")
_GIVEN_UP = 499  # what servers' logs show for a client that has gone


def answer(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    status: int,
    body: bytes,
    kind: str,
    headers: Headers = (),
) -> Iterable[bytes]:
    """Sends a whole response; for HEAD, its headers without the body.

    Args:
        environ: the request.
        start_response: as in PEP 3333.
        status: the HTTP status.
        body: the bytes.
        kind: the media type of the bytes.
        headers: headers besides Content-Type and Content-Length.

    Returns:
        The body's parts; none for HEAD.
    """
    phrase = "Client Closed Request" if status == _GIVEN_UP else HTTPStatus(status).phrase
    start_response(
        f"{status} {phrase}",
        [("Content-Type", kind), ("Content-Length", str(len(body))), *headers],
    )
    # Not every server drops the body of HEAD; clients would read it as the next response.
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def takes_gzip(environ: Mapping[str, Any]) -> bool:
    """Tells whether a client accepts gzip."""
    codings = environ.get("HTTP_ACCEPT_ENCODING", "").split(",")
    return any(
        name.strip().lower() == "gzip" and not _NEVER.fullmatch(weight)
        for name, _, weight in (coding.partition(";") for coding in codings)
    )


def refuse(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    status: int,
    sentence: str,
    headers: Headers = (),
) -> Iterable[bytes]:
    """Sends a refusal as JSON, with the request's id."""
    body = refusal_body(sentence, environ.get(REQUEST, ""))
    headers = [("Cache-Control", "no-store"), *headers]
    return answer(environ, start_response, status, body, "application/json", headers)


def not_found(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answers 404 to any request; a WSGI app."""
    return refuse(environ, start_response, 404, "There is nothing at this address.")


def refusal_body(sentence: str, request: str) -> bytes:
    """Makes the JSON of a refusal: `{"error": the sentence, "id": the request's id}`."""
    return json.dumps({"error": sentence, "id": request}).encode()


def new_request_id() -> str:
    """Makes a random id for a request, as its refusal and the log show it."""
    return secrets.token_hex(6)
