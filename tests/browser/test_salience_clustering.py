import pytest
from playwright.sync_api import expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells


@pytest.mark.parametrize("mapper", ["Grad L2 Norm", "SHAP"])
def test_texts_grouped_by_their_salient_tokens(mapper: str, lit: LitPage, reviews: TextTable):
    count = sum("never" in text for text in reviews.texts)
    lit.search("sentence:never")
    lit.select_found()
    lit.open_tab("Salience Clustering")
    module = lit.module("salience-clustering-module", "sentiment-bow")
    form = lit.panel("Salience Clustering", module)
    form.locator("select").select_option(mapper)
    clusters = form.locator(".control-holder", has_text="Number of clusters").locator("input").last
    clusters.fill("3")
    clusters.press("Enter")
    lit.button("Apply", form).click()

    expect(module.locator(".module-status")).to_contain_text(f"Clustered {count} datapoints")
    rows = module.locator(".grad-key-row .lit-data-table-row")
    expect(rows).to_have_count(3)
    shown = [cells(row) for row in rows.all()]
    assert sum(int(row[1]) for row in shown) == count
    assert "never" in " ".join(row[2] for row in shown)

    rows.nth(1).click()
    lit.expect_selected(int(shown[1][1]), len(reviews.texts))
