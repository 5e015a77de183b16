import logging
import socket
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from lit_plugins.errors import UserError
from lit_plugins.runtime import cancellation
from lit_plugins.serve import server
from tests.serving import queued, serve_in_thread


def test_any_free_port():
    with server.bind("127.0.0.1", 0) as bound:
        assert bound.getsockname()[1] > 0


def test_without_a_port_the_next_free_one_is_taken(monkeypatch):
    with server.bind("127.0.0.1", 0) as taken:
        monkeypatch.setattr(server, "DEFAULT_PORT", taken.getsockname()[1])
        with server.bind("127.0.0.1", None) as bound:
            assert bound.getsockname()[1] > taken.getsockname()[1]


def test_a_named_port_that_is_taken_is_refused():
    with server.bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"Port {port} is in use; name another"):
            server.bind("127.0.0.1", port)


def test_of_two_servers_that_start_at_once_one_gets_the_port():
    with server.bind("127.0.0.1", 0) as free:
        port = free.getsockname()[1]

    def outcome(_):
        try:
            return server.bind("127.0.0.1", port)
        except UserError as refusal:
            return str(refusal)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(8)))
    (bound,) = [outcome for outcome in outcomes if isinstance(outcome, socket.socket)]
    bound.close()
    assert {outcome for outcome in outcomes if outcome is not bound} == {
        f"Port {port} is in use; name another with --port, or none for the next free one."
    }


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("203.0.113.7", 0, "Other machines can reach 203.0.113.7; name the hosts"),
        ("0.0.0.0", 0, "Other machines can reach 0.0.0.0; name the hosts"),
        ("::", 0, "Other machines can reach ::; name the hosts"),
        ("no.such.host.invalid", 0, "The host 'no.such.host.invalid' is not an address"),
        ("127.0.0.1", 70000, "The port 70000 is not from 0 to 65535"),
        ("127.0.0.1", -1, "The port -1 is not from 0 to 65535"),
    ],
)
def test_other_addresses_are_refused(host, port, message):
    with pytest.raises(UserError, match=message):
        server.bind(host, port)


def get(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return answer.read()


def test_a_slow_answer_does_not_hold_up_others():
    released, waiting = threading.Event(), threading.Event()

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            waiting.set()
            assert released.wait(30)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    address = serve_in_thread(app)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(get, address + "slow")
        assert waiting.wait(30)
        assert get(address + "fast") == b"/fast"
        assert not slow.done()
        released.set()
        assert slow.result() == b"/slow"


def test_work_for_a_client_that_has_gone_is_stopped(caplog):
    steps: list[bool] = []
    begun, ended = threading.Event(), threading.Event()

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/long":
            try:
                while True:
                    cancellation.check()
                    steps.append(True)
                    begun.set()
                    time.sleep(0.01)
            finally:
                ended.set()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"here"]

    address = serve_in_thread(queued(app))
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port)) as client:
        client.sendall(b"POST /long HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        assert begun.wait(30)
    assert ended.wait(30)
    done = len(steps)
    assert get(address) == b"here"
    assert len(steps) == done
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_work_for_a_client_that_waits_goes_on():
    def app(environ, start_response):
        for _ in range(50):
            cancellation.check()
            time.sleep(0.001)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"done"]

    assert get(serve_in_thread(queued(app))) == b"done"


def test_the_socket_takes_no_connection_before_it_serves():
    with server.bind("127.0.0.1", 0) as bound, pytest.raises(ConnectionRefusedError):
        socket.create_connection(bound.getsockname())
