import socket
import urllib.parse

import pytest

from lit_plugins.errors import UserError
from lit_plugins.serve.prefix import checked_prefix, with_prefix
from lit_plugins.serve.responses import answer, refuse
from tests.serving import serve_in_thread


def page(environ, start_response):
    where = f"{environ['SCRIPT_NAME']} {environ['PATH_INFO']}"
    return answer(environ, start_response, 200, where.encode("latin-1"), "text/plain")


def outside(environ, start_response):
    return refuse(environ, start_response, 404, "Nothing is here.")


@pytest.fixture(scope="module")
def address():
    return serve_in_thread(with_prefix(page, "/tools/lit", outside))


def ask(address, path, method="GET", headers=""):
    """Status line, headers and body, of a path that is sent as it is."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as client:
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n"
        client.sendall(head.encode("latin-1"))
        with client.makefile("rb") as answered:
            head, _, body = answered.read().partition(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = dict(field.split(": ", 1) for field in fields)
    return int(status.split()[1]), headers, body.decode("latin-1")


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/tools/lit/", "/tools/lit /"),
        ("/tools/lit/get_info?a=b", "/tools/lit /get_info"),
        ("/tools/lit/tools/lit/x", "/tools/lit /tools/lit/x"),
        # Nothing below knows such paths; what counts is that none of them becomes another.
        ("/tools/lit/../../etc/passwd", "/tools/lit /../../etc/passwd"),
        ("/tools/lit/%2e%2e/x", "/tools/lit /../x"),
        ("/tools/lit//evil.example/x", "/tools/lit //evil.example/x"),
    ],
)
def test_what_lies_below_sees_the_rest_of_its_path(address, path, seen):
    assert ask(address, path)[::2] == (200, seen)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/get_info",
        "/tools",
        "/tools/",
        "/tools/lit2/",
        "/tools/litter",
        "/tools/lit%00/",
        "/tools/./lit/",
        "/tools//lit/",
        "/x/../tools/lit/",
        "/tools/LIT/",
        "/tools%2flit2/",
        "/tools/lit.",
    ],
)
def test_what_lies_elsewhere_is_not_found(address, path):
    assert ask(address, path)[0] == 404


@pytest.mark.parametrize("query", ["", "?models=a,b&layout=compare"])
def test_the_prefix_alone_leads_to_its_slash(address, query):
    status, headers, body = ask(address, "/tools/lit" + query)
    assert (status, headers["Location"], body) == (307, "/tools/lit/" + query, "")


def test_it_leads_nowhere_else(address):
    for path in ("//evil.example/tools/lit", "/tools/lit%0d%0aX-Evil:%20yes", "/tools/lit%2f"):
        status, headers, _ = ask(address, path)
        assert "Location" not in headers
        assert "X-Evil" not in headers
        assert status in (200, 404)
    assert ask(address, "/tools/lit", method="POST", headers="Content-Length: 0\r\n")[0] == 404


def test_what_a_request_says_of_a_prefix_does_not_count(address):
    headers = "X-Script-Name: /evil\r\nSCRIPT_NAME: /evil\r\nX-Forwarded-Prefix: /evil\r\n"
    assert ask(address, "/tools/lit/", headers=headers)[2] == "/tools/lit /"
    assert ask(address, "/evil/", headers=headers)[0] == 404


@pytest.mark.parametrize(
    ("given", "prefix"),
    [("", ""), ("/", ""), ("/lit", "/lit"), ("/tools/lit/", "/tools/lit"), ("/~me/a.b-c_2", None)],
)
def test_prefixes_end_without_a_slash(given, prefix):
    assert checked_prefix(given) == (given if prefix is None else prefix)


@pytest.mark.parametrize(
    "given",
    ["lit", "//lit", "/a//b", "/..", "/a/../b", "/.", "/a b", "/a?b", "/a%20b", "/a\r\nb", "/ä"],
)
def test_other_prefixes_are_refused(given):
    with pytest.raises(UserError, match="The path prefix .* such as /tools/lit"):
        checked_prefix(given)
