from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS
from lit_plugins.lit.layouts import LAYOUTS
from tests.browser.page import VIEWPORT, LitPage

pytestmark = pytest.mark.browser

TEXT = "I have rarely been so glad to leave."


def test_every_layout_is_in_the_toolbars_menu(lit: LitPage):
    lit.page.locator("lit-app-toolbar").get_by_text("debug", exact=True).click()
    dialog = lit.page.locator("lit-global-settings")
    for name, layout in LAYOUTS.items():
        expect(dialog.get_by_text(name, exact=True).last).to_be_visible()
        dialog.get_by_text(name, exact=True).last.hover()
        assert layout.description
    dialog.get_by_text("compare", exact=True).last.click()
    lit.button("Submit", dialog).click()
    expect(lit.module("embeddings-module")).to_be_visible()
    expect(lit.module("datapoint-editor-module")).to_have_count(0)


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


DISPUTED = "No one leaves this bakery happy."
"""One model reads the negation, the other does not."""


def address_of(lit: LitPage, layout: str, text: str) -> str:
    models = ",".join(reversed(EMBEDDED_MODELS))
    query = urlencode({"layout": layout, "models": models, "data_sentence": text})
    return f"{lit.page.url.partition('?')[0]}?{query}"


def expect_in_view(lit: LitPage, *tags: str) -> None:
    for tag in tags:
        for module in lit.module(tag).all():
            box = module.bounding_box()
            assert box is not None
            assert box["width"] > 200, tag
            assert box["height"] > 150, tag
            assert box["x"] >= 0, tag
            assert box["x"] + box["width"] <= VIEWPORT["width"], tag
            assert box["y"] + box["height"] <= VIEWPORT["height"], tag


def test_compare_opens_on_a_text_and_two_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.page.goto(address_of(lit, "compare", DISPUTED))
    lit.expect_selected(1, len(reviews.texts))  # the dataset's own
    for name, model in classifiers.items():
        probability = model.predict([DISPUTED]).probabilities[0, 1]
        assert lit.probability(name, model.labels[1]) == pytest.approx(probability, abs=6e-4)
    maps = lit.module("salience-map-module")
    expect(maps).to_have_count(2)
    row = lit.method(EMBEDDED_MODELS[1], METHODS["difference"].title)
    expect(row.locator(".salient-token")).not_to_have_count(0)
    expect_in_view(
        lit,
        "data-table-module",
        "embeddings-module",
        "classification-module",
        "salience-map-module",
    )
    expect(lit.module("data-table-module").locator("th", has_text="divergence")).to_be_in_viewport(
        ratio=1
    )
    expect(lit.row(DISPUTED)).to_be_in_viewport()
    lit.open_tab("Metrics")
    expect_in_view(lit, "metrics-module", "confusion-matrix-module")


def test_counterfactuals_open_on_a_new_text(lit: LitPage, reviews: TextTable):
    lit.page.goto(address_of(lit, "counterfactuals", TEXT + " " + DISPUTED))
    lit.expect_selected(1, len(reviews.texts) + 1)
    expect(lit.editor_text()).to_have_value(TEXT + " " + DISPUTED)
    expect(lit.row(TEXT + " " + DISPUTED)).to_be_in_viewport()  # the last one
    expect(lit.module("datapoint-editor-module").locator("select").first).to_have_value("")
    lit.wait_idle()
    expect_in_view(
        lit,
        "data-table-module",
        "datapoint-editor-module",
        "generator-module",
        "classification-module",
        "salience-map-module",
    )
    for name in ("Add", "Add and compare", "Reset", "Clear"):
        button = lit.button(name, lit.module("datapoint-editor-module"))
        expect(button).to_be_in_viewport(ratio=1)


def test_every_layout_says_in_one_line_what_it_is_for(lit: LitPage):
    for name in ("debug", "compare", "counterfactuals"):
        description = LAYOUTS[name].description
        assert description
        assert len(description) < 100
