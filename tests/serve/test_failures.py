import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from werkzeug.test import Client

from lit_plugins.runtime.cancellation import Stopped
from lit_plugins.serve.failures import answering_failures
from lit_plugins.serve.places import Refused
from lit_plugins.serve.responses import REQUEST


def failing(error):
    def app(environ, start_response):
        raise error

    return answering_failures(app)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("secret text in /home/ada/model.py"),
        KeyError("secret text"),
        MemoryError("secret text"),
        RecursionError("secret text"),
        SystemExit("secret text"),
        KeyboardInterrupt("secret text"),
        type("Odd", (BaseException,), {})("secret text"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failure_says_where_to_look_and_nothing_else(error, caplog):
    with ThreadPoolExecutor(1) as pool:  # as a server's threads
        answer = pool.submit(lambda: Client(failing(error)).post("/")).result()
    content = answer.get_json()
    assert answer.status_code == 500
    assert set(content) == {"error", "id"}
    assert (
        content["error"] == f"The server could not answer; its log says why, under {content['id']}."
    )
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.request == content["id"]
    assert record.exc_info[1] is error
    assert "secret" not in record.getMessage()


def test_the_main_thread_may_be_told_to_end():
    assert threading.current_thread() is threading.main_thread()
    with pytest.raises(SystemExit):
        Client(failing(SystemExit(0))).post("/")


@pytest.mark.parametrize("status", [429, 503])
def test_who_is_refused_is_told_when_to_come_again(status, caplog):
    answer = Client(failing(Refused(status, "Busy; try again."))).post("/")
    assert answer.status_code == status
    assert answer.headers["Retry-After"].isdecimal()
    assert answer.get_json()["error"] == "Busy; try again."
    assert not caplog.records


def test_a_client_that_has_gone_is_no_failure(caplog):
    assert Client(failing(Stopped())).post("/").status == "499 Client Closed Request"
    assert not caplog.records


def test_every_request_has_an_id_of_its_own():
    seen = []

    def app(environ, start_response):
        seen.append(environ[REQUEST])
        start_response("200 OK", [])
        return []

    client = Client(answering_failures(app))
    client.get("/")
    client.get("/")
    assert len(set(seen)) == 2
