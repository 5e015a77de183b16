import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from lit_plugins.runtime.cancellation import Stopped, stopping_when
from lit_plugins.runtime.single_flight import Once
from lit_plugins.runtime.turns import given_by


def a_cache(max_bytes: int = 10**6) -> Once[str]:
    return Once(max_bytes, lambda _: 700)


class Slow:
    """Makes the value of "a", or fails to, once it may go on."""

    def __init__(self, failure: BaseException | None = None):
        self._failure = failure
        self._begun = threading.Event()
        self.go_on = threading.Event()

    def begin(self, kept: Once[str], pool: ThreadPoolExecutor) -> Future[list[str]]:
        """Asks for it in a thread of its own, which is at work by the time this returns."""
        asked = pool.submit(kept.get, ["a"], self._make)
        assert self._begun.wait(30)
        return asked

    def _make(self, picked):
        self._begun.set()
        assert self.go_on.wait(30)
        if self._failure is not None:
            raise self._failure
        return ["A"]


class Work:
    """Makes a value of each key, and notes which."""

    def __init__(self, keys: list[str]):
        self.keys = keys
        self.made: list[str] = []

    def __call__(self, picked):
        for index in picked:
            self.made.append(self.keys[index])
            yield self.keys[index].upper()


def test_each_is_computed_once_and_given_in_the_order_asked_for():
    kept = a_cache()
    first, second = Work(list("abab")), Work(list("cbad"))
    assert kept.get(first.keys, first) == list("ABAB")
    assert kept.get(second.keys, second) == list("CBAD")
    assert first.made == ["a", "b"]
    assert second.made == ["c", "d"]


def test_memory_is_bounded_and_answers_are_complete_all_the_same():
    kept = a_cache(5000)
    work = Work([str(number) for number in range(100)])
    assert kept.get(work.keys, work) == work.keys
    again = Work(work.keys)
    assert kept.get(again.keys, again) == work.keys
    assert 0 < len(again.made) <= 100


def test_two_who_ask_at_once_share_the_work():
    kept = a_cache()
    slow = Slow()
    with ThreadPoolExecutor(2) as pool:
        first = slow.begin(kept, pool)
        second = pool.submit(kept.get, ["b", "a"], Work(["b", "a"]))
        slow.go_on.set()
        assert second.result(30) == ["B", "A"]
        assert first.result(30) == ["A"]


def test_what_is_ready_is_kept_when_the_rest_fails():
    kept = a_cache()

    def failing(picked):
        yield "A"
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        kept.get(["a", "b"], failing)
    work = Work(["a", "b"])
    assert kept.get(work.keys, work) == ["A", "B"]
    assert work.made == ["b"]


def test_one_who_waits_computes_it_when_the_other_was_stopped():
    kept = a_cache()
    slow = Slow(Stopped())
    work = Work(["a"])
    with ThreadPoolExecutor(2) as pool:
        first = slow.begin(kept, pool)
        second = pool.submit(kept.get, ["a"], work)
        slow.go_on.set()
        assert second.result(30) == ["A"]
        assert isinstance(first.exception(30), Stopped)
    assert work.made == ["a"]


def test_one_whose_caller_has_gone_waits_no_longer():
    kept = a_cache()
    slow = Slow()
    with ThreadPoolExecutor(1) as pool:
        first = slow.begin(kept, pool)
        with stopping_when(lambda: True), pytest.raises(Stopped):
            kept.get(["a"], Work(["a"]))
        slow.go_on.set()
        assert first.result(30) == ["A"]


def test_one_who_waits_for_another_takes_a_turn():
    kept = a_cache()
    slow = Slow()

    def give(work):
        slow.go_on.set()
        return work()

    with ThreadPoolExecutor(1) as pool:
        first = slow.begin(kept, pool)
        with given_by(give):
            assert kept.get(["a"], Work(["a"])) == ["A"]
        assert first.result(30) == ["A"]
