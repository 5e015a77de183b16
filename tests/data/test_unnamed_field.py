"""One field more than the header in every row: an index, nothing, or a separator in a text."""

from __future__ import annotations

import pytest

from lit_plugins.data.delimited import read_delimited
from lit_plugins.data.unnamed_field import named_fields

INDEX = (
    "Each row has one field more than the header: the first one, a number, was taken as an index "
    "and not read."
)
NOTHING = "Each row ends with a separator: the empty field after it was not read."


@pytest.mark.parametrize(
    ("data", "usual", "said"),
    [
        # write.table(…, sep = ",") and write.table(…, sep = "\t", quote = FALSE) of R
        ('"text","label"\n"1","Good, really",1\n"3","Bad",0\n', ",", INDEX),
        ("text\tlabel\n1\tGood, really\t1\n3\tBad\t0\n", "\t", INDEX),
        ('text,label\n"Good, really",1,\nBad,0,\n', ",", NOTHING),
        ('text,label\r\n7,"Good, really",1\r\n"open\r\n9,Bad,0\r\n', ",", INDEX),
    ],
)
def test_what_the_header_does_not_name_is_not_read(data: str, usual: str, said: str) -> None:
    rows = read_delimited(data.encode(), "'x'", usual)
    assert rows.columns == {"text": ["Good, really", "Bad"], "label": ["1", "0"]}
    assert rows.notes == (said,)


def test_the_separator_is_found_all_the_same() -> None:
    rows = read_delimited(b"text;label\n1;Good, really;1\n2;Bad;0\n", "'x'", ",")
    assert rows.columns == {"text": ["Good, really", "Bad"], "label": ["1", "0"]}
    assert rows.notes == ("The fields were read as separated by semicolons.", INDEX)


def test_rows_with_another_number_of_fields_are_malformed() -> None:
    rows = read_delimited(b"text,label\n1,Good,1\n2,So, so,1\n3\n", "'x'", ",")
    assert rows.columns == {"text": ["Good"], "label": ["1"]}
    assert rows.reasons == {3: "with 4 fields instead of 3", 4: "with 1 field instead of 3"}


@pytest.mark.parametrize(
    "rows",
    [
        [["Good", "really", "1"], ["Bad", "really", "0"]],  # a comma in each text
        [["1", "Good", "1"], ["1", "Bad", "0"]],  # no index has a number twice
        [["1", "Good", "1"], ["Bad", "0"]],  # a row that fits the header
        [["1", "Good", ""], ["2", "Bad", ""]],  # an index or nothing
        [],
    ],
)
def test_what_may_mean_several_things_stays_malformed(rows: list[list[str]]) -> None:
    assert named_fields(rows, 2) is None
