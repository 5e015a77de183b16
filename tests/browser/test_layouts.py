import pytest
from playwright.sync_api import expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.lit.layouts import LAYOUTS
from tests.browser.page import LitPage

pytestmark = pytest.mark.browser

TEXT = "I have rarely been so glad to leave."


def test_every_layout_is_one_click_away(lit: LitPage):
    for name in LAYOUTS:
        offered = lit.page.locator("lit-app-toolbar").get_by_text(name, exact=True)
        expect(offered).to_be_visible()


def test_simple_analyses_what_one_writes(lit: LitPage, classifiers: dict[str, TextClassifier]):
    lit.page.goto(lit.page.url.replace("layout=debug", "layout=simple"))
    editor = lit.module("simple-datapoint-editor-module")
    editor.locator("textarea").first.fill(TEXT)
    lit.button("Analyze", editor).click()
    for name, model in classifiers.items():
        probability = model.predict([TEXT]).probabilities[0, 1]
        assert lit.probability(name, model.labels[1]) == pytest.approx(probability, abs=6e-4)
    lit.open_tab("Salience")
    for name in classifiers:
        lit.explain(name, "SHAP")


def test_three_panels(lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]):
    lit.page.goto(lit.page.url.replace("layout=debug", "layout=three_panel"))
    lit.row(reviews.texts[3]).click()
    for name, model in classifiers.items():
        probability = model.predict([reviews.texts[3]]).probabilities[0, 1]
        assert lit.probability(name, model.labels[1]) == pytest.approx(probability, abs=6e-4)
