"""The rules that the embedded reviews keep: size, values, balance and minimal pairs."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from itertools import combinations
from statistics import median

import pytest

from lit_plugins.embedded import reviews_path

REVIEWS = reviews_path()
COLUMNS = ["sentence", "label", "domain", "phenomenon", "pair"]
LABELS = {"positive", "negative"}
DOMAINS = {"film", "food", "travel", "products", "books", "apps"}
PHENOMENA = {
    "plain",
    "negation",
    "double negation",
    "intensifier",
    "contrast",
    "irony",
    "comparison",
    "idiom",
    "mixed",
}

Row = dict[str, str]


def words(sentence: str) -> list[str]:
    """Lower-case words; apostrophes and hyphens stay inside a word."""
    return re.findall(r"\w+(?:['-]\w+)*", sentence.lower())


def edit_distance(left: list[str], right: list[str]) -> int:
    """Levenshtein distance counted in words."""
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, start=1):
        previous, row = row, [i]
        for j, b in enumerate(right, start=1):
            row.append(min(row[-1] + 1, previous[j] + 1, previous[j - 1] + (a != b)))
    return row[-1]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with REVIEWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", strict=True))


@pytest.fixture(scope="module")
def pairs(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["pair"]:
            found[row["pair"]].append(row)
    return dict(found)


def test_every_line_has_the_five_columns_and_needs_no_quoting() -> None:
    lines = REVIEWS.read_text(encoding="utf-8").split("\n")
    assert lines[0].split("\t") == COLUMNS
    assert lines[-1] == "", "the file ends with one line feed"
    for line in lines[:-1]:
        assert len(line.split("\t")) == len(COLUMNS)
        assert '"' not in line
        assert "\r" not in line


def test_there_are_enough_reviews(rows: list[Row]) -> None:
    assert len(rows) >= 480


def test_values_are_known(rows: list[Row]) -> None:
    assert {row["label"] for row in rows} == LABELS
    assert {row["domain"] for row in rows} == DOMAINS
    assert {row["phenomenon"] for row in rows} == PHENOMENA
    assert all(re.fullmatch(r"(p\d{3})?", row["pair"]) for row in rows)


def test_sentences_are_clean_and_short(rows: list[Row]) -> None:
    for row in rows:
        sentence = row["sentence"]
        assert sentence == " ".join(sentence.split())
        assert 2 <= len(words(sentence)) <= 35, sentence


def test_labels_are_exactly_balanced(rows: list[Row]) -> None:
    counts = Counter(row["label"] for row in rows)
    assert counts["positive"] == counts["negative"]


@pytest.mark.parametrize("column", ["domain", "phenomenon"])
def test_labels_are_close_to_balanced_in_every_group(rows: list[Row], column: str) -> None:
    for value in sorted({row[column] for row in rows}):
        group = [row["label"] for row in rows if row[column] == value]
        assert len(group) >= 25, value
        assert 0.4 <= group.count("positive") / len(group) <= 0.6, value


def test_domains_are_of_similar_size(rows: list[Row]) -> None:
    counts = Counter(row["domain"] for row in rows)
    assert max(counts.values()) <= 1.2 * min(counts.values())


def test_pairs_flip_the_label_inside_one_domain(pairs: dict[str, list[Row]]) -> None:
    assert len(pairs) >= 130
    for name, members in pairs.items():
        assert len(members) == 2, name
        assert {row["label"] for row in members} == LABELS, name
        assert members[0]["domain"] == members[1]["domain"], name


def test_pairs_are_minimal_edits(pairs: dict[str, list[Row]]) -> None:
    distances = {
        name: edit_distance(words(first["sentence"]), words(second["sentence"]))
        for name, (first, second) in pairs.items()
    }
    assert {name: d for name, d in distances.items() if not 1 <= d <= 4} == {}
    assert median(distances.values()) <= 2


def test_no_duplicates_and_no_near_duplicates_outside_pairs(rows: list[Row]) -> None:
    seen = Counter(" ".join(words(row["sentence"])) for row in rows)
    assert [sentence for sentence, count in seen.items() if count > 1] == []
    bags = [(set(words(row["sentence"])), row) for row in rows]
    for (left, a), (right, b) in combinations(bags, 2):
        if a["pair"] and a["pair"] == b["pair"]:
            continue
        overlap = len(left & right) / len(left | right)
        assert overlap < 0.7, (a["sentence"], b["sentence"])
