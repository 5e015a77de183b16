"""The log: one JSON object a line for each request or error, never with users' texts.

No query, header, body, cookie or token is logged, and no text of a request. Messages of errors and
of other packages may quote a text: they are logged only on request.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, TextIO

from lit_plugins.serve.queue import VISITOR
from lit_plugins.serve.responses import REQUEST
from lit_plugins.serve.wsgi import WsgiApp

LOGS = ("errors", "requests")
"""Kinds of log: errors only, or errors and every request."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
_OTHER = "other"
_OWN = "lit_plugins"
_FILE = (200, 304)
_FIELDS = ("method", "route", "status", "ms", "bytes", "visitor")
_FRAMES = 40  # largest number of frames logged for an error, the innermost ones
_CAUSES = 4  # largest number of an error's causes that are logged
# Keyed for this process: anybody could undo a plain hash by hashing all possible addresses.
_KEY = secrets.token_bytes(16)

_requests = logging.getLogger(f"{_OWN}.requests")


def write_log(stream: TextIO | None = None, *, messages: bool = False) -> None:
    """Writes all log records of this process, of every package, as lines of JSON.

    Args:
        stream: the stream to write to; None for stderr.
        messages: whether to write messages of errors and of other packages, which may quote texts.
    """
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(JsonLines(messages=messages))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _requests.setLevel(logging.INFO)
    # Otherwise waitress warns at every busy moment how many requests wait.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


class JsonLines(logging.Formatter):
    """Formats a record as a line of JSON.

    Args:
        messages: whether to write messages of errors and of other packages.
    """

    def __init__(self, *, messages: bool = False):
        super().__init__()
        self._messages = messages

    def format(self, record: logging.LogRecord) -> str:
        """Writes time, level and logger, then a request's fields or an error's origin."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "id": getattr(record, "request", ""),
        }
        if record.name == _requests.name:
            line.update((name, getattr(record, name)) for name in _FIELDS)
        else:
            line["where"] = f"{record.pathname}:{record.lineno}"
            # Messages of this package quote no text.
            if self._messages or record.name.partition(".")[0] == _OWN:
                line["message"] = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = self._error(record.exc_info[1])
        # json.dumps escapes all but ASCII, so no character can end or hide a line.
        return json.dumps(line)

    def _error(self, error: BaseException, causes: int = _CAUSES) -> dict[str, Any]:
        told: dict[str, Any] = {"type": type(error).__qualname__}
        if self._messages:
            told["message"] = str(error)
        frames = traceback.extract_tb(error.__traceback__, limit=-_FRAMES)
        told["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is not None and causes:
            told["cause"] = self._error(cause, causes - 1)
        return told


def with_log(app: WsgiApp, routes: Collection[str]) -> WsgiApp:
    """Logs every request once its response has been sent.

    Args:
        app: the app; it changes the environ in place: it sets the request's id and visitor, and
            removes a path prefix from PATH_INFO.
        routes: paths that are always logged by name. A file's path is logged if the file exists;
            any other path is logged as "other", since somebody may have typed anything there.
    """

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun = time.perf_counter()
        method = environ["REQUEST_METHOD"]
        status = 0

        def started(line: str, headers: Any, exc_info: Any = None) -> Any:
            nonlocal status
            status = int(line.split(" ", 1)[0])
            return start_response(line, headers, *([exc_info] if exc_info else []))

        def ended(sent: int) -> None:
            path = environ.get("PATH_INFO", "")
            _requests.info(
                "A request was answered.",
                extra={
                    "request": environ.get(REQUEST, ""),
                    "method": method if method in _METHODS else _OTHER,
                    "route": path if path in routes or status in _FILE else _OTHER,
                    "status": status,
                    "ms": round((time.perf_counter() - begun) * 1000, 1),
                    "bytes": sent,
                    "visitor": _pseudonym(environ.get(VISITOR, "")),
                },
            )

        try:
            body = app(environ, started)
        except BaseException:
            ended(0)
            raise
        return _Counted(body, ended)

    return serve


class _Counted:
    """A response body that reports the number of bytes sent when it is closed."""

    def __init__(self, body: Iterable[bytes], ended: Callable[[int], None]):
        self._body = body
        self._ended = ended
        self._sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._sent += len(part)
            yield part

    def close(self) -> None:
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._ended(self._sent)


def _pseudonym(visitor: str) -> str:
    if not visitor:
        return ""
    return hashlib.blake2b(visitor.encode(), key=_KEY, digest_size=6).hexdigest()
