"""The search for small sets of changes, on texts whose margin is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from lit_plugins.counterfactual.change import Change, deletion, substitution
from lit_plugins.counterfactual.search import Search, search, side_by_side
from lit_plugins.text.encoded import find_words

Margin = Callable[[str], float]


def outcome(
    text: str, changes: list[Change], margin: Margin, **options: object
) -> tuple[Search, list[str]]:
    """Runs a search; gives its outcome, and the texts it asked for in order."""
    given = {"max_edits": 3, "limit": 100, "evaluations": 1000, **options}
    asking = search(text, changes, lambda logits: logits[:, 0], margin(text), **given)
    asked: list[str] = []
    answer = None
    while True:
        try:
            texts = asking.send(answer)
        except StopIteration as done:
            return done.value, asked
        asked += texts
        answer = np.array([[margin(each)] for each in texts])


def deletions(text: str) -> list[Change]:
    return [deletion(text, span) for span in find_words(text)]


def new_texts(found: Search) -> list[str]:
    return sorted(each.new_text for each in found.found)


def count_of(word: str, least: int) -> Margin:
    """Below 0 where the word stands fewer times."""
    return lambda text: text.split().count(word) - least + 0.5


def test_the_one_word_that_matters_is_found():
    text = "a good film"
    found, asked = outcome(text, deletions(text), count_of("good", 1))
    assert new_texts(found) == ["a film"]
    (only,) = found.found
    assert [(edit.old_text.strip(), edit.new_text) for edit in only.edits] == [("good", "")]
    assert only.flips
    assert found.evaluations == len(asked)


def test_both_words_are_needed_and_no_third_one_goes():
    text = "good cast and good plot"
    found, _ = outcome(text, deletions(text), count_of("good", 1))
    assert new_texts(found) == ["cast and plot"]


@pytest.mark.parametrize("max_edits", [1, 2])
def test_no_set_is_larger_than_asked(max_edits):
    text = "good good good film"
    found, _ = outcome(text, deletions(text), count_of("good", 1), max_edits=max_edits)
    assert found.found == []


def test_three_changes_are_found_together():
    text = "good good good film"
    assert new_texts(outcome(text, deletions(text), count_of("good", 1))[0]) == ["film"]


def test_a_set_whose_subset_flips_is_not_given():
    # Either of two words flips it alone, so that no pair with one of them is minimal.
    text = "one two three four"

    def margin(each: str) -> float:
        return -1.0 if "one" not in each or "three" not in each else 1.0

    found, _ = outcome(text, deletions(text), margin)
    assert new_texts(found) == ["one two four", "two three four"]


def test_a_larger_set_is_checked_against_subsets_that_were_not_tried():
    # The pair (a, c) flips, and it looks bad alone: only the check of (a, b, c) comes upon it.
    text = "a b c d"
    words = set(text.split())
    values = {frozenset("b"): 0.1, frozenset("ab"): 0.05, frozenset("ac"): -1, frozenset("abc"): -2}

    def margin(each: str) -> float:
        return values.get(frozenset(words - set(each.split())), 1.0)

    for each in outcome(text, deletions(text), margin)[0].found:
        assert words - set(each.new_text.split()) == {"a", "c"}


def test_no_more_texts_are_tried_than_asked():
    text = " ".join(f"word{index}" for index in range(50))
    found, asked = outcome(text, deletions(text), lambda _: 1.0, evaluations=70)
    assert len(asked) == found.evaluations == 70
    assert len(set(asked)) == 70


def test_changes_with_more_gain_are_tried_first():
    text = "one two three"
    spans = find_words(text)
    changes = [deletion(text, span, gain=at) for at, span in enumerate(spans)]
    _, asked = outcome(text, changes, lambda _: 1.0, max_edits=1)
    assert asked == ["one two", "one three", "two three"]


def test_what_leaves_nothing_to_read_is_not_tried():
    for text, tried in {"good": [], "good!": ["good"], "!!! ???": ["???", "!!!"]}.items():
        assert outcome(text, deletions(text), lambda _: 1.0)[1] == tried


def test_a_change_that_changes_nothing_is_not_tried():
    text = "good film"
    assert outcome(text, [substitution(text, (0, 4), "good")], lambda _: 1.0)[1] == []


def test_no_text_is_tried_twice():
    text = "very very good"
    found, asked = outcome(text, deletions(text), count_of("very", 1))
    assert new_texts(found) == ["good"]
    assert len(asked) == len(set(asked))


def test_changes_over_each_other_are_not_made_together():
    text = "good film"
    changes = [substitution(text, (0, 4), word) for word in ("bad", "dull", "poor")]
    _, asked = outcome(text, changes, lambda _: 1.0)
    assert sorted(asked) == ["bad film", "dull film", "poor film"]


def test_without_flips_only_all_single_changes_are_given():
    text = "a good film"
    found, _ = outcome(text, deletions(text), count_of("good", 1), max_edits=1, flips_only=False)
    assert {each.new_text: each.flips for each in found.found} == {
        "good film": False,
        "a film": True,
        "a good": False,
    }


def test_the_search_ends_once_there_are_enough():
    text = " ".join(f"word{index}" for index in range(200))
    found, asked = outcome(text, deletions(text), lambda each: -1.0, limit=1)
    assert len(asked) < 50
    assert all(each.flips for each in found.found)


class Counting:
    """A classifier of texts that counts a word in them, and how often it is asked."""

    def __init__(self, word: str):
        self.word = word
        self.calls: list[int] = []

    def encode(self, texts):
        return [SimpleNamespace(row=text) for text in texts]

    def logits(self, rows):
        self.calls.append(len(rows))
        return np.array([[row.split().count(self.word) - 0.5] for row in rows])


def test_searches_share_batches_and_keep_their_order():
    texts = [f"good film {index}" + " good" * (index % 3) for index in range(100)]
    begun = []

    def searches() -> Iterator:
        for text in texts:
            begun.append(text)
            changes = deletions(text)
            yield search(text, changes, lambda logits: logits[:, 0], 1.0, **OPTIONS)

    classifier = Counting("good")
    outcomes = side_by_side(classifier, searches())
    first = next(outcomes)
    assert len(begun) < 60  # others are begun as these end
    for index, found in enumerate([first, *outcomes]):
        assert new_texts(found) == [f"film {index}"]
    assert len(classifier.calls) < 40
    assert list(side_by_side(classifier, [])) == []


OPTIONS = {"max_edits": 3, "limit": 100, "evaluations": 1000}
