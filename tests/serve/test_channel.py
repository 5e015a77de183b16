"""Connections that send too slowly, read too slowly, or are too many."""

import socket
import time
from contextlib import ExitStack, contextmanager

import pytest

from lit_plugins.serve import channel
from lit_plugins.serve.responses import answer
from tests.raw import read, request
from tests.serving import serve_in_thread

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nX-More: "
WHOLE = request("GET", "/", {"Host": "x"})
LARGE = b"x" * 30_000_000


def app(environ, start_response):
    body = LARGE if environ["PATH_INFO"] == "/large" else b"ok"
    return answer(environ, start_response, 200, body, "text/plain")


@pytest.fixture(scope="module")
def address():
    return serve_in_thread(app)


@contextmanager
def connection(address):
    host, _, port = address.removeprefix("http://").strip("/").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as client:
        yield client


def asks(client):
    client.sendall(WHOLE)
    return read(client).body == b"ok"


def is_closed(client, trickle=b""):
    """Waits until the server has closed a connection that sends a byte now and then."""
    client.settimeout(0.05)
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            client.sendall(trickle)
            if client.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def hangs_up(client):
    """Waits until the server has closed a connection that sends and never reads."""
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            client.sendall(b"x")
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("sent", [b"", HEAD], ids=["nothing", "half a head"])
def test_a_connection_closes_without_a_head_in_time(address, monkeypatch, sent):
    monkeypatch.setattr(channel, "HEAD_S", 0.2)
    with connection(address) as client:
        client.sendall(sent)
        assert is_closed(client, trickle=b"s" if sent else b"")


def test_a_body_has_more_time_than_a_head(address, monkeypatch):
    monkeypatch.setattr(channel, "HEAD_S", 0.2)
    whole = request("POST", "/", {"Host": "x"}, b"x" * 1000)
    with connection(address) as body, connection(address) as head:
        body.sendall(whole[:-900])
        head.sendall(HEAD)
        assert is_closed(head)
        body.sendall(whole[-900:])
        assert read(body).status == 200


def test_a_body_has_no_time_without_end(address, monkeypatch):
    monkeypatch.setattr(channel, "REQUEST_S", 0.2)
    with connection(address) as client:
        client.sendall(request("POST", "/", {"Host": "x"}, b"x" * 1000)[:-900])
        assert is_closed(client, trickle=b"x")


def test_a_connection_between_requests_is_kept(address, monkeypatch):
    monkeypatch.setattr(channel, "HEAD_S", 0.2)
    with connection(address) as client:
        assert asks(client)
        with connection(address) as other:
            assert is_closed(other)
        assert asks(client)


def test_who_takes_nothing_of_an_answer_is_left(address, monkeypatch):
    monkeypatch.setattr(channel, "STALLED_S", 0.2)
    with connection(address) as client:
        client.sendall(request("GET", "/large", {"Host": "x"}) * 2)
        assert hangs_up(client)


def test_an_address_with_too_many_connections_loses_those_that_have_asked_nothing(
    address, monkeypatch
):
    with ExitStack() as opened:
        client = opened.enter_context(connection(address))
        assert asks(client)
        monkeypatch.setattr(channel, "MOST_OF_ADDRESS", 3)
        idle = [opened.enter_context(connection(address)) for _ in range(5)]
        assert asks(client)
        assert asks(idle[-1])
        assert sum(is_closed(each) for each in idle[:3]) == 3


def test_all_connections_together_have_a_bound_as_well(address, monkeypatch):
    monkeypatch.setattr(channel, "MOST_CONNECTIONS", 2)
    with ExitStack() as opened:
        first = opened.enter_context(connection(address))
        others = [opened.enter_context(connection(address)) for _ in range(2)]
        assert is_closed(first)
        assert all(map(asks, others))
