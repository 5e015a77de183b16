import threading

import pytest

from lit_plugins.runtime import cancellation
from lit_plugins.runtime.batching import run_batches
from lit_plugins.runtime.cancellation import Stopped, held, stopping_when


def test_without_a_caller_nothing_stops():
    cancellation.check()


def test_work_stops_when_the_caller_has_gone():
    gone = False
    with stopping_when(lambda: gone):
        cancellation.check()
        gone = True
        with pytest.raises(Stopped):
            cancellation.check()
    cancellation.check()


def test_the_inner_caller_counts_and_the_outer_one_comes_back():
    with stopping_when(lambda: True):
        with stopping_when(lambda: False):
            cancellation.check()
        with pytest.raises(Stopped):
            cancellation.check()


def test_other_threads_have_their_own_callers():
    ended = []

    def work() -> None:
        cancellation.check()
        ended.append(True)

    with stopping_when(lambda: True):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert ended == [True]


def test_no_handler_of_failures_takes_it_for_one():
    assert not issubclass(Stopped, Exception)


def test_no_batch_is_run_once_the_caller_has_gone():
    ran: list[list[int]] = []

    def compute(picked: list[int]) -> list[int]:
        ran.append(picked)
        return picked

    with stopping_when(lambda: len(ran) == 2), pytest.raises(Stopped):
        run_batches([5] * 6, compute, 5)
    assert ran == [[0], [1]]


def test_a_lock_that_others_keep_holds_up_nobody_who_has_gone():
    lock = threading.Lock()
    with held(lock), stopping_when(lambda: True), pytest.raises(Stopped), held(lock):
        pass
    with held(lock):
        pass
    assert not lock.locked()
