import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lit_plugins.explain import Explanation
from lit_plugins.lit.explanations import Explanations
from lit_plugins.stopping import Stopped, stopping_when


def an_explanation(text: str, words: int = 1) -> Explanation:
    return Explanation(
        text=text,
        words=(text,) * words,
        offsets=((0, 1),) * words,
        scores=np.zeros(words),
        target=0,
        target_label="positive",
        method="shapley",
        unit="probability",
        output=0.5,
        base_value=0.5,
        delta=0.0,
        error=None,
        evaluations=2,
        truncated=False,
        converged=True,
        note="",
        tokens=None,
        token_scores=None,
    )


class Work:
    """Makes explanations of keys, and notes which."""

    def __init__(self, keys: list[str]):
        self.keys = keys
        self.made: list[str] = []

    def __call__(self, picked):
        for index in picked:
            self.made.append(self.keys[index])
            yield an_explanation(self.keys[index])


def texts(explanations):
    return [each.text for each in explanations]


def test_each_is_computed_once_and_given_in_the_order_asked_for():
    kept = Explanations()
    first, second = Work(list("abab")), Work(list("cbad"))
    assert texts(kept.get(first.keys, first)) == list("abab")
    assert texts(kept.get(second.keys, second)) == list("cbad")
    assert first.made == ["a", "b"]
    assert second.made == ["c", "d"]


def test_memory_is_bounded_and_answers_are_complete_all_the_same():
    kept = Explanations(max_bytes=5000)
    work = Work([str(number) for number in range(100)])
    assert texts(kept.get(work.keys, work)) == work.keys
    again = Work(work.keys)
    assert texts(kept.get(again.keys, again)) == work.keys
    assert 0 < len(again.made) <= 100


def test_two_who_ask_at_once_share_the_work():
    kept = Explanations()
    begun, go_on = threading.Event(), threading.Event()

    def slow(picked):
        begun.set()
        assert go_on.wait(30)
        return [an_explanation("a") for _ in picked]

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, ["a"], slow)
        assert begun.wait(30)
        second = pool.submit(kept.get, ["b", "a"], Work(["b", "a"]))
        go_on.set()
        assert second.result(30)[1] is first.result(30)[0]


def test_what_is_ready_is_kept_when_the_rest_fails():
    kept = Explanations()

    def failing(picked):
        yield an_explanation("a")
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        kept.get(["a", "b"], failing)
    work = Work(["a", "b"])
    assert texts(kept.get(work.keys, work)) == ["a", "b"]
    assert work.made == ["b"]


def test_one_who_waits_computes_it_when_the_other_was_stopped():
    kept = Explanations()
    begun, gone = threading.Event(), threading.Event()

    def stopped(picked):
        begun.set()
        assert gone.wait(30)
        raise Stopped

    work = Work(["a"])
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, ["a"], stopped)
        assert begun.wait(30)
        second = pool.submit(kept.get, ["a"], work)
        gone.set()
        assert texts(second.result(30)) == ["a"]
        assert isinstance(first.exception(30), Stopped)
    assert work.made == ["a"]


def test_one_whose_caller_has_gone_waits_no_longer():
    kept = Explanations()
    begun, go_on = threading.Event(), threading.Event()

    def slow(picked):
        begun.set()
        assert go_on.wait(30)
        return [an_explanation("a")]

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(kept.get, ["a"], slow)
        assert begun.wait(30)
        with stopping_when(lambda: True), pytest.raises(Stopped):
            kept.get(["a"], Work(["a"]))
        go_on.set()
        assert texts(first.result(30)) == ["a"]
