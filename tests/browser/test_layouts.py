import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS
from lit_plugins.lit.layouts import LAYOUTS
from tests.browser.page import LitPage, caption

TEXT = "I have rarely been so glad to leave."

DISPUTED = "No one leaves this bakery happy."
"""One model reads the negation, the other does not."""

MAIN_PARTS = {
    "debug": (
        "data-table-module",
        "prediction-module",
        "datapoint-editor-module",
        "salience-map-module",
        "embeddings-module",
    ),
    "compare": (
        "data-table-module",
        "embeddings-module",
        "classification-module",
        "disagreement-module",
    ),
    "counterfactuals": (
        "data-table-module",
        "datapoint-editor-module",
        "generator-module",
        "classification-module",
        "text-difference-module",
    ),
    "attention": (
        "data-table-module",
        "datapoint-editor-module",
        "classification-module",
        "attention-module",
    ),
}


def address_of(address: str, layout: str, text: str | None = None) -> str:
    query = {"layout": layout, "models": ",".join(reversed(EMBEDDED_MODELS))}
    return f"{address}?{urlencode(query if text is None else {**query, 'data_sentence': text})}"


def expect_in_view(lit: LitPage, *tags: str) -> None:
    size = lit.page.viewport_size
    assert size is not None
    for tag in tags:
        expect(lit.module(tag).first).to_be_visible()
        for module in lit.module(tag).all():
            box = module.bounding_box()
            assert box is not None
            assert box["width"] > 200, tag
            assert box["height"] > 150, tag
            assert box["x"] >= 0, tag
            assert box["x"] + box["width"] <= size["width"], tag
            assert box["y"] + box["height"] <= size["height"], tag


def expect_no_scrolling(page: Page) -> None:
    assert page.evaluate(
        "() => [scrollX, scrollY, document.documentElement.scrollHeight <= innerHeight]"
    ) == [0, 0, True]


@pytest.mark.parametrize("name", MAIN_PARTS)
def test_a_layouts_main_parts_are_in_view(
    blank: LitPage, address: str, reviews: TextTable, name: str
):
    blank.page.goto(address_of(address, name, DISPUTED))
    blank.expect_selected(1, len(reviews.texts))  # the dataset's own
    blank.wait_idle()
    expect(blank.row(DISPUTED)).to_be_in_viewport()
    expect_in_view(blank, *MAIN_PARTS[name])
    expect_no_scrolling(blank.page)


@pytest.mark.parametrize("name", MAIN_PARTS)
def test_a_layout_opens_on_a_small_screen_and_one_model(browser: Browser, address: str, name: str):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    small = LitPage.watched(page)
    page.goto(f"{address}?{urlencode({'layout': name, 'models': EMBEDDED_MODELS[0]})}")
    expect(small.rows().first).to_be_visible()
    small.rows().first.click()
    small.wait_idle()
    expect_no_scrolling(page)
    for button in page.locator("button:visible", has_text=re.compile("^\\s*(Add|Clear)")).all():
        expect(button).to_be_in_viewport(ratio=1)
    for tab in page.locator("lit-modules .tab").all():
        expect(tab).to_be_in_viewport(ratio=1)
        tab.click()
        expect(tab).to_contain_class("selected")
        small.wait_idle()
    page.close()
    assert small.problems == []


def test_every_layout_is_in_the_toolbars_menu_with_what_it_is_for(lit: LitPage):
    lit.page.locator("lit-app-toolbar").get_by_text("debug", exact=True).click()
    dialog = lit.page.locator("lit-global-settings")
    for name, layout in LAYOUTS.items():
        expect(dialog.get_by_text(name, exact=True).last).to_be_visible()
        assert layout.description
        if name in MAIN_PARTS:
            assert len(layout.description) < 100
            expect(dialog.get_by_text(layout.description, exact=True).first).to_be_visible()
    dialog.get_by_text("compare", exact=True).last.click()
    lit.button("Submit", dialog).click()
    expect(lit.module("disagreement-module")).to_be_visible()
    expect(lit.module("datapoint-editor-module")).to_have_count(0)


def test_simple_analyses_what_one_writes(
    blank: LitPage, address: str, classifiers: dict[str, TextClassifier]
):
    blank.page.goto(address_of(address, "simple"))
    editor = blank.module("simple-datapoint-editor-module")
    editor.locator("textarea").first.fill(TEXT)
    blank.button("Analyze", editor).click()
    for name, model in classifiers.items():
        probability = model.predict([TEXT]).probabilities[0, 1]
        assert blank.probability(name, model.labels[1]) == pytest.approx(probability, abs=6e-4)
    blank.open_tab("Salience")
    for name in classifiers:
        blank.explain(name, "SHAP")


def test_three_panels(
    blank: LitPage, address: str, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    blank.open_layout(address, "three_panel")
    blank.row(reviews.texts[3]).click()
    for name, model in classifiers.items():
        probability = model.predict([reviews.texts[3]]).probabilities[0, 1]
        assert blank.probability(name, model.labels[1]) == pytest.approx(probability, abs=6e-4)


def test_compare_opens_on_a_text_and_two_models(
    blank: LitPage, address: str, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    blank.page.goto(address_of(address, "compare", DISPUTED))
    blank.expect_selected(1, len(reviews.texts))
    for name, model in classifiers.items():
        probability = model.predict([DISPUTED]).probabilities[0, 1]
        assert blank.probability(name, model.labels[1]) == pytest.approx(probability, abs=6e-4)
    expect(
        blank.module("data-table-module").locator("th", has_text="divergence")
    ).to_be_in_viewport(ratio=1)
    blank.open_tab("Salience Maps")
    expect(blank.module("salience-map-module")).to_have_count(2)
    row = blank.method(EMBEDDED_MODELS[1], METHODS["difference"].title)
    expect(row.locator(".salient-token")).not_to_have_count(0)
    expect(caption(row)).to_contain_text("minus")
    expect_in_view(blank, "salience-map-module")
    blank.open_tab("Metrics")
    expect_in_view(blank, "metrics-module", "confusion-matrix-module")


def test_counterfactuals_open_on_a_new_text(blank: LitPage, address: str, reviews: TextTable):
    text = f"{TEXT} {DISPUTED}"
    blank.page.goto(address_of(address, "counterfactuals", text))
    blank.expect_selected(1, len(reviews.texts) + 1)
    expect(blank.editor_text()).to_have_value(text)
    expect(blank.row(text)).to_be_in_viewport()  # the last one
    expect(blank.module("datapoint-editor-module").locator("select").first).to_have_value("")
    blank.wait_idle()
    expect_in_view(blank, *MAIN_PARTS["counterfactuals"])
    for name in ("Add", "Add and compare", "Reset", "Clear"):
        button = blank.button(name, blank.module("datapoint-editor-module"))
        expect(button).to_be_in_viewport(ratio=1)


def test_a_tabs_modules_are_made_when_it_is_opened(lit: LitPage):
    lit.rows().first.click()
    assert lit.page.locator("metrics-module").count() == 0
    lit.open_tab("Metrics")
    expect(lit.module("metrics-module").locator("tbody tr").first).to_be_visible()
    lit.open_tab("Explanations")
    assert lit.page.locator("metrics-module").count() == 1  # as it was left
