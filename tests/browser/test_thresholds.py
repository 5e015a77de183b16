from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells


def test_curves_of_both_models(lit: LitPage):
    lit.open_tab("Thresholds")
    curves = lit.module("curves-module")
    for name in EMBEDDED_MODELS:
        for kind in ("Precision / Recall", "ROC (TPR / FPR)"):
            expect(curves.get_by_text(f"{kind} - {name}")).to_have_count(1)
    expect(curves.locator("line-chart path:not(.domain)")).to_have_count(4)
    for line in curves.locator("line-chart path:not(.domain)").all():
        assert (line.get_attribute("d") or "").count(",") > 100


def test_a_higher_threshold_leaves_fewer_positive(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    positive = classifiers["sentiment-small"].predict(reviews.texts).probabilities[:, 1]
    count = int((positive >= 0.9).sum())
    assert 0 < count < int((positive >= 0.5).sum())
    lit.open_tab("Thresholds")
    box = lit.module("thresholder-module", "sentiment-small").locator("input.slider-value")
    box.fill("0.9")
    box.press("Enter")
    lit.wait_idle()
    lit.search("sentiment-small:probas:class:positive")
    lit.select_found()
    lit.expect_selected(count, len(reviews.texts))


def test_the_best_threshold_is_found(lit: LitPage):
    lit.open_tab("Thresholds")
    thresholds = lit.module("thresholder-module", "sentiment-bow")
    lit.button("Get optimal thresholds", thresholds).click()
    expect(lit.button("Apply", thresholds)).to_have_count(1)
    shown = cells(thresholds.locator(".lit-data-table-row").first)
    assert shown[0] == "All"
    assert 0 < float(shown[1]) < 1
