from __future__ import annotations

import datetime

import pytest

from lit_plugins.data.columns import choose_columns, label_candidates, tidy_column
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError


def rows(
    columns: dict[str, list[object]], typed: bool = True, unread: tuple[str, ...] = ()
) -> Rows:
    return Rows(columns, numbers=range(1, 3), typed=typed, unread=unread)


def test_names_are_guessed_in_their_order_and_any_case() -> None:
    found = rows({"Content": ["a"], "Text": ["b"], "Class": ["c"], "LABEL": ["d"]})
    assert choose_columns(found, "'x'", None, None) == ("Text", "LABEL")


def test_the_only_column_of_strings() -> None:
    columns: dict[str, list[object]] = {"id": ["1", "2"], "phrase": ["a", "b"], "Label": ["y", "n"]}
    assert choose_columns(rows(columns, typed=False), "'x'", None, None) == ("phrase", "Label")
    assert choose_columns(rows({"q": ["a"], "n": [1]}), "'x'", None, None) == ("q", None)


def test_given_names() -> None:
    found = rows({"text": ["a"], "Phrase": ["b"], "stars": [1], "label": [0]})
    assert choose_columns(found, "'x'", "phrase", "STARS") == ("Phrase", "stars")
    assert choose_columns(found, "'x'", "Phrase", "none") == ("Phrase", None)
    assert choose_columns(found, "'x'", None, "text") == ("Phrase", "text")
    assert choose_columns(found, "'x'", "label", None) == ("label", None)


def test_an_exact_name_comes_before_one_in_another_case() -> None:
    found = rows({"text": ["a"], "TEXT": ["b"]})
    assert choose_columns(found, "'x'", "TEXT", None)[0] == "TEXT"


@pytest.mark.parametrize(
    ("text", "label", "words"),
    [
        ("title", None, "'x' has no column 'title': choose one of a, b, n with --text-column ("),
        ("a", "Y", "'x' has no column 'Y': choose one of a, b, n with --label-column ("),
        (None, None, "The text column of 'x' cannot be guessed: choose one of a, b with"),
        ("a", "a", "The column 'a' of 'x' cannot hold both the texts and the labels: choose"),
        ("v", None, "The column 'v' of 'x' holds lists, objects or bytes: choose one of a, b, n"),
    ],
)
def test_refusals(text: str | None, label: str | None, words: str) -> None:
    found = rows({"a": ["x"], "b": ["y"], "n": [1]}, unread=("v",))
    with pytest.raises(UserError) as caught:
        choose_columns(found, "'x'", text, label)
    assert words in str(caught.value)


def test_label_candidates_have_few_values_that_repeat() -> None:
    found = rows(
        {
            "phrase": ["a", "a", "b"],
            "mood": ["good", "bad", "good"],
            "stars": [1, 2, 2],
            "kept": [True, False, True],
            "id": [1, 2, 3],
            "score": [0.5, 1.5, 0.5],
            "origin": ["web", "web", "web"],
            "title": ["x" * 50, "y", "y"],
            "rationale": ["0 1", "1 1", "0 1"],
        }
    )
    assert label_candidates(found, "phrase") == ["mood", "stars", "kept"]


def test_no_column_of_strings() -> None:
    with pytest.raises(UserError, match="choose one of n, m with --text-column"):
        choose_columns(rows({"n": [1], "m": [2]}), "'x'", None, None)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([1, 2], ("number", (1, 2))),
        ([1, 2.5], ("number", (1.0, 2.5))),
        ([True, False], ("boolean", (True, False))),
        (["a", "b", None, ""], ("category", ("a", "b", "", ""))),
        (["1", "2"], ("category", ("1", "2"))),
        ([1, None], ("category", ("1", ""))),
        ([1.5, float("nan")], ("category", ("1.5", ""))),
        ([float("inf"), 1.0], ("category", ("inf", "1.0"))),
        ([True, None], ("category", ("true", ""))),
        ([2**53, 1], ("number", (2**53, 1))),
        ([2**53 + 1, 1], ("category", (str(2**53 + 1), "1"))),
        ([datetime.date(2024, 5, 1)], ("category", ("2024-05-01",))),
        (["x" * 40], ("category", ("x" * 40,))),
        (["x" * 41], ("text", ("x" * 41,))),
    ],
)
def test_kinds_of_typed_cells(
    cells: list[object], expected: tuple[str, tuple[object, ...]]
) -> None:
    assert tidy_column(cells) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1", "-2"], ("number", (1, -2))),
        (["1", "2.50", "1e3"], ("number", (1.0, 2.5, 1000.0))),
        (["True", "false"], ("boolean", (True, False))),
        (["007", "1"], ("category", ("007", "1"))),
        (["1.50", ""], ("category", ("1.50", ""))),
        (["9" * 5000], ("text", ("9" * 5000,))),
    ],
)
def test_kinds_of_strings_alone(
    cells: list[object], expected: tuple[str, tuple[object, ...]]
) -> None:
    assert tidy_column(cells, typed=False) == expected


def test_fifty_distinct_strings_are_a_category() -> None:
    fifty: list[object] = [f"c{number}" for number in range(50)]
    for cells, kind in ((fifty * 2, "category"), ([*fifty, "c50"], "text")):
        tidied = tidy_column(cells)
        assert tidied is not None
        assert tidied[0] == kind


@pytest.mark.parametrize("cell", [[1], (1,), {"a": 1}, b"a"])
def test_nested_cells_make_no_column(cell: object) -> None:
    assert tidy_column(["a", cell]) is None
