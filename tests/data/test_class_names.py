from __future__ import annotations

import pytest

from lit_plugins.data.class_names import match_by_case, match_by_meaning

NNP = ("negative", "neutral", "positive")


def test_names_are_equal_first_and_then_regardless_of_case() -> None:
    assert match_by_case(["A", "b", " B "], ("a", "A", "b")) == {"A": "A", "b": "b", " B ": "b"}
    assert match_by_case(["x"], ("y",)) == {}


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (("neg", "neu", "pos"), NNP),
        (("bad", "neutral", "good"), NNP),
        (("Negative.", "2: neutral", "positive (3)"), NNP),
        (("1", "2", "3"), ("1 star", "2 stars", "3 stars")),
        (("entail", "contradict"), ("entailment", "contradiction")),
        (("not_spam", "spam"), ("ham", "spam")),
        (("Sci Tech", "non-toxic"), ("Sci/Tech", "not toxic")),
        (("no", "yes"), ("false", "true")),
    ],
)
def test_names_that_mean_the_same(found: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert match_by_meaning(found, names) == dict(zip(found, names, strict=True))
    assert match_by_meaning(found[::-1], names) == dict(zip(found, names, strict=True))
    assert match_by_meaning(names, found) == dict(zip(names, found, strict=True))


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (("class 1", "class 2"), ("class 10", "class 20")),
        (("positive (weak)", "positive (strong)"), ("positive", "negative")),
        (("pos", "neg"), ("possible", "impossible")),
        (("1-2 stars",), ("3-4 stars", "5 stars")),
        (("C", "D"), ("C++", "D#")),
        (("A-",), ("A", "B")),
        (("ne", "po"), ("negative", "positive")),
    ],
)
def test_names_that_mean_something_else(found: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert match_by_meaning(found, names) == {}


def test_names_match_in_part_if_one_side_is_used_up() -> None:
    assert match_by_meaning(("neg", "neu", "pos"), NNP[::2]) == {
        "neg": "negative",
        "pos": "positive",
    }
    assert match_by_meaning(("POS", "pos"), NNP) == {"POS": "positive", "pos": "positive"}
