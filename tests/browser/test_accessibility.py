"""The page's own modules, by what axe finds: names, roles, contrast, the order of headings."""

from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Locator, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from tests.browser.page import LitPage

PLACES = {
    "attention-module": ("attention", "Attention"),
    "attribution-chart-module": ("debug", "Attribution Chart"),
    "disagreement-module": ("compare", "Disagreement"),
    "global-words-module": ("debug", "Global Words"),
    "prediction-module": ("debug", "Explanations"),
    "text-difference-module": ("counterfactuals", "Comparison"),
}


def violations(lit: LitPage, module: Locator) -> list[Any]:
    lit.page.evaluate(AXE_SCRIPT)
    found = module.evaluate("(element) => axe.run(element, { resultTypes: ['violations'] })")
    assert found["passes"]  # or it has looked at nothing
    return [
        (each["id"], node["html"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("tag", PLACES)
def test_modules_without_a_selection(blank: LitPage, address: str, tag: str):
    layout, tab = PLACES[tag]
    blank.open_layout(address, layout)
    blank.open_tab(tab)
    module = blank.module(tag).first
    expect(module).to_be_visible()
    blank.wait_idle()
    assert violations(blank, module) == []


@pytest.mark.parametrize("tag", PLACES)
def test_modules_at_work(blank: LitPage, address: str, reviews: TextTable, tag: str):
    layout, tab = PLACES[tag]
    query = {
        "layout": layout,
        "models": ",".join(EMBEDDED_MODELS),
        "data_sentence": reviews.texts[5],
    }
    blank.page.goto(f"{address}?{urlencode(query)}")
    blank.expect_selected(1, len(reviews.texts))
    blank.open_tab(tab)
    blank.page.locator("lit-main-toolbar").get_by_text("Pin datapoint").click()
    blank.row(reviews.texts[4]).click()
    module = blank.module(tag).first
    if tag == "global-words-module":
        blank.button("Compute", module).click()
        module.get_by_role("listbox").first.get_by_role("option").first.click()
    options = blank.button("Options", module)
    if options.count():
        options.first.click()
        module.locator(".option").first.hover()
    blank.wait_idle()
    assert violations(blank, module) == []


def test_what_is_wrong_would_be_found(lit: LitPage):
    lit.page.evaluate(
        """() => {
          const place = document.createElement('section');
          place.id = 'wrong';
          place.innerHTML = '<button></button><p style="color: #ccc; background: white">pale</p>';
          document.body.append(place);
        }"""
    )
    found = {rule for rule, *_ in violations(lit, lit.page.locator("#wrong"))}
    assert {"button-name", "color-contrast"} <= found


def test_tabs_are_changed_by_keyboard(lit: LitPage):
    tabs = lit.page.get_by_role("tablist").first.get_by_role("tab")
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    tabs.nth(0).focus()
    lit.page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(lit.module("attribution-chart-module")).to_be_visible()
    lit.page.keyboard.press("ArrowLeft")
    lit.page.keyboard.press("ArrowLeft")
    expect(tabs.nth(0)).to_be_focused()
    assert violations(lit, lit.page.get_by_role("tablist").first) == []
