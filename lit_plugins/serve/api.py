"""The app's routes over HTTP: requests send JSON by POST, responses are strict JSON."""

from __future__ import annotations

import gzip
import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.serve.responses import answer, not_found, refuse, takes_gzip
from lit_plugins.serve.wsgi import WsgiApp

MOST_BYTES = 32 * 2**20
"""Largest request body, in bytes."""

MOST_VALUES = 2_000_000
"""Largest number of values in a request body. One takes a few bytes as JSON, about 80 in memory."""

_MOST_OPTIONS = 32
_WORTH_PACKING = 1024
_QUICKLY = 4  # gzip's level: more than half of the saving, in a fraction of the time
_HALF_A_CHARACTER = re.compile(rb"\\u[dD][89a-fA-F]")


class Answering(Protocol):
    """An object that answers the page's requests, such as `lit_plugins.lit.app.App`."""

    @property
    def routes(self) -> Collection[str]: ...

    def answer(self, route: str, query: Mapping[str, str], body: Any) -> str: ...


def api(app: Answering) -> WsgiApp:
    """Answers POST requests for the app's routes; refuses other methods (405) and paths (404)."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        route = environ.get("PATH_INFO", "")
        if route not in app.routes:
            return not_found(environ, start_response)
        if environ["REQUEST_METHOD"] != "POST":
            return refuse(
                environ, start_response, 405, "Send this request by POST.", [("Allow", "POST")]
            )
        query = _query(environ.get("QUERY_STRING", ""))
        body = app.answer(route, query, parsed(_body(environ))).encode()
        headers = [("Cache-Control", "no-store"), ("Vary", "Accept-Encoding")]
        if len(body) >= _WORTH_PACKING and takes_gzip(environ):
            body = gzip.compress(body, _QUICKLY, mtime=0)
            headers.append(("Content-Encoding", "gzip"))
        return answer(environ, start_response, 200, body, "application/json", headers)

    return serve


def parsed(body: bytes) -> Any:
    """Parses strict JSON: all numbers are finite, all characters complete.

    Returns:
        The value; None for an empty body.

    Raises:
        UserError: the body is not strict JSON in UTF-8.
        TooLarge: the body may hold more than `MOST_VALUES` values.
    """
    if not body:
        return None
    # An upper bound on the number of values: it also counts these characters inside texts.
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise TooLarge(
            f"The request has more than {MOST_VALUES:,} commas and brackets; send less at once."
        )
    try:
        value = json.loads(body.decode(), parse_constant=_no_number, parse_float=_finite)
        if _HALF_A_CHARACTER.search(body):
            # Fails for a lone surrogate; a pair of surrogates is one valid character.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise UserError("The request's body is not JSON; send a JSON object in UTF-8.") from error
    return value


def _query(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            text.encode("latin-1").decode(),  # PEP 3333 hands bytes on as Latin-1
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_OPTIONS,
        )
    except ValueError as error:
        raise UserError("The request's address cannot be read; send escaped UTF-8.") from error
    return dict(pairs)


def _body(environ: Mapping[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise UserError(f"The Content-Length {length[:40]!r} is not a number.")
    if int(length) > MOST_BYTES:
        raise TooLarge(f"The request has more than {MOST_BYTES // 2**20} MiB; send less at once.")
    body = environ["wsgi.input"].read(int(length))
    if len(body) < int(length):
        raise UserError("The request's body ends early; send all of it.")
    return body


def _no_number(name: str) -> None:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
