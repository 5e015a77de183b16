from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lit_plugins.data.labels import Labels, read_labels
from lit_plugins.errors import UserError

WANTED = ("NEGATIVE", "POSITIVE")
TRIED = settings(max_examples=60, deadline=None, derandomize=True, database=None)
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
        (["1", " 0.0 ", "", float("nan")], ("0", "1"), ["1", "0", None, None]),
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
        ["neg", "pos"],
        ["bad", "Good"],
        ["LABEL_0", "LABEL_1"],
    ],
)
def test_wanted_names(cells: list[object]) -> None:
    found = read(cells, WANTED)
    assert found.values == ["NEGATIVE", "POSITIVE"]
    assert (found.names, found.unknown) == (WANTED, frozenset())


def test_unknown_labels_are_found_and_named() -> None:
    found = read(["negative", 2, -1, 0.5, "meh", [1], "", "Positive"], WANTED)
    assert found.values == ["NEGATIVE", None, None, None, None, None, None, "POSITIVE"]
    assert found.unknown == {1, 2, 3, 4, 5}
    assert found.notes == (
        "These labels are none of NEGATIVE, POSITIVE: 2, -1, 0.5, 'meh', '[1]'.",
    )
    found = read([0, "meh", [1], "", 1], WANTED)
    assert (found.values[::4], found.unknown) == (["NEGATIVE", "POSITIVE"], {1, 2})


def test_names_that_say_nothing_but_their_order() -> None:
    names = ("LABEL_0", "LABEL_1")
    assert read([0, 1], names).values == list(names)
    assert read(["label_1", None], names).values == ["LABEL_1", None]
    assert read([1, 0], names, ("LABEL_1", "LABEL_0")).values == ["LABEL_0", "LABEL_1"]


def test_words_for_a_missing_label_are_treated_alike() -> None:
    cells = ["None", "nan", "NA", "null", " ", None, float("nan"), "pos"]
    for wanted in (None, ("neg", "pos")):
        found = read(cells, wanted)
        assert found.values == [None] * 7 + ["pos"]
        assert (found.unknown, found.notes) == (
            frozenset(),
            ("Taken as no label in the column 'label' of 'x': 'NA', 'None', 'nan', 'null'.",),
        )
    assert read(["None", "sexism"], ("none", "sexism")).values == ["none", "sexism"]
    assert read([0, 1], None, ("None", "sexism")).values == ["None", "sexism"]


def test_a_fraction_is_no_class() -> None:
    found = read([1, "0.5", 2])
    assert found.names == ("1", "2")
    assert found.unknown == {1}


def test_numbers_that_are_names() -> None:
    assert read([1, 5, "2"], STARS).values == ["1", "5", "2"]
    assert read([0, 4, 1], STARS).values == ["1", "5", "2"]
    found = read([1, 2, 7, 0.5], ("1", "2"))
    assert (found.values, found.unknown) == (["1", "2", None, None], {2, 3})


NP, NNP = ("negative", "positive"), ("negative", "neutral", "positive")
NAMED_STARS = ("1 star", "2 stars", "3 stars", "4 stars", "5 stars")
NEWS = ("World", "Sports", "Business", "Sci/Tech")


def test_numbers_inside_the_names_are_those_of_the_column() -> None:
    for cells in ([1, 2, 3, 4, 5], [1, 2, 3, 4], ["5", "1"], [2.0]):
        found = read(cells, NAMED_STARS)
        assert found.values == [NAMED_STARS[int(float(cell)) - 1] for cell in cells]
    assert found.notes == ("The labels 2 of 'x' were taken as 2 stars.",)
    assert read([0, 1, 2, 3, 4], NAMED_STARS).values == list(NAMED_STARS)
    assert read([-1, 0, 1], ("-1 bad", "0 so so", "+1 good")).values == [
        "-1 bad",
        "0 so so",
        "+1 good",
    ]


@pytest.mark.parametrize(
    ("cells", "wanted", "example"),
    [
        ([1, 2, 3, 4], NEWS, "1 World,2 Sports,3 Business,4 Sci/Tech"),
        ([-1, 0, 1], NNP, "-1 negative,0 neutral,1 positive"),
        ([-1, 0, 1], NP, "-1 negative,1 positive"),
        ([1, 2], NP, "1 negative,2 positive"),
        ([1, 2], NNP, "0 negative,1 neutral,2 positive"),
        ([0, 4], NP, "0 negative,4 positive"),
        ([0, 4], NAMED_STARS, "0 star,1 stars,2 stars,3 stars,4 stars"),
        ([0, 1], ("LABEL_0", "LABEL_1", "LABEL_2"), "0 name,1 name,2 name"),
        ([1], ("0", "1"), "0 name,1 name"),
        ([0, 2, 4], NNP, "0 negative,2 neutral,4 positive"),
        ([0, 2, 4], NP, "0 negative,4 positive"),
        ([0, 2], NNP, "0 negative,1 neutral,2 positive"),
        ([0, 1, 6], (*NNP, "mixed"), "0 negative,1 neutral,2 positive,6 mixed"),
        ([0, 1], NNP, "0 negative,1 neutral,2 positive"),
        ([1, 2, 3, 4, 5], NP, "1 negative,5 positive"),
        ([0, 1, 7], NP, "0 negative,1 positive"),
        ([1], NP, "0 negative,1 positive"),
    ],
)
def test_numbers_that_may_mean_several_classes_are_refused_and_the_mend_helps(
    cells: list[object], wanted: tuple[str, ...], example: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(cells, wanted)
    assert str(caught.value) == (
        f"The labels {', '.join(map(str, cells))} in the column 'label' of 'x' do not say which of "
        f"the classes {', '.join(wanted)} they mean: put its number into each name with "
        f"--labels={example!r} or the like (labels= in Python), write names into the file, or give "
        "--label-column none."
    )
    names = example.split(",")
    assert read(cells, names).values == [
        next((name for name in names if name.split()[0] == str(cell)), None) for cell in cells
    ]


FRUIT = ("apple", "berry", "cherry", "date", "elder")


@TRIED
@given(data=st.data())
def test_a_numbered_column_is_read_right_or_refused(data: st.DataObject) -> None:
    """Whatever evenly spaced numbers a file has for its classes, in whatever order."""
    names = data.draw(st.permutations(FRUIT))[: data.draw(st.integers(2, len(FRUIT)))]
    first, step = data.draw(st.integers(-3, 3)), data.draw(st.integers(1, 4))
    truth = data.draw(st.lists(st.sampled_from(names), min_size=1))
    cells = [first + step * names.index(name) for name in truth]
    if set(cells) == set(range(len(names))):
        assert read(cells, names).values == truth
    elif set(cells) != {-1}:  # -1 alone stands for hidden labels
        try:
            assert read(cells, names).values == truth
        except UserError as error:
            (mend,) = re.findall("--labels='(.*)' or the like", str(error))
            read(cells, mend.split(","))  # is not refused
    numbered = {name: f"{first + step * place} {name}" for place, name in enumerate(names)}
    if set(cells) != {-1}:
        found = read(cells, list(numbered.values()))
        assert found.values == [numbered[name] for name in truth]


@TRIED
@given(data=st.data())
def test_declared_names_are_found_in_any_order_and_spelling(data: st.DataObject) -> None:
    """What a file says of its classes counts, not the order in which it does."""
    spelled = {"negative": ["neg", "Bad", "NEGATIVE"], "neutral": ["Neu", "2 neutral"]}
    spelled["positive"] = ["pos", " Positive", "good"]
    order = data.draw(st.permutations(list(spelled)))
    declared = [data.draw(st.sampled_from(spelled[name])) for name in order]
    indices = data.draw(st.lists(st.integers(0, 2), min_size=1))
    assert read(indices, NNP, declared).values == [order[index] for index in indices]


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
    assert read([0, 1], frozenset(WANTED), ("neg", "pos")).values == list(WANTED)
    assert read([1, 0], frozenset(["0 a", "1 b"])).values == ["1 b", "0 a"]
    for cells, declared in (([0, 1], None), ([0, 1], ("0", "1"))):
        with pytest.raises(UserError, match="is one of NEGATIVE, POSITIVE"):
            read(cells, frozenset(WANTED), declared)


def test_declared_names_match_wanted_ones_by_order_where_one_side_says_nothing() -> None:
    numbers = ("LABEL_0", "LABEL_1")
    found = read([1, 0, -1], numbers, ("World", "Sports"))
    assert found.values == ["LABEL_1", "LABEL_0", None]
    assert found.unknown == {2}
    assert found.notes[0] == (
        "The labels World, Sports of 'x' were taken as LABEL_0, LABEL_1, by their order."
    )
    for declared in (numbers, ("0", "1")):
        assert read([1, 0, 1], WANTED, declared).values == ["POSITIVE", "NEGATIVE", "POSITIVE"]


def test_declared_names_match_wanted_ones_by_meaning() -> None:
    found = read([1, 0, -1], WANTED, ("pos", "neg"))
    assert found.values == ["NEGATIVE", "POSITIVE", None]
    assert found.notes[0] == "The labels pos, neg of 'x' were taken as POSITIVE, NEGATIVE."
    assert read(["neg", "pos"], WANTED, ("neg", "pos")).values == ["NEGATIVE", "POSITIVE"]
    assert read([4, 0], NAMED_STARS, STARS).values == ["5 stars", "1 star"]
    assert read([4, 0], STARS, NAMED_STARS[::-1]).values == ["1", "5"]
    assert read([0, 1, 2], WANTED, ("neg", "neu", "pos")).values == ["NEGATIVE", None, "POSITIVE"]


@pytest.mark.parametrize(
    ("wanted", "declared"),
    [(WANTED, NEWS[:2]), (NP, ("1", "2")), (("LABEL_0", "LABEL_1"), NNP), (NNP, ("0", "1"))],
)
def test_declared_names_that_mean_something_else_are_refused(
    wanted: tuple[str, ...], declared: tuple[str, ...]
) -> None:
    with pytest.raises(UserError, match="--labels"):
        read([0, 1], wanted, declared)


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
        (["ham", "spam"], WANTED, None, "one of NEGATIVE, POSITIVE .the first is 'ham'."),
        ([0, 1], WANTED, ("a", "b", "c"), "is one of NEGATIVE, POSITIVE .the first is 'a'."),
        ([0.5, 1], WANTED, None, "holds fractions, such as 0.5, so its numbers are no classes: "),
        ([0.25, 0.75], None, None, "holds no classes .its first value is 0.25."),
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


@pytest.mark.parametrize("digits", [3, 30_000])
def test_a_whole_number_of_any_length_with_a_full_stop_is_no_fraction(digits: int):
    cells = ["7" * digits + ".", "0.5"]
    with pytest.raises(UserError):
        read(cells, WANTED)
