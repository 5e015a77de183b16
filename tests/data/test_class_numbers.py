from __future__ import annotations

import pytest

from lit_plugins.data.class_numbers import are_indices, classes_of_numbers, example_names, number_in

NAMES = ("a", "b", "c", "d")


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("4 stars", 4),
        ("LABEL_3", 3),
        ("-1", -1),
        ("covid-19", 19),
        ("+2 good", 2),
        ("1.0", 1),
        ("4.5 stars", None),
        ("1-2 stars", None),
        ("star", None),
    ],
)
def test_the_number_in_a_name(name: str, number: int | None) -> None:
    assert number_in(name) == number


def test_numbers_are_indices_if_no_other_even_numbering_fits() -> None:
    assert classes_of_numbers([3, 0, 1], NAMES, True) == {0: "a", 1: "b", 3: "d"}
    for column in ([0, 1, 2], [1, 2, 3], [0, 3], [0, 1, 3, 4], [-1, 0, 3], [0, 1.5, 3]):
        assert classes_of_numbers(column, NAMES, True) is None
    assert classes_of_numbers([0, 1, 2, 3], NAMES, False) is None


def test_numbers_inside_the_names_match_one_to_one_or_not_at_all() -> None:
    names = ("1 x", "2 x")
    assert classes_of_numbers([2], names, False) == {2: "2 x"}
    assert classes_of_numbers([1, 2, 7], names, False) == {1: "1 x", 2: "2 x"}
    assert classes_of_numbers([0, 1], names, True) == {0: "1 x", 1: "2 x"}
    assert classes_of_numbers([2, 3], names, True) is None


def test_names_that_say_nothing_but_their_order() -> None:
    assert are_indices(("LABEL_0", "label_1"))
    assert are_indices(("0", "1"))
    assert not are_indices(("1", "2"))
    assert not are_indices(("LABEL_1", "LABEL_0"))


def test_an_example_of_many_classes_is_cut() -> None:
    assert example_names([1, 9], [f"n{'x' * place}" for place in range(9)]) == "1 n,2 nx,3 nxx,…"
