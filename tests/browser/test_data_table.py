from collections.abc import Callable

from playwright.sync_api import expect

from lit_plugins import evaluate
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells


def test_texts_labels_and_what_both_models_predict(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    assert reviews.labels is not None
    shown = [[" ".join(cell.split()) for cell in cells(row)[:5]] for row in lit.rows().all()]
    assert len(shown) >= 5
    for index, row in enumerate(shown):
        text, gold = reviews.texts[index], reviews.labels[index]
        classes = [labels[index] for labels in predicted.values()]
        marked = [label if label == gold else f"{label} ✗" for label in classes]
        assert row == [str(index), text, gold, *marked]
    lit.expect_selected(0, len(reviews.texts))


def test_sorted_by_a_click_on_a_column(lit: LitPage, reviews: TextTable):
    index = lit.module("data-table-module").locator("th#index .header-text")
    index.click()
    expect(lit.rows().first.locator("td").first).to_have_text("0")
    index.click()
    expect(lit.rows().first.locator("td").first).to_have_text(str(len(reviews.texts) - 1))


def test_search_in_a_column_selects_what_it_finds(lit: LitPage, reviews: TextTable):
    found = [text for text in reviews.texts if "never" in text]
    lit.search("sentence:never")
    expect(lit.rows().locator("td:nth-child(2)").first).to_have_text(found[0])
    lit.select_found()
    lit.expect_selected(len(found), len(reviews.texts))


def test_a_model_s_errors_are_found_by_a_search_for_them(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    pairs = zip(reviews.labels or (), predicted["sentiment-bow"], strict=True)
    wrong = [
        text
        for text, pair in zip(reviews.texts, pairs, strict=True)
        if pair == ("negative", "positive")
    ]
    lit.search("label:negative AND sentiment-bow:probas:class:positive")
    expect(lit.rows().locator("td:nth-child(2)").first).to_have_text(wrong[0])
    lit.select_found()
    lit.expect_selected(len(wrong), len(reviews.texts))


def test_a_column_with_any_name_is_filtered_until_it_is_hidden(
    blank: LitPage, address_of: Callable[[TextTable], str]
):
    names = ("topic:main", "2nd [a] #topic")
    texts = evaluate.texts(
        ["Good film.", "Bad film.", "Good food."],
        ["positive", "negative", "positive"],
        **dict.fromkeys(names, ["film", "film", "food"]),
    )
    blank.open(address_of(texts))
    table = blank.module("data-table-module")
    for name in names:
        column = table.locator("th", has_text=name)
        column.hover()
        column.locator(".menu-button").click()
        column.locator("lit-checkbox", has_text="film").locator("input").click()
        expect(blank.rows()).to_have_count(2)
        column.locator("lit-checkbox", has_text="film").locator("input").click()
        expect(blank.rows()).to_have_count(3)
    column.locator("lit-checkbox", has_text="food").locator("input").click()
    expect(blank.rows()).to_have_count(1)
    # A filter that nobody sees any more hides nothing.
    blank.button("Columns", table).click()
    blank.checkbox(names[-1], table).click()
    expect(blank.rows()).to_have_count(3)
