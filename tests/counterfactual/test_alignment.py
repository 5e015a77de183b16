import pytest

from lit_plugins.counterfactual.alignment import Segment, align
from lit_plugins.counterfactual.change import apply, deletion, substitution
from lit_plugins.text.encoded import find_words
from tests.random_texts import random_texts


def shown(old: str, new: str) -> str:
    """The words of both texts, with what went in brackets, what came after a plus."""
    marks = {"equal": "{0}", "delete": "[{0}]", "insert": "+{1}", "replace": "{0}>{1}"}
    return " ".join(
        marks[each.kind].format(old[slice(*each.old)], new[slice(*each.new)])
        for each in align(old, new)
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("No one left.", "No one left.", "No one left ."),
        ("It was good.", "It was bad.", "It was good>bad ."),
        ("It was good.", "It was not good!", "It was +not good .>!"),
        ("Very good food", "Good food", "[Very] good>Good food"),
        ("No one leaves happy.", "Everyone leaves happy.", "No one>Everyone leaves happy ."),
        ("A dull, long film", "A dull film", "A dull [, long] film"),
        ("good, not bad", "not bad, good", "[good,] not bad +, good"),
        ("one  two\nthree", "one two three", "one two three"),
        ("", "new", "+new"),
        ("old", "", "[old]"),
        ("", "", ""),
    ],
)
def test_the_smallest_edit_that_reads_well(old: str, new: str, expected: str):
    assert shown(old, new) == expected


def test_the_edits_of_a_counterfactual_are_found_again():
    text = "The soup was cold, the service worse, and nobody cared about the soup."
    spans = {text[slice(*span)]: span for span in find_words(text)}
    changes = [
        substitution(text, spans["cold"], "hot"),
        deletion(text, spans["worse"]),
        substitution(text, spans["nobody"], "everybody"),
    ]
    new, edits = apply(text, changes)
    found = [each for each in align(text, new) if each.kind != "equal"]
    assert [text[slice(*each.old)] for each in found] == [edit.old_text.strip() for edit in edits]
    assert [new[slice(*each.new)] for each in found] == [edit.new_text.strip() for edit in edits]


def test_an_empty_side_says_where_the_words_would_stand():
    assert align("so good", "so very good")[1] == Segment("insert", (2, 2), (3, 7))
    assert align("so very good", "so good")[1] == Segment("delete", (3, 7), (2, 2))
    assert align("so good", "good")[0] == Segment("delete", (0, 2), (0, 0))


def test_a_word_of_a_long_text_that_stands_there_often_is_matched_too():
    text = "the film " * 300
    assert {each.kind for each in align(text, text + "ends")} == {"equal", "insert"}


def changes(old: str, new: str) -> list[str]:
    return [part for part in shown(old, new).split() if not part.isalnum()]


@pytest.mark.parametrize("words", [600, 60_000])
def test_few_edits_of_a_long_text_of_two_words_are_found(words: int):
    old = ("a b a a b b " * words).split()[:words]
    new = [
        *old[: words // 3],
        "x",
        *old[words // 3 + 1 : 2 * words // 3],
        *old[2 * words // 3 + 1 :],
    ]
    assert changes(" ".join(old), " ".join(new)) == [
        f"{old[words // 3]}>x",
        f"[{old[2 * words // 3]}]",
    ]


def test_a_long_text_with_every_second_word_replaced():
    old = " ".join(f"a{index} x" for index in range(20_000))
    assert changes(old, old.replace("x", "y")) == ["x>y"] * 20_000


def test_of_texts_that_are_too_long_to_compare_only_the_ends_are_matched():
    old, new = "a b " * 60_000, "b a a " * 60_000
    same = "one two "
    assert [each.kind for each in align(same + old + same, same + new + same)] == [
        *("equal", "equal", "replace", "equal", "equal")
    ]


def test_every_word_of_both_texts_stands_in_one_segment():
    texts = random_texts(5, 200)
    for old, new in zip(texts, texts[1:], strict=False):
        segments = align(old, new)
        for text, spans in (
            (old, [each.old for each in segments]),
            (new, [each.new for each in segments]),
        ):
            words = [
                (start + first, start + last)
                for start, end in spans
                for first, last in find_words(text[start:end])
            ]
            assert [text[slice(*word)] for word in words] == [
                text[slice(*word)] for word in find_words(text)
            ]
            assert spans == sorted(spans)
        for each in segments:
            same = old[slice(*each.old)] == new[slice(*each.new)]
            assert same == (each.kind == "equal")
            assert (each.old[0] == each.old[1]) == (each.kind == "insert")
            assert (each.new[0] == each.new[1]) == (each.kind == "delete")
