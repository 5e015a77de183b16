"""A small app behind the guard, as a server has it, that shows what got through."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from lit_plugins.serve.failures import answering_failures
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.headers import secured
from lit_plugins.serve.guard.layer import guarded
from lit_plugins.serve.queue import VISITOR
from lit_plugins.serve.responses import answer
from tests.raw import Answer, request, send
from tests.serving import serve_in_thread

API = ("/get_preds", "/get_info")
TOKEN = "kVb8_Q0fKp2xXw5uTz7mLr4sYc1nHd9e"
BROWSER = {"Accept": "text/html,application/xhtml+xml"}
JSON = {"Content-Type": "application/json"}


class Site:
    """A served page with two routes.

    Attributes:
        address: where it is.
        host: the same as a Host header has it.
        seen: the environ of every request that got through.
    """

    def __init__(
        self,
        access: Access,
        *,
        clock: Callable[[], float] = lambda: 0.0,
        wall_clock: Callable[[], float] = time.time,
        remote: str | None = None,
        prefix: str = "",
        scheme: str = "http",
    ):
        """Starts it.

        Args:
            access: who may come in.
            clock: the guard's.
            wall_clock: the same, by which cookies end.
            remote: the address that requests are from; None for their own.
            prefix: the path below which it stands.
            scheme: as the server sees it.
        """
        self.seen: list[dict[str, Any]] = []
        inner = guarded(self._app, access, api=API, clock=clock, wall_clock=wall_clock)

        def as_from(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if remote is not None:
                environ["REMOTE_ADDR"] = remote
            environ["wsgi.url_scheme"] = scheme
            if prefix:
                environ["SCRIPT_NAME"] = prefix
                environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix(prefix)
            return inner(environ, start_response)

        app = secured(answering_failures(as_from), (), access.frame_ancestors)
        self.address = serve_in_thread(app, access)
        self.host = urlsplit(self.address).netloc
        self.port = urlsplit(self.address).port

    def ask(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        **how: Any,
    ) -> Answer:
        """A request with a right Host header, unless the headers name one."""
        sent = {"Host": self.host, **(headers or {})}
        return send(self.address, request(method, target, sent, body, **how))

    def call(self, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Answer:
        """A call of the API as a script makes it."""
        return self.ask("POST", "/get_preds", {**JSON, **(headers or {})}, body)

    def cookie(self, token: str = TOKEN) -> dict[str, str]:
        """The cookie of who opened the page with the token, as a header."""
        (cookie,) = self.ask("GET", f"/?token={token}", BROWSER).cookies
        return {"Cookie": cookie.partition(";")[0]}

    def _app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.seen.append(environ)
        path = environ["PATH_INFO"]
        if path in API:
            length = int(environ.get("CONTENT_LENGTH") or 0)
            said = {"read": len(environ["wsgi.input"].read(length)), "who": environ[VISITOR]}
            body = json.dumps(said).encode()
            return answer(environ, start_response, 200, body, "application/json")
        if path == "/boom":
            raise ZeroDivisionError("a secret of the model's")
        if path == "/unchanged":
            start_response("304 Not Modified", [("Cache-Control", "no-cache")])
            return []
        html = b"<!doctype html><title>Page</title><script src=main.js></script>"
        script, kind = (b"", "text/javascript") if path == "/main.js" else (html, "text/html")
        headers = [("Cache-Control", "no-cache")]
        return answer(environ, start_response, 200, script, kind, headers)
