"""The page below a path of another server, which hands the path on or takes it away."""

from __future__ import annotations

import http.client
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.serve import create_app
from tests.browser.page import VIEWPORT, LitPage
from tests.serving import serve_in_thread

PREFIX = "/tools/lit"
TOKEN = "0123456789abcdefghijklmnopqrstuv"
_HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding")


def proxy(target: str, takes_away: bool) -> str:
    """Starts a proxy and returns the address below which it shows the target."""
    there = urlsplit(target).netloc

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            path = self.path.removeprefix(PREFIX) if takes_away else self.path
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = dict(self.headers.items())
            headers["X-Forwarded-For"] = "203.0.113.7"
            connection = http.client.HTTPConnection(there, timeout=60)
            connection.request(self.command, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_GET = do_HEAD = do_POST = handle_any

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}{PREFIX}/"


@pytest.fixture(params=[True, False], ids=["taken away", "handed on"])
def shown(request: pytest.FixtureRequest) -> str:
    takes_away = request.param
    app = create_app(
        EMBEDDED_MODELS,
        {"texts": ["so good", "not bad at all"]},
        token=TOKEN,
        path_prefix="" if takes_away else PREFIX,
        log=None,
    )
    return proxy(serve_in_thread(app), takes_away)


def test_the_page_works_below_a_path(browser: Browser, shown: str) -> None:
    page = browser.new_page(viewport=VIEWPORT)
    lit = LitPage.watched(page)
    page.goto(f"{shown}?token={TOKEN}")
    expect(lit.rows()).to_have_count(2)
    lit.wait_idle()
    assert page.url.startswith(f"{shown}?")
    assert TOKEN not in page.url
    lit.select("not bad at all")
    lit.wait_idle()
    assert lit.problems == []
    page.close()
