from __future__ import annotations

import pytest

from lit_plugins.data.headers import header_names, looks_like_several, names_like_data
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError


def test_names_are_stripped() -> None:
    assert header_names([" text ", "", "label"], "'x'") == ["text", "", "label"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([" ", ""], "'x' names no columns"),
        (["a", "b", "a"], "names the column 'a' twice"),
        ("with a broken quote", "The first line of 'x' is a line with a broken quote: mend it."),
    ],
)
def test_refusals(fields: list[str] | str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        header_names(fields, "'x'")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"text": ["I liked it."], "label": ["1"]}, []),
        ({"phrase": ["a"], "stars_2019": ["1"], "5": ["3"]}, ["5"]),
        ({"0": ["a"], "1": ["b"]}, []),
        ({"good": ["bad", "good"], "a b": ["c"]}, ["good"]),
        ({"I liked it.": ["Not me."], "positive": ["negative"]}, ["I liked it."]),
        ({" ".join("abcdefghijkl"): ["x"]}, [" ".join("abcdefghijkl")]),
        ({"How old are you?": ["7"]}, []),
        ({"とても良い。": ["x"]}, []),
    ],
)
def test_names_that_look_like_data(columns: dict[str, list[str]], found: list[str]) -> None:
    assert names_like_data(Rows(columns, [1, 2], typed=False)) == found
    assert names_like_data(Rows(columns, [1, 2], typed=True)) == []


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("text", False),
        ("review text", False),
        ("label", False),
        ("text;label", True),
        ("sentence  label", True),
        ("text:Sentiment", True),
    ],
)
def test_names_that_are_probably_several(name: str, several: bool) -> None:
    assert looks_like_several(name) == several
