from playwright.sync_api import expect

from tests.browser.page import LitPage, cells, make_slices


def test_a_concept_from_two_slices(lit: LitPage):
    make_slices(lit, "label")
    lit.button("Clear selection").click()
    lit.open_tab("TCAV")
    module = lit.module("tcav-module", "sentiment-small")
    slices = lit.panel("Select Slices", module).locator(".lit-data-table-row")
    slices.filter(has_text="label:positive").locator("input").first.click()
    slices.filter(has_text="label:negative").locator("input").last.click()
    lit.button("Run TCAV", module).click()

    result = module.locator("#vis-container .lit-data-table-row")
    expect(result).to_have_count(1)
    shown = cells(result)
    assert shown[:2] == ["label:positive", "label:negative"]
    assert shown[4] == "positive"
    # What tells positive reviews from negative ones raises the positive class.
    assert float(shown[5]) > 0.5
    expect(result.locator("tcav-score-bar")).to_have_count(1)
