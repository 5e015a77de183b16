import pandas as pd

from lit_plugins.cli.table_text import as_text


def test_columns_line_up_whatever_is_in_them():
    table = pd.DataFrame(
        {
            "model": ["small", "映画"],
            "n": [1200, 7],
            "both_right": [0.5, float("nan")],
            "agree": [True, False],
            "label": [None, "a\n\x1bb"],
        }
    )
    assert as_text(table).splitlines() == [
        "model     n   both  agree  label",
        "             right",
        "small  1200  0.500  yes    -",
        "映画      7      -  no     a �b",
    ]


def test_a_long_text_shows_its_start():
    text = as_text(pd.DataFrame({"text": ["word " * 100]})).splitlines()[1]
    assert len(text) == 40
    assert text.endswith("…")


def test_a_table_without_rows():
    assert as_text(pd.DataFrame({"a_b": []})) == "a\nb"
    assert as_text(pd.DataFrame()) == ""
