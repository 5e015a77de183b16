"""Searches in lock step, on a made-up one that asks for letters."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np
import pytest

from lit_plugins.runtime.lock_step import lock_step, split_by_question


def spell(word: str) -> Generator[str, str, str]:
    """Asks for each of a word's letters, and returns the answers."""
    answers = []
    for letter in word:
        answers.append((yield letter))
    return "".join(answers)


class Capitals:
    """Answers with the capital letter, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[int], str]] = []

    def __call__(self, indices: Sequence[int], letters: Sequence[str]) -> list[str]:
        self.asked.append((list(indices), "".join(letters)))
        return [letter.upper() for letter in letters]


def test_all_open_questions_are_asked_in_one_call():
    ask = Capitals()
    assert list(lock_step(map(spell, ["cat", "a", "dog"]), ask)) == ["CAT", "A", "DOG"]
    assert ask.asked == [([0, 1, 2], "cad"), ([0, 2], "ao"), ([0, 2], "tg")]


def test_a_search_that_asks_nothing_gives_its_result():
    ask = Capitals()
    assert list(lock_step(map(spell, ["", "a", ""]), ask)) == ["", "A", ""]
    assert ask.asked == [([1], "a")]


@pytest.mark.parametrize("words", [[], ["", ""]])
def test_without_questions_nothing_is_asked(words):
    ask = Capitals()
    assert list(lock_step(map(spell, words), ask, at_once=1)) == words
    assert ask.asked == []


def test_the_next_search_starts_when_another_one_ends():
    ask = Capitals()
    words = ["abc", "d", "", "ef", "g"]
    assert list(lock_step(map(spell, words), ask, at_once=2)) == ["ABC", "D", "", "EF", "G"]
    assert ask.asked == [([0, 1], "ad"), ([0, 3], "be"), ([0, 3], "cf"), ([4], "g")]


def test_no_more_is_begun_or_asked_than_the_next_result_needs():
    begun = []

    def searches() -> Iterator[Generator[str, str, str]]:
        for word in ("a", "b", "c", "d"):
            begun.append(word)
            yield spell(word)

    ask = Capitals()
    results = lock_step(searches(), ask, at_once=2)
    assert begun == []
    assert next(results) == "A"
    assert begun == ["a", "b", "c", "d"]  # the first two ended in the first round
    assert ask.asked == [([0, 1], "ab")]
    assert next(results) == "B"
    assert ask.asked == [([0, 1], "ab")]
    assert list(results) == ["C", "D"]
    assert ask.asked == [([0, 1], "ab"), ([2, 3], "cd")]


def test_answers_may_come_one_by_one():
    def ask(indices: Sequence[int], letters: Sequence[str]) -> Iterator[str]:
        for index, letter in zip(indices, letters, strict=True):
            yield f"{index}{letter}"

    assert list(lock_step(map(spell, ["ab", "c"]), ask)) == ["0a0b", "1c"]


@pytest.mark.parametrize("answers", [["A"], ["A", "B", "C"]])
def test_as_many_answers_as_questions_must_come(answers):
    with pytest.raises(ValueError, match="zip"):
        list(lock_step(map(spell, ["a", "b"]), lambda indices, letters: answers))


def test_an_error_in_a_search_reaches_the_caller():
    def fails() -> Generator[str, str, str]:
        yield "a"
        raise LookupError("no such letter")

    with pytest.raises(LookupError, match="no such letter"):
        list(lock_step([spell("ab"), fails()], Capitals()))


def test_values_are_split_by_question():
    values = np.arange(8).reshape(4, 2)
    parts = split_by_question(values, [["one"], [], ["two", "three", "four"]])
    assert [part.tolist() for part in parts] == [[[0, 1]], [], [[2, 3], [4, 5], [6, 7]]]
