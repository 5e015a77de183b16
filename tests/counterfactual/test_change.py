"""Changes of a text: what they make of its words, its white space and its capitals."""

from __future__ import annotations

import random

import pytest

from lit_plugins.counterfactual.change import (
    Change,
    Edit,
    apply,
    compatible,
    deletion,
    in_case_of,
    starts_sentence,
    substitution,
)
from lit_plugins.text.encoded import find_words
from tests.random_texts import random_texts


def without(text: str, *words: str) -> tuple[str, tuple[Edit, ...]]:
    spans = [span for span in find_words(text) if text[slice(*span)] in words]
    return apply(text, [deletion(text, span) for span in spans])


def check_edits(text: str, new_text: str, edits: tuple[Edit, ...]) -> None:
    """Spans are right on both sides, and the new text is the old one but for the edits."""
    back = new_text
    end = len(new_text)
    for edit in reversed(edits):
        assert text[slice(*edit.old)] == edit.old_text
        assert new_text[slice(*edit.new)] == edit.new_text
        assert edit.old_text != edit.new_text
        assert edit.new[1] <= end
        end = edit.new[0]
        back = back[: edit.new[0]] + edit.old_text + back[edit.new[1] :]
    assert back == text


@pytest.mark.parametrize(
    ("text", "words", "new_text"),
    [
        ("the film was good .", ["good"], "the film was ."),
        ("The film was good.", ["good"], "The film was."),
        ("The film was good.", ["The"], "Film was good."),
        ("The film was good.", ["The", "film"], "Was good."),
        ("The film was good.", ["The", "film", "was", "good"], "."),
        ("The film was good.", ["The", "film", "was", "good", "."], ""),
        ("the film", ["the"], "film"),
        ("a very good film", ["a", "good"], "very film"),
        ("a very good film", ["very", "good"], "a film"),
        ("Bad. The end", ["The"], "Bad. End"),
        ("Bad. The end", ["Bad", "."], "The end"),
        ('a "very good" film', ["very"], 'a "good" film'),
        ('a "very good" film', ["good"], 'a "very" film'),
        ("a film (very good)", ["very"], "a film (good)"),
        ("a film (very good)", ["good"], "a film (very)"),
        ("good, but slow", [","], "good but slow"),
        ("good,bad", [","], "good bad"),
        ("good👍bad", ["👍"], "good bad"),
        ("映画", ["映"], "画"),
        ("  word \n", ["word"], ""),
        (" one two\n", ["one"], " two\n"),
        (" one two\n", ["two"], " one\n"),
        ("one\ntwo three", ["two"], "one\nthree"),
        ("one two\nthree", ["two"], "one\nthree"),
        ("I like it", ["I"], "Like it"),
        ("My iPhone", ["My"], "iPhone"),
        ("VERY good", ["VERY"], "Good"),
        ("We saw. we won", ["we"], "We saw. won"),
    ],
)
def test_words_go_and_leave_the_text_clean(text, words, new_text):
    changed, edits = without(text, *words)
    assert changed == new_text
    check_edits(text, changed, edits)


def test_words_that_go_side_by_side_are_one_edit():
    _, edits = without("not a very good film", "a", "very")
    assert [(edit.old_text, edit.new_text, edit.size) for edit in edits] == [("a very ", "", 2)]


def test_a_capital_handed_on_is_not_counted_as_a_word():
    _, (edit,) = without("The film was good.", "The")
    assert (edit.old_text, edit.new_text) == ("The film", "Film")
    assert edit.size == 1
    assert edit.describe() == '"The" left out'


def test_the_capital_goes_to_a_word_that_comes_in():
    text = "The film was good."
    changed, edits = apply(text, [deletion(text, (0, 3)), substitution(text, (4, 8), "movie")])
    assert changed == "Movie was good."
    check_edits(text, changed, edits)


def test_substitutions_keep_the_case_and_stay_apart():
    text = "Good food, BAD wine"
    changes = [
        substitution(text, (11, 14), "nice", "two"),
        substitution(text, (0, 4), "bad", "one"),
    ]
    changed, edits = apply(text, changes)
    assert changed == "Bad food, NICE wine"
    assert [edit.rule for edit in edits] == ["one", "two"]
    assert [edit.describe() for edit in edits] == ['"Good" → "Bad"', '"BAD" → "NICE"']
    check_edits(text, changed, edits)


def test_insertions():
    text = "it is good"
    changed, edits = apply(text, [Change((((5, 5), " not"),), "negation")])
    assert changed == "it is not good"
    assert edits == (Edit((5, 5), (5, 9), "", " not", "negation"),)
    assert edits[0].describe() == '"not" put in'


@pytest.mark.parametrize("place", [(6, 6), (10, 10)])
def test_an_insertion_takes_the_place_of_the_word_that_goes(place):
    text = "it is good now"
    insertion = Change(((place, "bad " if place == (6, 6) else " bad"),), "put in")
    changed, edits = apply(text, [deletion(text, (6, 10), "left out"), insertion])
    assert changed == "it is bad now"
    assert len(edits) == 1
    assert set(edits[0].rule.split(", ")) == {"put in", "left out"}
    check_edits(text, changed, edits)


def test_no_changes_and_changes_without_effect():
    assert apply("good", []) == ("good", ())
    assert apply("good", [substitution("good", (0, 4), "good")]) == ("good", ())
    assert apply("", []) == ("", ())
    assert apply("a b", [deletion("a b", (1, 2))]) == ("a b", ())


def test_changes_over_each_other_are_refused():
    text = "a good film"
    one, other = substitution(text, (2, 6), "bad"), deletion(text, (2, 11))
    assert not compatible(one, other)
    with pytest.raises(ValueError, match="overlap"):
        apply(text, [one, other])


def test_two_insertions_in_one_place_are_refused():
    one, other = Change((((1, 1), "x"),)), Change((((1, 1), "y"),))
    assert not compatible(one, other)
    with pytest.raises(ValueError, match="overlap"):
        apply("ab", [one, other])


@pytest.mark.parametrize("span", [(-1, 1), (1, 5)])
def test_changes_outside_of_the_text_are_refused(span):
    with pytest.raises(ValueError, match="outside"):
        apply("word", [Change(((span, "x"),))])


def test_neighbours_are_compatible():
    text = "a good film"
    assert compatible(deletion(text, (0, 1)), deletion(text, (2, 6)))
    assert compatible(substitution(text, (2, 6), "bad"), Change((((6, 6), " old"),)))
    assert compatible(Change(()), deletion(text, (0, 1)))


@pytest.mark.parametrize(
    ("word", "like", "cased"),
    [
        ("bad", "good", "bad"),
        ("bad", "Good", "Bad"),
        ("bad", "GOOD", "BAD"),
        ("Bad", "good", "bad"),
        ("bad", "A", "Bad"),
        ("I", "you", "I"),
        ("I'm", "they", "I'm"),
        ("NASA", "iPhone", "NASA"),
        ("bad", "10", "bad"),
        ("not good", "WORKS", "NOT GOOD"),
        ("does not work", "Works", "Does not work"),
        ("", "Good", ""),
        ("bad", "", "bad"),
    ],
)
def test_case(word, like, cased):
    assert in_case_of(word, like) == cased


@pytest.mark.parametrize(
    ("text", "at", "starts"),
    [
        ("Good", 0, True),
        (' "Good', 2, True),
        ("Bad! Good", 5, True),
        ("Bad. (Good", 6, True),
        ("So good", 3, False),
        ("So, good", 4, False),
    ],
)
def test_starts_of_sentences(text, at, starts):
    assert starts_sentence(text, at) is starts


def test_any_words_may_go_from_any_text():
    choose = random.Random(0)
    for text in random_texts(count=300, seed=1):
        spans = find_words(text)
        gone = [span for span in spans if choose.random() < 0.4]
        changes = [deletion(text, span) for span in gone]
        choose.shuffle(changes)
        changed, edits = apply(text, changes)
        check_edits(text, changed, edits)
        kept = [text[slice(*span)].casefold() for span in spans if span not in gone]
        assert "".join(changed.casefold().split()) == "".join("".join(kept).split())


def test_spaces_never_double_and_never_come_before_marks():
    choose = random.Random(1)
    words = ["good", "film", "the", "was", "very", "slow"]
    for _ in range(300):
        text = " ".join(choose.choices(words, k=8)).capitalize() + choose.choice([".", "!", "…"])
        spans = find_words(text)[:-1]
        gone = [span for span in spans if choose.random() < 0.5]
        changed, _ = apply(text, [deletion(text, span) for span in gone])
        assert "  " not in changed
        assert changed == changed.strip()
        assert " ." not in changed
        assert " !" not in changed
        if len(gone) < len(spans):
            assert changed[0].isupper()
