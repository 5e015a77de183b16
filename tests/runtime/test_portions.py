import pytest

from lit_plugins.runtime.cancellation import Stopped, stopping_when
from lit_plugins.runtime.portions import SHORT, in_portions, when_due
from lit_plugins.runtime.turns import given_by


@pytest.fixture
def turns():
    """The results that were computed in turns."""
    given = []

    def give(work):
        given.append(work())
        return given[-1]

    with given_by(give):
        yield given


def lengths(texts):
    return [len(text) for text in texts]


@pytest.mark.parametrize("texts", [[], [""], ["a"], ["", "b" * 50_000, "c"], ["d" * 900] * 100])
def test_there_is_one_result_for_each_text_in_order(texts):
    assert list(in_portions(texts, lengths)) == lengths(texts)


def test_short_work_is_done_at_once_and_long_work_takes_turns(turns):
    assert list(in_portions(["a" * 99] * (SHORT // 100), lengths)) == [99] * (SHORT // 100)
    assert turns == []
    assert list(in_portions(["a" * 1000] * 45, lengths)) == [1000] * 45
    assert sum(turns, []) == [1000] * 45
    assert len(turns) > 2


def test_one_long_text_takes_a_turn(turns):
    assert when_due(SHORT, lambda: "at once") == "at once"
    assert when_due(SHORT + 1, lambda: "in turn") == "in turn"
    assert turns == ["in turn"]


def test_many_empty_texts_are_several_portions(turns):
    seen = []
    list(in_portions([""] * 50_000, lambda texts: seen.append(len(texts)) or texts))
    assert sum(seen) == 50_000
    assert len(seen) > 1


def test_work_that_nobody_waits_for_stops_before_the_next_portion():
    done = []

    def work(texts):
        done.append(True)
        return texts

    with stopping_when(lambda: len(done) == 2), pytest.raises(Stopped):
        list(in_portions(["a" * 15_000] * 5, work))
    assert len(done) == 2
