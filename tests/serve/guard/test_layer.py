"""What is too long, ambiguous or malformed goes no further than the guard."""

from __future__ import annotations

import io
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from lit_plugins.serve.api import MOST_BYTES
from lit_plugins.serve.channel import MOST_OF_STRANGERS
from lit_plugins.serve.guard.access import Access
from lit_plugins.serve.guard.addresses import parameter, without
from lit_plugins.serve.guard.layer import guarded
from lit_plugins.serve.guard.request_limits import LONGEST_ADDRESS, LONGEST_HEADERS
from tests.raw import read, request, send
from tests.serve.guard.guarding import API, BROWSER, JSON, TOKEN, Site


@pytest.fixture(scope="module")
def site():
    return Site(Access())


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


# Lengths.


def test_a_body_with_a_length_is_read(site):
    body = b"{" + b" " * 100_000 + b"}"
    assert json.loads(site.call(body=body).body)["read"] == len(body)


def test_a_body_in_chunks_is_read(site):
    sent = {**JSON, "Transfer-Encoding": "chunked"}
    answer = site.ask("POST", "/get_preds", sent, chunks(b'{"a"', b": 1}"))
    assert json.loads(answer.body)["read"] == 8


def test_a_body_that_says_it_is_too_long_is_refused_before_it_is_sent(site):
    for length in (MOST_BYTES + 1, 10**15, int("9" * 4000)):
        sent = {**JSON, "Content-Length": str(length)}
        answer = site.ask("POST", "/get_preds", sent)  # of which not one byte follows
        assert answer.status == 413
        assert "too long" in answer.error


def test_a_body_in_chunks_that_is_too_long_is_refused(site):
    sent = {"Host": site.host, **JSON, "Transfer-Encoding": "chunked"}
    parts = urlsplit(site.address)
    part = b"100000\r\n" + b" " * 2**20 + b"\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as client:
        client.sendall(request("POST", "/get_preds", sent))
        try:
            for _ in range(MOST_BYTES // 2**20 + 1):
                client.sendall(part)
        except OSError:
            return  # it hung up already
        try:
            answer = read(client)
        except ConnectionError:
            return
    assert answer.status == 413


def test_a_stranger_may_not_fill_the_disk_before_being_asked():
    site = Site(Access(token=TOKEN))
    long = {**JSON, "Content-Length": str(MOST_OF_STRANGERS + 1)}
    wrong = {"Authorization": f"Bearer {TOKEN[:-1]}x"}
    for stranger in ({}, wrong, {"Cookie": f"lit-plugins-{site.port}=a.b"}, {"Host": ""}):
        answer = site.ask("POST", "/get_preds", {**long, **stranger})  # the body does not follow
        assert answer.status == 401
        assert "A token is needed" in answer.error
    sent = {**JSON, "Transfer-Encoding": "chunked"}
    body = b"%x\r\n" % (MOST_OF_STRANGERS + 9) + b" " * MOST_OF_STRANGERS + b"{" * 9
    assert site.ask("POST", "/get_preds", sent, body).status == 401
    # Whoever is in, and a short body, are asked by the guard.
    body = b" " * (MOST_OF_STRANGERS + 1)
    for known in ({"Authorization": f"Bearer {TOKEN}"}, site.cookie()):
        answer = site.call(known, body)
        assert json.loads(answer.body)["read"] == len(body)
    assert site.call(wrong, b"{}").error.startswith("The token is wrong")


@pytest.mark.parametrize(
    "length",
    ["x", "-1", "+5", "5, 5", "5 5", "0x5", "5.0", "\xb2", "1e3", "٥".encode().decode("latin-1")],
)
def test_a_length_that_is_no_number_is_refused(site, length):
    before = len(site.seen)
    assert site.ask("POST", "/get_preds", {**JSON, "Content-Length": length}).status == 400
    assert len(site.seen) == before


def test_a_long_address_of_the_page_is_served(site):
    selected = ",".join(["0123456789abcdef0123456789abcdef"] * 1900)
    assert site.ask("GET", f"/?selection={selected}", BROWSER).status == 200


def test_an_address_that_is_too_long_is_refused(site):
    answer = site.ask("GET", "/?" + "x" * (LONGEST_ADDRESS + 1))
    assert answer.status == 414
    assert "65,536" in answer.error


def test_headers_that_are_too_long_are_refused(site):
    for headers in (
        {"X-One": "x" * LONGEST_HEADERS},
        {f"X-{number}": "y" * 100 for number in range(400)},
        {"Cookie": "z" * 200_000},
    ):
        assert site.ask("GET", "/", headers).status == 431


# Bodies whose end a proxy could see elsewhere (request smuggling).

HIDDEN = b"POST /get_preds HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\r\n"


@pytest.mark.parametrize(
    "head",
    [
        "POST /get_preds HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
        "POST /get_preds HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 4",
        "POST /get_preds HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 90",
        "POST /get_preds HTTP/1.1\r\nContent-Length: 90\r\nContent-Length: 90",
        "POST /get_preds HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked",
        "POST /get_preds HTTP/1.1\r\nTransfer-Encoding: chunked, identity",
        "POST /get_preds HTTP/1.1\r\nTransfer-Encoding: xchunked",
        "POST /get_preds HTTP/1.1\r\nTransfer-Encoding : chunked",
        "POST /get_preds HTTP/1.1\r\nTransfer-Encoding:\x0bchunked",
        "POST /get_preds HTTP/1.1\r\n Transfer-Encoding: chunked",
        "POST /get_preds HTTP/1.1\r\nX: y\nTransfer-Encoding: chunked",
        "POST /get_preds HTTP/1.1\r\nX: y\rTransfer-Encoding: chunked",
    ],
)
def test_an_ambiguous_body_is_refused_and_what_hides_in_it_not_read(site, head):
    before = len(site.seen)
    parts = urlsplit(site.address)
    sent = f"{head}\r\nHost: {site.host}\r\nContent-Type: application/json\r\n\r\n".encode(
        "latin-1"
    )
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as client:
        client.sendall(sent + b"0\r\n\r\n" + HIDDEN)
        answer = read(client)
        assert answer.status in (400, 501)
        assert answer.headers["connection"] == "close"
        assert client.recv(1000) == b""  # no second answer
    assert len(site.seen) == before


@pytest.mark.parametrize(
    "bytes_",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"get / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
    ],
)
def test_bytes_that_are_no_request_are_refused(site, bytes_):
    assert send(site.address, bytes_).status == 400


def test_the_server_serves_on(site):
    assert site.call().status == 200


def test_one_connection_serves_many_requests_and_head_has_no_body(site):
    parts = urlsplit(site.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as client:
        for method, target, status in [
            ("HEAD", "/", 200),
            ("HEAD", "/get_preds", 405),
            ("GET", "/main.js", 200),
        ]:
            client.sendall(request(method, target, {"Host": site.host}))
            received = client.recv(65536)
            assert received.startswith(f"HTTP/1.1 {status} ".encode())
            assert received.endswith(b"\r\n\r\n")  # main.js is empty here


# A server that lets the app see how a body comes, as others than waitress do.


def ask(environ: dict[str, Any], access: Access | None = None) -> tuple[int, dict[str, Any]]:
    seen: dict[str, Any] = {}
    status: list[str] = []

    def app(environ, start_response):
        start_response("200 OK", [])
        length = int(environ.get("CONTENT_LENGTH") or 0)
        seen.update(body=environ["wsgi.input"].read(length), environ=environ)
        return []

    given = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/get_preds",
        "HTTP_HOST": "localhost",
        "CONTENT_TYPE": "application/json",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **environ,
    }
    app = guarded(app, access or Access(), api=API)
    list(app(given, lambda line, headers, exc_info=None: status.append(line)))
    return int(status[0].split()[0]), seen


def test_chunks_that_the_server_leaves_to_the_app_are_read():
    body = io.BytesIO(b'{"a": 1}')
    status, seen = ask({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body})
    assert status == 200
    assert seen["body"] == b'{"a": 1}'


class Endless(io.RawIOBase):
    given = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        part = min(size, 2**20)
        self.given += part
        return b" " * part


def test_endless_chunks_are_read_only_so_far():
    body = Endless()
    status, _ = ask({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": body})
    assert status == 413
    assert body.given == MOST_BYTES + 1


@pytest.mark.parametrize("error", [OSError, ValueError])
def test_chunks_that_break_off_are_refused(error):
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise error("the chunk is none")

    assert ask({"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Broken()})[0] == 400


def test_a_length_and_chunks_are_refused_by_the_guard_too():
    assert ask({"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": "5"})[0] == 400


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "9" * 5000])
def test_a_long_body_is_refused_by_the_guard_too(length):
    body = Endless()
    assert ask({"CONTENT_LENGTH": length, "wsgi.input": body})[0] == 413
    assert body.given == 0


@pytest.mark.parametrize("length", ["x", "-1", "٥", "1_0", " 5"])
def test_a_length_that_is_none_is_refused_by_the_guard_too(length):
    assert ask({"CONTENT_LENGTH": length})[0] == 400


def test_a_unix_socket_needs_a_token():
    for remote in ({"REMOTE_ADDR": ""}, {}):
        environ = {"REMOTE_ADDR": "", **remote}
        assert ask(environ)[0] == 403
        assert (
            ask({**environ, "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, Access(token=TOKEN))[0] == 200
        )


# The page's own address.


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", "./"),
        ("token=x", "./"),
        ("token=x&token=y", "./"),
        ("a=1&token=x&b=2,3", "./?a=1&b=2,3"),
        ("a=%20%26&b&c=", "./?a=%20%26&b&c="),
        ("tokens=x&xtoken=y", "./?tokens=x&xtoken=y"),
        ("%74oken=x&a=1", "./?a=1"),
        ("a=\xfc\x80", "./?a=%FC%80"),
        ("a= b\r\nSet-Cookie: x", "./?a=%20b%0D%0ASet-Cookie:%20x"),
        ("&&a&&", "./?a"),
        ("//evil.example", "./?//evil.example"),
    ],
)
def test_an_address_without_its_token(query, left):
    assert without({"PATH_INFO": "/", "QUERY_STRING": query}, "token") == left


def test_an_address_keeps_its_folder():
    environ = {"SCRIPT_NAME": "/tools/l it", "PATH_INFO": "", "QUERY_STRING": "a=1"}
    assert without(environ, adding="b=2") == "./l%20it/?a=1&b=2"
    assert without({**environ, "SCRIPT_NAME": ""}) == "./?a=1"
    assert without({**environ, "SCRIPT_NAME": "//evil.example"}) == "./evil.example/?a=1"


def test_a_parameter_of_an_address():
    environ = {"QUERY_STRING": "a=1&token=%41+b&token=c"}
    assert parameter(environ, "token") == "A b"
    assert parameter(environ, "b") is None
