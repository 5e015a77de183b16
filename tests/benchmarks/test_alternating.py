import math

import pytest

from benchmarks.alternating import Answer, Side, alternate, ratio, reason
from benchmarks.workloads import Case
from tests.explain.toys import toy


@pytest.fixture
def cases():
    return [Case(text.text, text, 0) for text in toy().encode(["a film", "a plot", "a cast"])]


def side(name, calls, fails_at=None):
    def run(some):
        calls.append((name, [case.text for case in some]))
        if fails_at in calls[-1][1]:
            raise ValueError(f"cannot read\n{fails_at}")
        return [Answer() for _ in some]

    return Side(name, lambda: run)


def test_sides_take_turns_in_either_order(cases):
    calls = []
    timed = alternate([side("one", calls), side("two", calls)], cases, cases[0], chunk=2)
    some, rest = ["a film", "a plot"], ["a cast"]
    assert calls[2:] == [("one", some), ("two", some), ("two", rest), ("one", rest)]
    assert [len(timed[name].answers) for name in ("one", "two")] == [3, 3]


def test_a_side_that_fails_says_why_and_the_others_go_on(cases):
    calls = []

    def missing():
        raise ModuleNotFoundError("No module named 'peer'")

    sides = [Side("absent", missing), side("bad", calls, "a plot"), side("good", calls)]
    timed = alternate(sides, cases, cases[0], chunk=1)
    assert timed["absent"].failure == "ModuleNotFoundError: No module named 'peer'"
    assert timed["bad"].failure == "ValueError: cannot read"
    assert not timed["bad"].answers
    assert len(timed["good"].answers) == 3
    assert math.isnan(ratio(timed["bad"], timed["good"]))


def test_a_reason_is_one_line():
    assert reason(KeyError()) == "KeyError"
    assert reason(ValueError("first\nsecond")) == "ValueError: first"
