import gzip
import io
import json

import pytest
from werkzeug.test import Client

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.serve import api as module
from lit_plugins.serve.api import api, parsed
from lit_plugins.serve.failures import answering_failures


class Echo:
    routes = ("/echo",)

    def answer(self, route, query, body):
        return json.dumps([route, dict(query), body])


@pytest.fixture
def client():
    return Client(answering_failures(api(Echo())))


def test_a_question_reaches_the_app(client):
    answer = client.post("/echo?model=a%20b&class=%C3%A9&empty=", data='{"text": "né 😀"}')
    assert answer.get_json() == [
        "/echo",
        {"model": "a b", "class": "é", "empty": ""},
        {"text": "né 😀"},
    ]
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_empty_body_is_none(client):
    assert client.post("/echo").get_json() == ["/echo", {}, None]


@pytest.mark.parametrize("path", ["/", "/other", "/echo/", "/echo/..", "//echo", "/ECHO", "/%2e"])
def test_other_addresses_are_not_found(client, path):
    answer = client.post(path, data="{}")
    assert answer.status_code == 404
    assert answer.get_json()["error"] == "There is nothing at this address."


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_are_refused(client, method):
    answer = client.open("/echo", method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_long_answers_are_packed_for_who_can_unpack_them(client):
    body = json.dumps("x" * 5000)
    packed = client.post("/echo", data=body, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < 200
    plain = client.post("/echo", data=body)
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    short = client.post("/echo", data='"x"', headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers


@pytest.mark.parametrize(
    ("accepted", "packs"),
    [
        ("br, GZIP ;q=0.5", True),
        ("gzip;q=1", True),
        ("gzip;q=0", False),
        ("br, gzip; q=0.000", False),
        ("x-gzip", False),
        ("", False),
    ],
)
def test_who_refuses_gzip_gets_none(client, accepted, packs):
    body = json.dumps("x" * 5000)
    answer = client.post("/echo", data=body, headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in answer.headers) == packs


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'a': 1}",
        b"[1,]",
        b"NaN",
        b'{"a": Infinity}',
        b"[-Infinity]",
        b"1e999",
        b"-1e999",
        b"\xff\xfe",
        b'"\xe9"',
        '"\ufeff"'.encode("utf-16"),
        b'"\\ud800"',
        b'{"\\udc00 half": 1}',
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b"9" * 5000,
        b'"\x00"',
        b"{} {}",
    ],
)
def test_what_is_not_strict_json_is_refused(client, body):
    answer = client.post("/echo", data=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("The request's body is not JSON")


@pytest.mark.parametrize("value", [b"[],", b"0,", b"{},"])
def test_more_values_than_memory_should_hold_are_refused(client, value):
    answer = client.post("/echo", data=b"[" + value * 2_000_000 + b"0]")
    assert answer.status_code == 413
    assert answer.get_json()["error"].startswith("The request has more than 2,000,000 commas")


def test_a_character_of_two_halves_is_whole():
    assert parsed(b'"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize("query", ["a=%ff", "&".join(f"a{n}=" for n in range(40)), "a=%ed%a0%80"])
def test_addresses_that_cannot_be_read_are_refused(client, query):
    answer = client.post(f"/echo?{query}", data="{}")
    assert answer.status_code == 400
    assert answer.get_json()["error"].startswith("The request's address cannot be read")


def ask(body, length):
    seen = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/echo",
        "CONTENT_LENGTH": length,
        "wsgi.input": io.BytesIO(body),
    }
    content = b"".join(
        answering_failures(api(Echo()))(environ, lambda status, headers: seen.append(status))
    )
    return seen[0], json.loads(content)


@pytest.mark.parametrize("length", ["-1", "1.5", "two", "+2", "²", "0x2"])
def test_a_length_that_is_no_number_is_refused(length):
    status, content = ask(b"{}", length)
    assert status == "400 Bad Request"
    assert "is not a number" in content["error"]


def test_a_body_that_ends_early_is_refused():
    status, content = ask(b"{}", "20")
    assert status == "400 Bad Request"
    assert content["error"] == "The request's body ends early; send all of it."


def test_a_body_that_is_too_long_is_not_read(monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES", 2**20)
    status, content = ask(b"", str(2**20 + 1))
    assert status == "413 Request Entity Too Large"
    assert content["error"] == "The request has more than 1 MiB; send less at once."


def test_a_body_without_a_length_is_empty():
    assert ask(b"{}", "")[1] == ["/echo", {}, None]


@pytest.mark.parametrize(("error", "status"), [(UserError, 400), (TooLarge, 413)])
def test_what_the_app_refuses_is_told(error, status):
    class Refusing(Echo):
        def answer(self, route, query, body):
            raise error("The thing is wrong; mend it.")

    answer = Client(answering_failures(api(Refusing()))).post("/echo")
    assert answer.status_code == status
    assert answer.get_json()["error"] == "The thing is wrong; mend it."
    assert len(answer.get_json()["id"]) == 12
