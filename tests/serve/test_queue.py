import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from werkzeug.test import Client

from lit_plugins.runtime import cancellation
from lit_plugins.runtime.cancellation import Stopped, stopping_when
from lit_plugins.runtime.turns import in_turn
from lit_plugins.serve import queue as module
from lit_plugins.serve.failures import answering_failures
from lit_plugins.serve.places import Places, Refused
from lit_plugins.serve.queue import ModelQueue, fair


class Gate:
    """Holds the model up until it is opened, so that a queue forms behind."""

    def __init__(self, queue):
        self._opened = threading.Event()
        begun = threading.Event()

        def hold():
            begun.set()
            assert self._opened.wait(30)

        def request():
            with queue.request("gate"):
                in_turn(hold)

        self._thread = threading.Thread(target=request)
        self._thread.start()
        assert begun.wait(30)

    def open(self):
        self._opened.set()
        self._thread.join(30)


def waiting(queue, count):
    """Until so many batches wait."""
    ends = time.monotonic() + 30
    while len(queue._waiting) < count:
        assert time.monotonic() < ends
        time.sleep(0.001)


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as threads:
        yield threads


def run(queue, visitor, done, name, batches=1):
    with queue.request(visitor):
        for _ in range(batches):
            in_turn(lambda: done.append(name))


def test_batches_run_in_one_thread_that_is_not_the_requests(pool):
    queue = ModelQueue()

    def request(visitor):
        with queue.request(visitor):
            return [in_turn(threading.current_thread) for _ in range(3)]

    threads = {thread for each in pool.map(request, "abcd") for thread in each}
    assert {thread.name for thread in threads} == {"model"}
    assert len(threads) == 1


def test_visitors_take_turns_however_much_one_of_them_asks(pool):
    queue, done = ModelQueue(), []
    gate = Gate(queue)
    long = pool.submit(run, queue, "long", done, "long", 4)
    waiting(queue, 1)
    short = pool.submit(run, queue, "short", done, "short")
    waiting(queue, 2)
    gate.open()
    long.result(30), short.result(30)
    assert done.index("short") <= 1


def test_of_one_visitors_requests_those_that_are_quick_go_before_a_long_one(pool, monkeypatch):
    monkeypatch.setattr(module, "_QUICK_S", 0.0)
    queue, done = ModelQueue(), []
    begun, release = threading.Event(), threading.Event()

    def long():
        with queue.request("me"):
            in_turn(lambda: done.append("long"))
            begun.set()
            assert release.wait(30)
            in_turn(lambda: done.append("long"))

    first = pool.submit(long)
    assert begun.wait(30)
    gate = Gate(queue)
    release.set()
    waiting(queue, 1)
    second = pool.submit(run, queue, "me", done, "quick")
    waiting(queue, 2)
    gate.open()
    first.result(30), second.result(30)
    assert done == ["long", "quick", "long"]


def test_who_comes_later_has_no_more_time_than_those_who_are_there(pool):
    queue = ModelQueue()
    with queue.request("old"):
        in_turn(lambda: time.sleep(0.01))
        served = queue._served_s["old"]
        with queue.request("new"):
            in_turn(lambda: None)
            assert queue._served_s["new"] >= served > 0


def test_what_a_batch_raises_is_its_requests(pool):
    queue = ModelQueue()

    def fail():
        raise SystemExit("whatever a model does")

    with queue.request("a"), pytest.raises(SystemExit, match="whatever a model does"):
        in_turn(fail)
    with queue.request("a"):
        assert in_turn(lambda: 3) == 3


def test_a_batch_may_ask_for_another():
    queue = ModelQueue()
    with queue.request("a"):
        assert in_turn(lambda: in_turn(lambda: 3)) == 3


def test_a_batch_whose_request_has_left_asks_for_another_and_the_next_is_served(pool):
    queue = ModelQueue()
    begun, release, ended = threading.Event(), threading.Event(), threading.Event()
    given_up = threading.Event()

    def over():
        if given_up.is_set():
            raise Refused(503, "It took too long.")
        return False

    def batch():
        begun.set()
        assert release.wait(30)
        try:
            in_turn(lambda: None)
        finally:
            ended.set()

    def request():
        with stopping_when(over), queue.request("a"):
            in_turn(batch)

    hung = pool.submit(request)
    assert begun.wait(30)
    given_up.set()
    with pytest.raises(Refused):
        hung.result(30)
    release.set()
    assert ended.wait(30)
    with queue.request("b"):
        assert in_turn(lambda: 3) == 3


def test_no_batch_of_a_request_that_has_left_is_run():
    queue = ModelQueue()
    with queue.request("a"):
        later = copy_context()
    with pytest.raises(Stopped):
        later.run(in_turn, lambda: None)


def test_a_thread_that_dies_is_replaced_and_the_log_says_so(monkeypatch, caplog):
    queue = ModelQueue()
    order, deaths = ModelQueue._order, iter([MemoryError("whatever")])

    def dying(self, batch):
        for death in deaths:
            raise death
        return order(self, batch)

    monkeypatch.setattr(ModelQueue, "_order", dying)
    for number in range(3):
        with queue.request("a"):
            assert in_turn(lambda number=number: number) == number
    (record,) = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.getMessage() == "The thread that runs the models has failed; another one starts."


def test_a_batch_sees_whether_its_own_client_has_gone():
    queue = ModelQueue()
    with stopping_when(lambda: False), queue.request("a"):
        in_turn(cancellation.check)
    gone = threading.Event()

    def work():
        gone.set()
        cancellation.check()

    with stopping_when(gone.is_set), queue.request("a"), pytest.raises(Stopped):
        in_turn(work)


def test_a_request_that_is_given_up_leaves_the_queue(pool):
    queue, done = ModelQueue(), []
    gate = Gate(queue)
    gone = threading.Event()

    def given_up():
        with stopping_when(gone.is_set), pytest.raises(Stopped):
            run(queue, "a", done, "given up")

    request = pool.submit(given_up)
    waiting(queue, 1)
    gone.set()
    request.result(30)
    gate.open()
    run(queue, "b", done, "next")
    assert done == ["next"]


def test_a_model_that_hangs_holds_up_nobody_for_longer_than_the_deadline(pool):
    queue, release, ended = ModelQueue(), threading.Event(), threading.Event()

    def hang():
        assert release.wait(30)
        ended.set()

    def app(environ, start_response):
        in_turn(hang if environ["PATH_INFO"] == "/hang" else lambda: None)
        start_response("200 OK", [])
        return [b"done"]

    client = Client(
        answering_failures(fair(app, queue, Places(), lambda environ: False, deadline_s=0.3))
    )
    hung = client.post("/hang")
    assert hung.status_code == 503
    assert "took longer than 0.3 s" in hung.get_json()["error"]
    assert client.post("/quick").data == b"done"
    release.set()
    assert ended.wait(30)
    assert client.post("/quick").data == b"done"


def test_a_deadline_ends_work_between_its_batches():
    steps = []

    def app(environ, start_response):
        while True:
            cancellation.check()
            steps.append(True)
            time.sleep(0.01)

    client = Client(
        answering_failures(fair(app, ModelQueue(), Places(), lambda environ: False, 0.1))
    )
    assert client.post("/").status_code == 503
    assert steps


def test_visitors_are_told_apart_by_who_they_are_or_whence_they_come():
    queue, seen = ModelQueue(), []

    def app(environ, start_response):
        in_turn(lambda: seen.extend(queue._requests))
        start_response("200 OK", [])
        return []

    client = Client(fair(app, queue, Places(), lambda environ: False))
    client.post("/", environ_overrides={module.VISITOR: "ada"})
    client.post("/", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert seen == ["ada", "192.0.2.1"]
