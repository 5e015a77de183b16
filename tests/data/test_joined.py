from __future__ import annotations

import pytest

from lit_plugins.data.joined import joined, selected
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError

FIRST = Rows(
    {"text": ["a", "b"]},
    [2, 4],
    [3],
    {3: "not JSON"},
    unit="line",
    typed=False,
    notes=("A note.",),
)
SECOND = Rows({"text": ["c"]}, [1], [2], {2: "not UTF-8"}, typed=False, notes=("A note.",))


def test_a_single_part_stays_as_it_is() -> None:
    assert joined([("a.csv", FIRST)], "'x'") is FIRST


def test_rows_are_numbered_through_all_parts() -> None:
    rows = joined([("a.csv", FIRST), ("b.csv", SECOND)], "'x'")
    assert rows.columns == {"text": ["a", "b", "c"]}
    assert (rows.numbers, rows.malformed, rows.unit) == ([1, 3, 4], [2, 5], "row")
    assert rows.reasons == {
        2: "not JSON in a.csv, first in line 3",
        5: "not UTF-8 in b.csv, first in row 2",
    }
    assert rows.notes == ("A note.",)


@pytest.mark.parametrize(
    "other",
    [Rows({"review": ["c"]}, [1]), Rows({"text": [0]}, [1], class_names={"text": ("no", "yes")})],
)
def test_parts_that_differ_are_refused(other: Rows) -> None:
    with pytest.raises(UserError, match=r"a\.csv and b\.csv of 'x' have different columns or"):
        joined([("a.csv", FIRST), ("b.csv", other)], "'x'")


def test_a_selection_counts_malformed_rows() -> None:
    rows = selected(FIRST, 1, 3)
    assert (rows.columns, rows.numbers, rows.malformed) == ({"text": ["b"]}, [4], [3])
