from lit_plugins.runtime.batching import run_batches
from lit_plugins.runtime.turns import given_by, in_turn


def test_where_nobody_gives_turns_work_is_done_at_once():
    assert in_turn(lambda: 3) == 3


def test_every_batch_is_run_in_a_turn():
    turns = []

    def give(work):
        turns.append(work)
        return work()

    with given_by(give):
        assert run_batches([2] * 5, lambda picked: picked, 4) == [0, 1, 2, 3, 4]
    assert len(turns) == 3
    assert run_batches([2] * 5, lambda picked: picked, 4) == [0, 1, 2, 3, 4]
    assert len(turns) == 3
