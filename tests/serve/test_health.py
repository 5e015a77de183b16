import json

import pytest

from lit_plugins.serve.health import with_health
from lit_plugins.serve.prefix import with_prefix
from lit_plugins.serve.responses import answer
from tests.serve.test_prefix import ask
from tests.serving import serve_in_thread


def guarded(environ, start_response):
    return answer(environ, start_response, 401, b"Who are you?", "text/plain")


@pytest.fixture(scope="module")
def address():
    health = with_health(guarded)
    return serve_in_thread(with_prefix(health, "/lit", health))


@pytest.mark.parametrize("path", ["/healthz", "/lit/healthz"])
def test_anyone_may_ask_by_any_name_of_the_host(address, path):
    status, headers, body = ask(address, path)
    assert (status, body) == (200, "ok")
    assert headers["Cache-Control"] == "no-store"
    assert ask(address, f"{path}?verbose=1", headers="Accept: application/json\r\n")[2] == "ok"


def test_head_has_no_body(address):
    status, headers, body = ask(address, "/healthz", method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "2", "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_it_answers_nothing_else(address, method):
    status, headers, body = ask(address, "/healthz", method=method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert json.loads(body)["error"] == "/healthz answers GET and HEAD only."


@pytest.mark.parametrize("path", ["/healthz/", "/healthz/x", "//healthz2", "/HEALTHZ", "/health"])
def test_all_else_is_guarded(address, path):
    assert ask(address, path)[0] == 401
