"""Batches by length within a budget, and batches that do not fit in memory."""

import random
from collections.abc import Callable, Sequence

import pytest
import torch

from lit_plugins import UserError
from lit_plugins.runtime.batching import plan_batches, run_batches

LENGTHS = [5, 30, 7, 7, 1, 12, 30, 2, 9, 64, 11, 3]


def many_lengths(count: int) -> list[int]:
    rng = random.Random(0)
    return [rng.randint(1, 80) for _ in range(count)]


@pytest.mark.parametrize("batch_tokens", [1, 16, 64, 1000, 10**9])
@pytest.mark.parametrize("equal_lengths", [False, True])
@pytest.mark.parametrize("lengths", [[], [4], LENGTHS, many_lengths(300)], ids=len)
def test_batches_hold_each_row_once_within_the_budget(lengths, batch_tokens, equal_lengths):
    batches = list(plan_batches(lengths, batch_tokens, equal_lengths=equal_lengths))
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    in_order = [lengths[index] for batch in batches for index in batch]
    assert in_order == sorted(lengths, reverse=True)
    for batch in batches:
        longest, shortest = lengths[batch[0]], lengths[batch[-1]]
        assert len(batch) * longest <= batch_tokens or len(batch) == 1
        if equal_lengths:
            assert longest == shortest
        else:
            assert longest - shortest <= 64


def test_batches_are_as_large_as_the_budget_allows():
    assert list(plan_batches([8] * 5, 16)) == [[0, 1], [2, 3], [4]]
    assert list(plan_batches([8] * 5, 15)) == [[0], [1], [2], [3], [4]]


def test_rows_of_other_lengths_share_a_batch_unless_that_pads_more_than_a_batch_costs():
    assert list(plan_batches([50, 41, 35, 20], 1536)) == [[0, 1, 2, 3]]  # 9, 15 and 30 added
    assert list(plan_batches([50] + [41] * 8, 1536)) == [[0], [1, 2, 3, 4, 5, 6, 7, 8]]  # not 72
    assert list(plan_batches([50] + [41] * 7, 1536)) == [[0, 1, 2, 3, 4, 5, 6, 7]]  # 63
    assert list(plan_batches([10, 9, 9, 9], 20)) == [[0, 1], [2, 3]]


@pytest.mark.parametrize("batch_tokens", [1, 64, 4096])
def test_results_come_in_the_callers_order(batch_tokens):
    assert run_batches(LENGTHS, lambda batch: [LENGTHS[i] for i in batch], batch_tokens) == LENGTHS


def test_no_rows_have_no_results():
    def compute(batch: list[int]) -> list[int]:
        raise AssertionError("nothing to compute")

    assert run_batches([], compute, 64) == []


def test_progress_is_told_of_every_batch():
    told: list[tuple[int, int]] = []
    run_batches([4, 4, 4, 3], lambda batch: batch, 9, progress=lambda *done: told.append(done))
    assert told == [(2, 4), (4, 4)]


OUT_OF_MEMORY = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
    MemoryError(),
    RuntimeError("[enforce fail at alloc_cpu.cpp:113] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
]


def fits(most: int, error: BaseException, tried: list[int]) -> Callable[[list[int]], Sequence[int]]:
    def compute(batch: list[int]) -> list[int]:
        tried.append(len(batch))
        if len(batch) > most:
            raise error
        return [index * index for index in batch]

    return compute


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("most", [1, 2, 3, 5, 8])
def test_a_batch_that_does_not_fit_is_halved(error, most):
    tried: list[int] = []
    told: list[int] = []
    results = run_batches(
        [6] * 13, fits(most, error, tried), 10**6, progress=lambda done, _: told.append(done)
    )
    assert results == [index * index for index in range(13)]
    assert tried[:2] == [13, 6]
    assert told == sorted(told)
    assert told[-1] == 13


@pytest.mark.parametrize("error", OUT_OF_MEMORY, ids=lambda error: type(error).__name__)
def test_a_row_that_does_not_fit_alone_is_refused(error):
    with pytest.raises(UserError) as caught:
        run_batches([3, 700, 3], fits(0, error, []), 64)
    assert str(caught.value) == (
        "A text of 700 tokens does not fit in memory; set a smaller max_length."
    )
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    "error", [RuntimeError("wrong shapes"), ValueError("a bug"), UserError("No."), KeyError()]
)
def test_other_errors_are_not_tried_again(error):
    tried: list[int] = []
    with pytest.raises(type(error)) as caught:
        run_batches([6] * 8, fits(0, error, tried), 10**6)
    assert caught.value is error
    assert tried == [8]


def test_a_failed_batch_is_let_go_before_the_next_try():
    class Tensors:
        alive = 0

        def __init__(self) -> None:
            Tensors.alive += 1

        def __del__(self) -> None:
            Tensors.alive -= 1

    def compute(batch: list[int]) -> list[int]:
        assert Tensors.alive == 0
        held = Tensors()
        if len(batch) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        del held
        return batch

    assert run_batches([6] * 8, compute, 10**6) == list(range(8))
