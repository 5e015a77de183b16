"""What an answer looks like: a body with its length, or a refusal as one sentence of JSON."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

REQUEST = "lit_plugins.request"
"""Where a request's environ has the id that its refusal and the log name it by."""

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
    """A whole answer; to HEAD without the body, but with its length.

    Args:
        environ: the request.
        start_response: as in PEP 3333.
        status: its number.
        body: the bytes.
        kind: their media type.
        headers: what goes beside type and length.
    """
    phrase = "Client Closed Request" if status == _GIVEN_UP else HTTPStatus(status).phrase
    start_response(
        f"{status} {phrase}",
        [("Content-Type", kind), ("Content-Length", str(len(body))), *headers],
    )
    # Not every server leaves it out, and it would be read as the next answer.
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]


def takes_gzip(environ: Mapping[str, Any]) -> bool:
    """Whether a client says that it can unpack what gzip has packed."""
    given = (each.partition(";") for each in environ.get("HTTP_ACCEPT_ENCODING", "").split(","))
    return any(
        name.strip().lower() == "gzip" and not _NEVER.fullmatch(weight) for name, _, weight in given
    )


def refuse(
    environ: dict[str, Any],
    start_response: Callable[..., Any],
    status: int,
    sentence: str,
    headers: Headers = (),
) -> Iterable[bytes]:
    """A refusal as JSON, under the request's id."""
    body = refusal_body(sentence, environ.get(REQUEST, ""))
    headers = [("Cache-Control", "no-store"), *headers]
    return answer(environ, start_response, status, body, "application/json", headers)


def not_found(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Refuses what no part of the app answers; itself an app."""
    return refuse(environ, start_response, 404, "There is nothing at this address.")


def refusal_body(sentence: str, request: str) -> bytes:
    """A refusal as JSON: `{"error": the sentence, "id": the request's}`."""
    return json.dumps({"error": sentence, "id": request}).encode()


def new_request_id() -> str:
    """What a request goes by in its refusal and in the log."""
    return secrets.token_hex(6)
