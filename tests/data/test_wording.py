from __future__ import annotations

from lit_plugins.data.wording import counted, listed, numbered


def test_counted() -> None:
    assert counted(1, "row") == "1 row"
    assert counted(1200, "row") == "1,200 rows"


def test_listed_on_one_line() -> None:
    assert listed(["a", "b\nc"]) == "a, b c"
    assert listed("abcdef", most=4) == "a, b, c, d and 2 more"
    assert listed([]) == ""


def test_numbered() -> None:
    assert numbered([4], "line") == "line 4"
    assert numbered([4, 17], "line") == "lines 4, 17"
    assert numbered([4, 17], "row") == "4, 17"
    assert numbered(range(1, 38), "row") == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 27 more"
