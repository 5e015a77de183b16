from collections import Counter

from playwright.sync_api import expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage


def test_counts_of_gold_and_predicted_labels(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    pairs = Counter(zip(reviews.labels or (), predicted["sentiment-small"], strict=True))
    expected = [
        str(pairs[gold, guess])
        for gold in ("negative", "positive")
        for guess in ("negative", "positive")
    ]
    lit.open_tab("Metrics")
    matrix = lit.module("confusion-matrix-module")
    matrix.locator("select").nth(1).select_option("sentiment-small:probas:class")
    expect(matrix.locator("td.axis-title").first).to_have_text("sentiment-small:probas:class")
    expect(matrix.locator("td.cell .val")).to_have_text([f"({count})" for count in expected])

    matrix.locator("td.cell").nth(1).click()
    lit.expect_selected(int(expected[1]), len(reviews.texts))


def test_one_model_s_predictions_against_the_other_s(
    lit: LitPage, predicted: dict[str, tuple[str, ...]]
):
    pairs = Counter(zip(*predicted.values(), strict=True))
    lit.open_tab("Metrics")
    matrix = lit.module("confusion-matrix-module")
    matrix.locator("select").nth(1).select_option("sentiment-bow:probas:class")
    matrix.locator("select").nth(0).select_option("sentiment-small:probas:class")
    values = matrix.locator("td.cell .val")
    expect(values.nth(1)).to_have_text(f"({pairs['negative', 'positive']})")
    expect(values.nth(2)).to_have_text(f"({pairs['positive', 'negative']})")
