"""Texts that are read from right to left, in LIT's modules and in this package's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import evaluate
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, shown

HEBREW = "הסרט הזה היה טוב מאוד, 10 מתוך 10."
CHANGED = "הסרט הזה היה רע מאוד, 3 מתוך 10."
ENGLISH = "Not good, not bad."


@pytest.fixture(scope="module")
def address(address_of: Callable[[TextTable], str]) -> str:
    return address_of(evaluate.texts([HEBREW, ENGLISH], ["positive", "negative"]))


def direction(text: Locator) -> str:
    return text.evaluate("(text) => getComputedStyle(text).direction")


def lefts(words: Locator) -> list[float]:
    """The left edge of each word."""
    return words.evaluate_all("(all) => all.map((word) => word.getBoundingClientRect().left)")


def test_in_the_table_the_editor_the_words_and_the_embeddings(blank: LitPage, address: str):
    blank.open(address)
    for place, (text, reads, first) in enumerate(((HEBREW, "rtl", -1), (ENGLISH, "ltr", 0))):
        row = blank.rows().nth(place)
        assert direction(row.locator("td").nth(1).locator(".lit-table-text-cell")) == reads
        row.click()
        expect(blank.editor_text()).to_have_value(text)
        assert direction(blank.editor_text()) == reads
        label = blank.module("embeddings-module").locator(".point-label")
        expect(label).to_have_text(text)
        assert direction(label) == reads
        words = blank.method("sentiment-bow", "SHAP")
        if place == 0:
            words = blank.explain("sentiment-bow", "SHAP")
        expect(words.locator(".salient-token .pre-wrap").first).to_have_text(text.split()[0])
        edges = lefts(words.locator(".salient-token"))
        assert sorted(edges)[first] == edges[0]
        assert sorted(edges, reverse=first < 0) == edges

    # The tokenizer's special tokens, which come first, decide nothing.
    blank.rows().first.click()
    blank.open_tab("Attention")
    attention = blank.module("attention-module", "sentiment-small")
    attention.get_by_role("button", name="Text", exact=True).click()
    expect(attention.locator(".flow .token").first).to_have_text("[CLS]")
    edges = lefts(attention.locator(".flow .token"))
    assert edges[0] == max(edges)


def test_in_the_differences_of_two_texts(blank: LitPage, address: str):
    blank.open_layout(address, "counterfactuals")
    blank.rows().first.click()
    blank.editor_text().fill(CHANGED)
    blank.button("Add and compare", blank.module("datapoint-editor-module")).click()
    difference = blank.module("text-difference-module")
    text = difference.locator(".text")
    expect(text.locator("ins").first).to_contain_text("רע")
    assert direction(text) == "rtl"
    before, after = lefts(text.locator("del, ins"))[:2]
    assert before > after
    # In an English sentence, the old word comes first.
    summary = difference.locator(".summary")
    assert shown(summary)[0].startswith("“טוב” → “רע”, “10” → “3”.")
    old, new = lefts(summary.locator("bdi"))[:2]
    assert old < new


def test_in_the_text_on_which_models_differ(blank: LitPage, address: str):
    blank.open_layout(address, "compare")
    blank.rows().first.click()
    text = blank.module("disagreement-module").locator(".text")
    expect(text).to_have_text(HEBREW)
    assert direction(text) == "rtl"
    edges = lefts(text.locator("span"))
    assert edges[0] == max(edges)
