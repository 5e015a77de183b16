"""The slices that the page offers ready-made, and the marks of wrong predictions in the table."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier, evaluate
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells

SMALL, BOW = "sentiment-small", "sentiment-bow"


def offered(lit: LitPage) -> Locator:
    return lit.module("data-table-module").locator("ready-slices button")


def counted(names: dict[str, int]) -> list[str]:
    return [f"{name} {count}" for name, count in names.items() if count]


def test_one_click_shows_the_texts_that_a_model_gets_wrong(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    assert reviews.labels is not None
    wrong = [
        text
        for text, gold, label in zip(reviews.texts, reviews.labels, predicted[SMALL], strict=True)
        if gold != label
    ]
    button = offered(lit).first
    expect(button).to_have_text(f"wrong: {SMALL} {len(wrong)}")
    button.click()
    lit.expect_selected(len(wrong), len(reviews.texts))
    shown = [cells(row) for row in lit.rows().all()]
    assert [row[1] for row in shown] == wrong[: len(shown)]
    assert all(row[3].endswith("✗") for row in shown)
    expect(button).to_have_attribute("aria-pressed", "true")
    # Another row of the slice is looked at; the slice stays.
    lit.rows().nth(1).click()
    lit.expect_selected(len(wrong), len(reviews.texts))
    button.click()
    lit.expect_selected(0, len(reviews.texts))
    expect(lit.rows().first.locator("td").nth(1)).to_have_text(reviews.texts[0])


def test_counts_are_those_of_the_engine(
    lit: LitPage,
    reviews: TextTable,
    predicted: dict[str, tuple[str, ...]],
    classifiers: dict[str, TextClassifier],
):
    small, bow = (
        [label != gold for label, gold in zip(predicted[name], reviews.labels or (), strict=True)]
        for name in (SMALL, BOW)
    )
    pairs = list(zip(small, bow, strict=True))
    unsure = {
        name: int((model.predict(reviews.texts).probabilities.max(axis=1) < 0.6).sum())
        for name, model in classifiers.items()
    }
    expect(offered(lit)).to_have_text(
        counted(
            {
                f"wrong: {SMALL}": sum(small),
                f"wrong: {BOW}": sum(bow),
                "both wrong": pairs.count((True, True)),
                f"{SMALL} wrong, {BOW} right": pairs.count((True, False)),
                f"{BOW} wrong, {SMALL} right": pairs.count((False, True)),
                f"unsure: {SMALL}": unsure[SMALL],
                f"unsure: {BOW}": unsure[BOW],
            }
        )
    )


def test_one_model_alone_is_compared_with_none(lit: LitPage):
    lit.page.locator("lit-app-toolbar").get_by_text(BOW, exact=True).click()
    expect(offered(lit)).to_have_text([re.compile(f"wrong: {SMALL}"), re.compile("unsure")])


def test_texts_without_labels_and_texts_that_are_cut(
    blank: LitPage, address_of: Callable[[TextTable], str]
):
    long = "A fine film about a dull town. " * 60
    texts = evaluate.texts(["Good film.", long], [None, None])
    blank.page.goto(address_of(texts))
    expect(offered(blank)).to_have_text([f"cut: {SMALL} 1", f"cut: {BOW} 1"])
    expect(blank.module("data-table-module").locator(".wrong-mark")).to_have_count(0)
    offered(blank).first.click()
    blank.expect_selected(1, 2)
    expect(blank.rows()).to_have_count(1)
    blank.button("Clear selection").click()
    expect(blank.rows()).to_have_count(2)
