"""What fails inside or is left half done by a client: one sentence of JSON, and it serves on."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from functools import partial
from typing import Any
from unittest import mock
from urllib.parse import urlencode, urlsplit

import pandas as pd
import pytest
import torch

from lit_plugins.serve import create_app, factory
from lit_plugins.serve.log import JsonLines
from lit_plugins.serve.queue import fair
from tests.raw import Answer, read, request
from tests.serving import serve_in_thread

MODEL, DATASET = "model", "texts"
TEXT = "a wonderful film that never feels dull"
SECRET = f"/home/someone/weights.bin could not read {TEXT!r}"
DEADLINE_S = 1.0


class CustomError(Exception):
    """As a package of others may raise, with what it was given in its message."""


FAILURES = (
    *(RuntimeError(SECRET), KeyError(SECRET), ValueError(SECRET), CustomError(SECRET)),
    *(OSError(2, "No such file", "/home/someone/weights.bin"), AssertionError(SECRET)),
    *(SystemExit(SECRET), KeyboardInterrupt(SECRET), GeneratorExit(SECRET), RecursionError(SECRET)),
    *(StopIteration(SECRET), UnicodeDecodeError("utf-8", b"\xff", 0, 1, SECRET)),
)


class Site:
    """A served model that can be made to fail.

    Attributes:
        address: where it is, with a slash at the end.
    """

    def __init__(self, classifier: Any):
        self._network = classifier.network
        with mock.patch.object(factory, "fair", partial(fair, deadline_s=DEADLINE_S)):
            app = create_app(
                {MODEL: classifier}, {DATASET: pd.DataFrame({"text": [TEXT, "dull"]})}, log=None
            )
        self.address = serve_in_thread(app)
        self._asked = 0

    @property
    def run(self) -> Any:
        """One forward pass."""
        return self._network.run

    def failing(self, run: Any) -> Any:
        """A patch by which the model does something else."""
        return mock.patch.object(self._network, "run", run)

    def ask(self) -> Answer:
        """For the prediction of a text that is not known yet."""
        self._asked += 1
        return self.send(self.question(f"{TEXT} {self._asked}"))

    def question(self, text: str) -> bytes:
        """A request for a prediction."""
        options = {"model": MODEL, "dataset_name": DATASET, "requested_types": "MulticlassPreds"}
        body = {"inputs": [{"data": {"sentence": text}, "id": "", "meta": {}}]}
        return self.post(f"/get_preds?{urlencode(options)}", json.dumps(body).encode())

    def post(self, target: str, body: bytes, **headers: str) -> bytes:
        """A request as the page sends it."""
        host = urlsplit(self.address).netloc
        kind = {"Host": host, "Content-Type": "application/json", "Connection": "close"}
        return request("POST", target, {**kind, **headers}, body)

    def connect(self) -> socket.socket:
        """A connection."""
        parts = urlsplit(self.address)
        return socket.create_connection((parts.hostname, parts.port), timeout=60)

    def send(self, bytes_: bytes) -> Answer:
        """What is answered."""
        with self.connect() as client:
            client.sendall(bytes_)
            return read(client)

    def serves(self) -> bool:
        """Whether it answers a text that it does not know with a probability."""
        answer = self.ask()
        (found,) = json.loads(answer.body)
        return answer.status == 200 and abs(sum(found["probas"]) - 1) < 1e-5


@pytest.fixture(scope="module")
def site(classifier) -> Site:
    return Site(classifier("bert").with_labels(("negative", "positive")))


@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_a_failure_is_told_to_the_log_only(site, caplog, error):
    def run(*_: Any, **__: Any) -> Any:
        raise error

    with site.failing(run):
        answer = site.ask()
    assert answer.status == 500
    number = json.loads(answer.body)["id"]
    assert answer.error == f"The server could not answer; its log says why, under {number}."
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.request == number
    assert record.exc_info[0] is not None
    # Nor does the log hold what the text was, but where it was that it failed.
    line = JsonLines().format(record)
    assert TEXT not in line
    assert number in line
    assert "test_faults.py" in line
    assert site.serves()


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(SECRET),
        torch.OutOfMemoryError(SECRET),
        RuntimeError(f"DefaultCPUAllocator: can't allocate memory: {SECRET}"),
    ],
    ids=["Python", "CUDA", "CPU"],
)
def test_a_text_that_does_not_fit_in_memory_is_refused(site, error):
    def run(*_: Any, **__: Any) -> Any:
        raise error

    with site.failing(run):
        answer = site.ask()
    assert answer.status == 400
    assert "does not fit in memory" in answer.error
    assert TEXT not in answer.error
    assert "/" not in answer.error
    assert site.serves()


def test_what_is_no_number_is_no_prediction(site):
    whole = site.run

    def run(*arguments: Any, **options: Any) -> Any:
        output = whole(*arguments, **options)
        output.logits.fill_(torch.nan)
        return output

    with site.failing(run):
        answer = site.ask()
    assert answer.status == 400
    assert TEXT not in answer.error
    print(answer.error)
    assert b"NaN" not in answer.body
    assert site.serves()


def test_a_model_that_hangs_is_left_alone_at_the_deadline(site):
    released = threading.Event()

    def run(*_: Any, **__: Any) -> Any:
        released.wait(60)
        raise RuntimeError(SECRET)

    try:
        with site.failing(run):
            answer = site.ask()
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) > 0
        assert answer.error.startswith(f"The answer took longer than {DEADLINE_S:g} s")
        assert site.serves()  # while the first still hangs
    finally:
        released.set()


def test_a_deep_recursion_is_answered(site):
    def run(*_: Any, **__: Any) -> Any:
        return run()

    with site.failing(run):
        assert site.ask().status == 500
    assert site.serves()


@pytest.mark.parametrize("kept", [10, 60, -1], ids=["half a line", "half a head", "half a body"])
def test_half_a_request_ends_with_its_connection(site, kept):
    whole = site.question("half")
    with site.connect() as client:
        client.sendall(whole[:kept])
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1000) == b""
    assert site.serves()


def test_half_a_request_keeps_nobody_waiting(site):
    with site.connect() as first, site.connect() as second:
        first.sendall(site.question("half")[:60])
        second.sendall(site.question("half")[:-1])
        assert site.serves()


def test_a_longer_body_than_is_said_is_no_second_request(site):
    hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with site.connect() as client:
        client.sendall(site.post("/get_info", b"{}") + hidden)
        assert read(client).status == 200
        assert client.recv(1000) == b""
    assert site.serves()


def test_a_reader_that_never_reads_keeps_nobody_waiting(site):
    options = urlencode({"dataset_name": DATASET})
    with site.connect() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.sendall(site.post(f"/get_dataset?{options}", b"{}") * 3)
        time.sleep(0.1)
        assert site.serves()


def test_a_log_that_cannot_be_written_hinders_nobody(site, monkeypatch):
    import logging

    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    handler = logging.StreamHandler(Broken())
    monkeypatch.setattr("sys.stderr", Broken())
    logging.getLogger("lit_plugins.serve").addHandler(handler)

    def run(*_: Any, **__: Any) -> Any:
        raise RuntimeError(SECRET)

    try:
        with site.failing(run):
            assert site.ask().status == 500
        assert site.serves()
    finally:
        logging.getLogger("lit_plugins.serve").removeHandler(handler)
