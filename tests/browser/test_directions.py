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
# Runs of several words in the other direction.
MIXED = (
    "ראיתי את The Dark Knight Rises אתמול בערב",
    "شاهدت فيلم The Lord of the Rings وكان 10 من 10",
    "They said שלום עולם טוב and left.",
)


@pytest.fixture(scope="module")
def address(address_of: Callable[[TextTable], str]) -> str:
    return address_of(evaluate.texts([HEBREW, ENGLISH], ["positive", "negative"]))


def direction(text: Locator) -> str:
    return text.evaluate("(text) => getComputedStyle(text).direction")


def lefts(words: Locator) -> list[float]:
    """The left edge of each word."""
    return words.evaluate_all("(all) => all.map((word) => word.getBoundingClientRect().left)")


def test_in_the_table_the_editor_the_words_and_the_embeddings(blank: LitPage, address: str):
    blank.page.set_viewport_size({"width": 1920, "height": 1080})  # each text has one line
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
        edges = lefts(words.locator(".salient-token .pre-wrap"))
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


# The left edge of each word in a line of the text itself.
LEFTS_IN_TEXT = """([text, words]) => {
  const line = document.createElement('p');
  line.dir = 'auto';
  line.style.cssText = 'position: fixed; white-space: nowrap';
  line.textContent = text;
  document.body.append(line);
  let end = 0;
  return words.map((word) => {
    const range = document.createRange();
    range.setStart(line.firstChild, text.indexOf(word, end));
    end = text.indexOf(word, end) + word.length;
    range.setEnd(line.firstChild, end);
    return range.getBoundingClientRect().left;
  });
}"""


def order(edges: list[float]) -> list[int]:
    """Indices of words from left to right."""
    return sorted(range(len(edges)), key=edges.__getitem__)


@pytest.mark.parametrize("text", MIXED)
def test_words_of_both_directions_stand_as_in_the_text(
    blank: LitPage, address_of: Callable[[TextTable], str], text: str
):
    blank.page.set_viewport_size({"width": 3000, "height": 900})  # so that nothing wraps
    blank.open(address_of(evaluate.texts([text], ["positive"])))
    blank.rows().first.click()
    chips = blank.explain("sentiment-bow", "SHAP").locator(".salient-token .pre-wrap")
    words = shown(chips)
    expected = order(blank.page.evaluate(LEFTS_IN_TEXT, [text, words]))
    assert order(lefts(chips)) == expected
    assert expected != sorted(expected)
    assert expected != sorted(expected, reverse=True)

    blank.open_tab("Attention")
    attention = blank.module("attention-module", "sentiment-small")
    attention.get_by_role("button", name="Text", exact=True).click()
    labels = attention.locator(".flow .token .label")
    tokens = zip(shown(labels), lefts(labels), strict=True)
    latin = [left for label, left in tokens if label.isascii() and label.isalpha()]
    assert len(latin) > 3
    assert latin == sorted(latin)


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
