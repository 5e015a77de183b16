from playwright.sync_api import expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage, make_slices


def test_one_slice_for_each_value_of_a_column(lit: LitPage, reviews: TextTable):
    domains = reviews.columns["domain"]
    slices = make_slices(lit, "domain")
    for domain in set(domains):
        row = slices.locator(".selector-item", has_text=f"domain:{domain}")
        expect(row).to_contain_text(f"{domains.count(domain)} datapoints")

    # The one made last is selected; a click would clear it.
    another = slices.locator(".selector-item:not(.selected) .slice-name").last
    name = another.inner_text()
    another.click()
    lit.expect_selected(domains.count(name.removeprefix("domain:")), len(reviews.texts))


def test_a_slice_of_what_is_selected(lit: LitPage, reviews: TextTable):
    count = sum("never" in text for text in reviews.texts)
    lit.search("sentence:never")
    lit.select_found()
    lit.button("Slices").click()
    slices = lit.module("lit-slice-module")
    slices.get_by_placeholder("Enter name").fill("said never")
    lit.button("Create slice", slices).click()
    row = slices.locator(".selector-item", has_text="said never")
    expect(row).to_contain_text(f"{count} datapoints")
