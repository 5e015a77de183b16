from __future__ import annotations

from lit_plugins.data import LoadReport


def test_nothing_to_say() -> None:
    assert LoadReport("x.csv", read=3, kept=3).sentences() == []


def test_one_sentence_for_each_reason() -> None:
    report = LoadReport(
        "x.csv",
        read=60,
        kept=5,
        malformed=(2,),
        empty=(4, 17, 230),
        unknown_labels=tuple(range(100, 137)),
        duplicates=(9, 11),
        unlabelled=(3,),
        notes=("A note.",),
        unit="line",
    )
    assert report.usable == 60 - 1 - 3 - 37 - 2
    assert report.sentences() == [
        "1 row is malformed and was left out: line 2.",
        "3 rows have an empty text and were left out: lines 4, 17, 230.",
        "37 rows have an unknown label and were left out: lines 100, 101, 102, 103, 104, 105, 106, "
        "107, 108, 109 and 27 more.",
        "2 rows repeat an earlier text and label and were left out: lines 9, 11.",
        "1 row has no label and was kept: line 3.",
        "A sample of 5 of the 17 usable rows was kept, in their order.",
        "A note.",
    ]


def test_rows_are_numbers_alone() -> None:
    report = LoadReport("x.parquet", read=3, kept=1, empty=(1, 2))
    assert report.sentences() == ["2 rows have an empty text and were left out: 1, 2."]


def test_malformed_rows_are_grouped_by_reason() -> None:
    reasons = {2: "not JSON", 3: "not UTF-8", 5: "not JSON"}
    report = LoadReport("x", 5, 1, malformed=(2, 3, 5, 7), reasons=reasons, unit="line")
    assert report.sentences() == [
        "4 rows are malformed and were left out: 2 not JSON (lines 2, 5), 1 not UTF-8 (line 3), "
        "1 for another reason (line 7)."
    ]


def test_what_was_taken() -> None:
    report = LoadReport("x", 1, 1, text_column="body", label_column="stars")
    assert report.taken == "Texts: column 'body'; labels: column 'stars'."
    assert LoadReport("x", 1, 1, text_column="body").taken == (
        "Texts: column 'body'; labels: none."
    )
