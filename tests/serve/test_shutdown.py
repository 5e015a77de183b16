import errno
import json
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from lit_plugins.runtime import cancellation
from lit_plugins.serve import server
from lit_plugins.serve.responses import answer
from lit_plugins.serve.shutdown import Running
from tests.serving import queued

WAIT_S = 60


class Served:
    """A server in a thread, whose app answers /slow when it is let go, /ever and /stuck never."""

    def __init__(self, grace_s):
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.running = Running(grace_s)
        self.waiting: list[int] = []
        self.bound = server.bind("127.0.0.1", 0)
        self.host, self.port = self.bound.getsockname()
        server.start(self.running, queued(self.app), self.bound)
        self.thread = threading.Thread(target=self.running.run, args=(self.waiting.append,))
        self.thread.start()

    def app(self, environ, start_response):
        path = environ["PATH_INFO"]
        if path != "/":
            self.begun.set()
        while path in ("/slow", "/ever") and not (path == "/slow" and self.let_go.is_set()):
            cancellation.check()
            time.sleep(0.01)
        if path == "/stuck":
            assert self.let_go.wait(WAIT_S)
        return answer(environ, start_response, 200, b"done", "text/plain")

    def get(self, path):
        try:
            with urllib.request.urlopen(
                f"http://{self.host}:{self.port}{path}", timeout=WAIT_S
            ) as answered:
                return answered.status, answered.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def connect(self):
        return socket.create_connection((self.host, self.port), timeout=WAIT_S)

    def is_closed(self):
        try:
            self.connect().close()
        except ConnectionError as error:
            return isinstance(error, ConnectionRefusedError)  # no reset of one that came too late
        return False


@pytest.fixture
def served():
    made = []

    def make(grace_s=WAIT_S):
        made.append(Served(grace_s))
        return made[-1]

    yield make
    for each in made:
        each.let_go.set()
        each.running.stop()
        each.thread.join(WAIT_S)


def until(condition):
    ends = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_request_in_progress_is_answered_and_no_other_begins(served):
    one = served()
    with ThreadPoolExecutor(1) as pool, one.connect() as idle:
        slow = pool.submit(one.get, "/slow")
        assert one.begun.wait(WAIT_S)
        one.running.stop()
        until(one.is_closed)
        assert idle.recv(1) == b""  # a connection that waits for nothing ends
        assert not slow.done()
        one.let_go.set()
        assert slow.result(WAIT_S) == (200, b"done")
    one.thread.join(WAIT_S)
    assert not one.thread.is_alive()
    assert one.waiting == [1]


def test_one_that_goes_on_is_stopped_and_told_so(served):
    one = served(grace_s=0.1)
    with ThreadPoolExecutor(1) as pool:
        ever = pool.submit(one.get, "/ever")
        assert one.begun.wait(WAIT_S)
        one.running.stop()
        status, body = ever.result(WAIT_S)
    assert (status, json.loads(body)["error"]) == (503, "The server is stopping; try again soon.")
    one.thread.join(WAIT_S)
    assert not one.thread.is_alive()


def test_one_that_cannot_be_stopped_holds_nothing_up(served):
    one = served(grace_s=0.1)
    with one.connect() as client:
        client.sendall(b"GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n")
        assert one.begun.wait(WAIT_S)
        one.running.stop()
        assert client.recv(1) == b""
    one.thread.join(WAIT_S)
    assert not one.thread.is_alive()


def test_its_port_is_free_at_once(served):
    one = served()
    assert one.get("/") == (200, b"done")
    one.running.stop()
    one.thread.join(WAIT_S)
    with server.bind(one.host, one.port) as bound:
        assert bound.getsockname()[1] == one.port
    assert one.waiting == []


def test_a_long_answer_is_sent_to_its_end():
    long = b"x" * 30_000_000
    begun = threading.Event()

    def app(environ, start_response):
        begun.set()
        return answer(environ, start_response, 200, long, "text/plain")

    running = Running()
    with server.bind("127.0.0.1", 0) as bound:
        server.start(running, app, bound)
        thread = threading.Thread(target=running.run)
        thread.start()
        with socket.create_connection(bound.getsockname(), timeout=WAIT_S) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert begun.wait(WAIT_S)
            running.stop()
            received = 0
            while part := client.recv(1 << 20):
                received += len(part)
        thread.join(WAIT_S)
    assert received > len(long)


def test_a_server_that_ends_while_it_is_told_to_is_stopped():
    def pull_trigger():
        raise OSError(errno.EBADF, "Bad file descriptor")

    running = Running(0)
    running.take(SimpleNamespace(pull_trigger=pull_trigger), {})
    running.stop()
