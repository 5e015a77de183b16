from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from lit_plugins.data.labels import Labels, read_labels
from lit_plugins.errors import UserError

WANTED = ("NEGATIVE", "POSITIVE")
STARS = ("1", "2", "3", "4", "5")


def read(
    cells: Sequence[object],
    wanted: Collection[str] | None = None,
    declared: Sequence[str] | None = None,
) -> Labels:
    return read_labels(cells, column="label", title="'x'", class_names=declared, label_names=wanted)


@pytest.mark.parametrize(
    ("cells", "names", "values"),
    [
        ([1, 0, 1], ("0", "1"), ["1", "0", "1"]),
        ([1.0, 0.0, float("nan")], ("0", "1"), ["1", "0", None]),
        (["1", " 0.0 ", "", "nan"], ("0", "1"), ["1", "0", None, None]),
        (["10", "9", "-1"], ("-1", "9", "10"), ["10", "9", "-1"]),
        (["pos", " neg", None], ("neg", "pos"), ["pos", "neg", None]),
        ([True, False], ("false", "true"), ["true", "false"]),
        (["x", 2, "1"], ("1", "2", "x"), ["x", "2", "1"]),
    ],
)
def test_without_wanted_names(
    cells: list[object], names: tuple[str, ...], values: list[str | None]
) -> None:
    read_ = read(cells)
    assert (read_.names, read_.values, read_.unknown, read_.notes) == (
        names,
        values,
        frozenset(),
        (),
    )


@pytest.mark.parametrize(
    "cells",
    [
        [0, 1],
        [0.0, 1.0],
        ["0", "1"],
        ["0.0", "1."],
        ["negative", "Positive"],
        [" NEGATIVE ", "positive"],
        [False, True],
        ["False", "true"],
        [0, "positive"],
    ],
)
def test_wanted_names(cells: list[object]) -> None:
    found = read(cells, WANTED)
    assert found.values == ["NEGATIVE", "POSITIVE"]
    assert found.names == WANTED
    assert (found.unknown, found.notes) == (frozenset(), ())


def test_unknown_labels_are_found_and_named() -> None:
    found = read([0, 2, -1, 0.5, "meh", [1], "", 1], WANTED)
    assert found.values == ["NEGATIVE", None, None, None, None, None, None, "POSITIVE"]
    assert found.unknown == {1, 2, 3, 4, 5}
    assert found.notes == (
        "These labels are none of NEGATIVE, POSITIVE: 2, -1, '0.5', 'meh', '[1]'.",
    )


def test_a_fraction_is_no_class() -> None:
    found = read([1, "0.5", 2])
    assert found.names == ("1", "2")
    assert found.unknown == {1}


def test_numbers_that_are_names() -> None:
    assert read([1, 5, "2", -1], STARS).values == ["1", "5", "2", None]
    assert read([0, 4, 1], STARS).values == ["1", "5", "2"]


def test_names_that_differ_in_case_only() -> None:
    assert read(["a", "A", "B", "b"], ("A", "a", "b")).values == ["a", "A", "b", "b"]


def test_declared_names() -> None:
    found = read([1, 0, None, -1, 7], declared=("neg", "pos"))
    assert found.names == ("neg", "pos")
    assert found.values == ["pos", "neg", None, None, None]
    assert found.unknown == {3, 4}


def test_declared_names_match_wanted_ones_by_name() -> None:
    found = read([0, 1, 2], WANTED, ("positive", "negative", "neutral"))
    assert found.values == ["POSITIVE", "NEGATIVE", None]
    assert found.unknown == {2}
    assert read([0, 1], STARS, ("5", "1")).values == ["5", "1"]


def test_wanted_names_without_an_order_match_by_name_alone() -> None:
    found = read(["Positive", "1", "true", None], frozenset(WANTED))
    assert found.values == ["POSITIVE", None, None, None]
    assert (found.names, found.unknown) == (WANTED, {1, 2})
    assert read([0, 1], frozenset(WANTED), ("positive", "negative")).values == [
        "POSITIVE",
        "NEGATIVE",
    ]
    for cells, declared in (([0, 1], None), ([0, 1], ("neg", "pos"))):
        with pytest.raises(UserError, match="is one of NEGATIVE, POSITIVE"):
            read(cells, frozenset(WANTED), declared)


def test_declared_names_match_wanted_ones_by_order() -> None:
    found = read([1, 0, -1], WANTED, ("neg", "pos"))
    assert found.values == ["POSITIVE", "NEGATIVE", None]
    assert found.unknown == {2}
    assert found.notes[0] == (
        "The labels neg, pos of 'x' were taken as NEGATIVE, POSITIVE, by their order."
    )
    assert read(["neg", "pos"], WANTED, ("neg", "pos")).values == ["NEGATIVE", "POSITIVE"]


@pytest.mark.parametrize("cells", [[-1, -1], ["-1", None], [-1.0]])
def test_hidden_labels(cells: list[object]) -> None:
    for found in (read(cells), read(cells, WANTED), read(cells, None, ("neg", "pos"))):
        assert found.names is None
        assert set(found.values) == {None}
        assert found.notes == (
            "Every label of 'x' is -1, which stands for hidden, so it has no labels.",
        )


def test_no_label_at_all() -> None:
    found = read([None, ""], WANTED)
    assert (found.names, found.values) == (None, [None, None])
    assert found.notes == ("No row of 'x' has a label in its column 'label'.",)


@pytest.mark.parametrize(
    ("cells", "wanted", "declared", "words"),
    [
        (["good", "bad"], WANTED, None, "one of NEGATIVE, POSITIVE .the first is 'good'."),
        ([0, 1], WANTED, ("a", "b", "c"), "is one of NEGATIVE, POSITIVE .the first is 'a'."),
        ([0.25, 0.75], None, None, "holds no classes .its first value is '0.25'."),
    ],
)
def test_no_label_fits(
    cells: list[object],
    wanted: tuple[str, ...] | None,
    declared: tuple[str, ...] | None,
    words: str,
) -> None:
    with pytest.raises(UserError, match=words) as caught:
        read(cells, wanted, declared)
    assert str(caught.value).endswith("with --label-column, or --label-column none.")


@pytest.mark.parametrize(
    ("cells", "wanted", "values"),
    [
        (["-1", "-1", ""], ("-1", "1"), ["-1", "-1", None]),
        (["2.0", "1.0"], ("1.0", "2.0"), ["2.0", "1.0"]),
        (["nan", None], ("nan", "x"), ["nan", None]),
        ([" x", "x"], ("x", " x"), [" x", "x"]),
        (["1", "2", "0"], ("1", "2", "3"), ["2", "3", "1"]),
    ],
)
def test_labels_that_are_the_wanted_names_to_the_letter_are_these(
    cells: list[object], wanted: tuple[str, ...], values: list[str | None]
) -> None:
    assert read(cells, wanted).values == values
