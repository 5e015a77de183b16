"""The app under a real gunicorn, with the settings that the demo has."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lit_plugins.serve import server
from tests.processes.serve.behind_gunicorn import FOLDER
from tests.serve.test_prefix import ask

ROOT = Path(__file__).parents[3]
WAIT_S = 120
TOKEN = "0123456789abcdefghijklmnopqrstuv"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


class Gunicorn:
    """A gunicorn in a process of its own, whose folder tells how far /slow is."""

    def __init__(self, folder, *flags, options=""):
        with server.bind("127.0.0.1", 0) as bound:
            self.port = bound.getsockname()[1]
        self.folder = folder
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "-c", "demos/deploy/gunicorn.conf.py"),
                *("--bind", f"127.0.0.1:{self.port}", *flags),
                f"tests.processes.serve.behind_gunicorn:create(log='requests', {options})",
            ],
            cwd=ROOT,
            env={**os.environ, FOLDER: str(folder), "LIT_PLUGINS_TOKEN": TOKEN},
            stderr=self.log,
        )
        self.until(self.is_up)

    def until(self, condition):
        ends = time.monotonic() + WAIT_S
        while not condition():
            assert time.monotonic() < ends, self.logged()
            assert self.process.poll() is None, self.logged()
            time.sleep(0.05)

    def until_there(self, name):
        self.until((self.folder / name).exists)

    def is_up(self):
        try:
            return self.get("/healthz") == (200, b"ok")
        except OSError:
            return False

    def get(self, path, body=None, headers=BEARER):
        data = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data, {**headers, **kind})
        try:
            with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def post(self, path, body):
        status, answer = self.get(path, body)
        assert status == 200, answer
        return json.loads(answer)

    def logged(self):
        self.log.seek(0)
        return self.log.read()

    def end(self):
        self.process.kill()
        self.process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory):
    started = Gunicorn(tmp_path_factory.mktemp("gunicorn"), options="path_prefix='/lit'")
    yield started
    started.end()


def explained(gunicorn, prefix=""):
    examples = gunicorn.post(f"{prefix}/get_dataset?dataset_name=texts", {})
    inputs = {"inputs": [each["id"] for each in examples]}
    where = "model=sentiment-bow&dataset_name=texts"
    predicted = gunicorn.post(f"{prefix}/get_preds?{where}", inputs)
    path = f"{prefix}/get_interpretations?{where}&interpreter=Integrated%20gradients"
    return predicted, gunicorn.post(path, {**inputs, "config": None})


def test_page_predictions_and_explanations(gunicorn):
    status, page = gunicorn.get("/lit/")
    assert (status, b"<html" in page) == (200, True)
    predicted, explanations = explained(gunicorn, "/lit")
    assert len(predicted) == len(explanations) == 2


def test_strangers_are_refused(gunicorn):
    assert gunicorn.get("/lit/get_info", {}, headers={})[0] == 401
    assert gunicorn.get("/lit/get_info", {}, headers={**BEARER, "Host": "evil"})[0] == 403
    assert gunicorn.get("/get_info", {})[0] == 404


def test_what_a_request_says_of_its_path_does_not_count(gunicorn):
    for header in ("SCRIPT_NAME", "PATH_INFO", "X-Script-Name"):
        assert ask(gunicorn.address, "/lit/healthz", headers=f"{header}: /evil\r\n")[2] == "ok"
        assert ask(gunicorn.address, "/evil/get_info", headers=f"{header}: /evil\r\n")[0] == 404


def test_work_for_a_client_that_has_gone_is_stopped(gunicorn):
    with socket.create_connection(("127.0.0.1", gunicorn.port)) as client:
        client.sendall(b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        gunicorn.until_there("begun")
        assert not (gunicorn.folder / "stopped").exists()
    gunicorn.until_there("stopped")


def test_its_log_is_json_without_tokens(gunicorn):
    gunicorn.get(f"/lit/?token={TOKEN}", headers={"Accept": "text/html"})
    gunicorn.get("/lit/typed-by-somebody")
    logged = gunicorn.logged()
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert {"/healthz", "/", "other"} <= {line["route"] for line in lines}
    assert TOKEN not in logged
    assert "typed-by-somebody" not in logged


def test_a_request_in_progress_is_answered_when_it_ends(tmp_path):
    gunicorn = Gunicorn(tmp_path)
    try:
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(gunicorn.get, "/slow")
            gunicorn.until_there("begun")
            gunicorn.process.send_signal(signal.SIGTERM)
            (tmp_path / "release").touch()
            assert slow.result(WAIT_S) == (200, b"done")
        assert gunicorn.process.wait(WAIT_S) == 0
        with server.bind("127.0.0.1", gunicorn.port):  # free at once
            pass
    finally:
        gunicorn.end()


def test_workers_that_are_made_of_one_process(tmp_path):
    """Models loaded before the fork compute in both workers; one cookie opens both."""
    gunicorn = Gunicorn(tmp_path, "--preload", "--workers", "2")
    try:
        with ThreadPoolExecutor(8) as pool:
            first, *others = pool.map(lambda _: explained(gunicorn), range(8))
        assert all(other == first for other in others)
        page = gunicorn.get(f"/?token={TOKEN}", headers={"Accept": "text/html"})
        assert page[0] == 200
    finally:
        gunicorn.end()
