import io
import json
import logging
import re

import pytest

from lit_plugins.serve.failures import answering_failures
from lit_plugins.serve.log import JsonLines, with_log
from lit_plugins.serve.queue import VISITOR
from lit_plugins.serve.responses import answer, refuse
from tests.serve.test_prefix import ask
from tests.serving import serve_in_thread

SECRET = "unmistakable \u2028 secret"


class Log:
    """What is logged, as lines; everything that any logger would say."""

    def __init__(self, messages=False):
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(JsonLines(messages=messages))

    @property
    def text(self):
        return self.stream.getvalue()

    @property
    def lines(self):
        return [json.loads(line) for line in self.text.split("\n") if line]

    def of(self, logger):
        return [line for line in self.lines if line["logger"] == logger]


@pytest.fixture(params=[False], ids=["no messages"])
def log(request):
    log = Log(messages=request.param)
    root, requests = logging.getLogger(), logging.getLogger("lit_plugins.requests")
    levels = root.level, requests.level
    root.addHandler(log.handler)
    root.setLevel(logging.INFO)
    requests.setLevel(logging.INFO)
    yield log
    root.removeHandler(log.handler)
    root.setLevel(levels[0])
    requests.setLevel(levels[1])


with_messages = pytest.mark.parametrize("log", [True], indirect=True, ids=["messages"])


def app(environ, start_response):
    environ[VISITOR] = "someone"
    if environ["PATH_INFO"] == "/fails":
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"{SECRET}\n\r") from error
    if environ["PATH_INFO"] == "/here":
        return answer(environ, start_response, 200, b"0123456789", "text/plain")
    return refuse(environ, start_response, 404, "Nothing is here.")


@pytest.fixture
def address():
    return serve_in_thread(with_log(answering_failures(app), {"/here", "/fails"}))


def test_a_request_is_one_line(address, log):
    ask(address, "/here")
    (line,) = log.of("lit_plugins.requests")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line.pop("ms") >= 0
    assert re.fullmatch("[0-9a-f]{12}", line.pop("id"))
    assert re.fullmatch("[0-9a-f]{12}", line.pop("visitor"))
    assert line == {
        "level": "info",
        "logger": "lit_plugins.requests",
        "method": "GET",
        "route": "/here",
        "status": 200,
        "bytes": 10,
    }


def test_a_visitor_is_told_from_another_but_not_named(address, log):
    ask(address, "/here")
    ask(address, "/here")
    first, second = log.of("lit_plugins.requests")
    assert first["visitor"] == second["visitor"]
    assert first["id"] != second["id"]
    assert "someone" not in log.text


def test_a_file_is_named_when_there_is_one(log):
    def files(environ, start_response):
        if environ["PATH_INFO"] == "/main.js":
            return answer(environ, start_response, 304, b"", "text/javascript")
        return refuse(environ, start_response, 403, "You may not.")

    address = serve_in_thread(with_log(files, {"/here"}))
    ask(address, "/main.js")
    ask(address, "/secret.js")
    assert [line["route"] for line in log.lines] == ["/main.js", "other"]


def test_what_was_typed_is_not_written(address, log):
    ask(address, "/secret/path?token=secret", headers="Cookie: a=secret\r\nX-Secret: secret\r\n")
    ask(address, "/here?token=secret", method="SECRET")
    ask(address, "/here%0a%7b%22secret%22")
    assert [(line["method"], line["route"], line["status"]) for line in log.lines] == [
        ("GET", "other", 404),
        ("other", "/here", 200),
        ("GET", "other", 404),
    ]
    assert "secret" not in log.text.lower()


def test_an_error_is_written_as_where_it_came_from(address, log):
    status, _, body = ask(address, "/fails")
    (line,) = log.of("lit_plugins.serve")
    (request,) = log.of("lit_plugins.requests")
    assert status == request["status"] == 500
    assert line["id"] == request["id"] == json.loads(body)["id"]
    assert line["message"] == "A request failed."
    assert (line["error"]["type"], line["error"]["cause"]["type"]) == ("ValueError", "KeyError")
    assert re.fullmatch(r".*test_log\.py:\d+ app", line["error"]["frames"][-1])
    assert "secret" not in log.text + body


@with_messages
def test_messages_are_written_where_they_are_asked_for(address, log):
    ask(address, "/fails")
    (line,) = log.of("lit_plugins.serve")
    assert line["error"]["message"] == f"{SECRET}\n\r"
    assert log.text.isascii()
    assert log.text.count("\n") == 2


@pytest.mark.parametrize("name", ["absl", "waitress", "transformers", "lit_plugins2"])
def test_what_others_log_is_written_without_what_they_say(log, name):
    logging.getLogger(name).error("Uncaught error: %s\n", SECRET)
    logging.getLogger(name).error(f"It broke: {SECRET}")
    for line in log.of(name):
        assert line["level"] == "error"
        assert re.fullmatch(r".*test_log\.py:\d+", line["where"])
    assert len(log.of(name)) == 2 or name == "transformers"  # which may keep to itself
    assert "secret" not in log.text


def test_errors_that_come_of_errors_are_followed_only_so_far(log):
    error: Exception = ValueError("first")
    for _ in range(2000):
        later = ValueError("later")
        later.__cause__ = error
        error = later
    logging.getLogger("lit_plugins.serve").error("x", exc_info=error)
    assert log.text.count('"cause"') == 4


def test_a_deep_recursion_is_cut(log):
    def deeper():
        return deeper()

    try:
        deeper()
    except RecursionError as error:
        logging.getLogger("lit_plugins.serve").error("x", exc_info=error)
    (line,) = log.lines
    assert len(line["error"]["frames"]) == 40
    assert line["error"]["frames"][-1].endswith("deeper")


def test_an_answer_that_is_not_taken_to_its_end_is_logged_once(log):
    closed = []

    class Body(list):
        def close(self):
            closed.append(True)

    served = with_log(lambda environ, start_response: Body([b"abc", b"de"]), {"/here"})
    body = served({"REQUEST_METHOD": "GET", "PATH_INFO": "/here"}, lambda *_: None)
    assert next(iter(body)) == b"abc"
    body.close()
    assert closed == [True]
    assert [line["bytes"] for line in log.lines] == [3]
