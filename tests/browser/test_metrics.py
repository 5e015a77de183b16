import numpy as np
import pytest
from playwright.sync_api import expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells

pytestmark = pytest.mark.browser


def test_accuracy_of_both_models(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    lit.open_tab("Metrics")
    rows = lit.module("metrics-module").locator(".lit-data-table-row")
    expect(rows).to_have_count(2)
    for row, (name, labels) in zip(rows.all(), predicted.items(), strict=True):
        right = np.array(labels) == np.array(reviews.labels)
        shown = cells(row)
        assert shown[:4] == [name, "dataset", "probas", str(len(reviews.texts))]
        assert float(shown[4]) == pytest.approx(right.mean(), abs=6e-4)


def test_metrics_of_the_selection(lit: LitPage, reviews: TextTable):
    lit.open_tab("Metrics")
    count = sum("never" in text for text in reviews.texts)
    lit.search("sentence:never")
    lit.select_found()
    rows = lit.module("metrics-module").locator(".lit-data-table-row")
    expect(rows.filter(has_text="selection")).to_have_count(2)
    assert {cells(row)[3] for row in rows.filter(has_text="selection").all()} == {str(count)}
