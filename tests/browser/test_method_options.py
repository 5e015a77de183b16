import re

import pytest
from playwright.sync_api import expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage, caption, saliences

pytestmark = pytest.mark.browser

SENTENCE = "The option evaluations is 'many'; give a whole number from 32 to 20000."


def test_an_option_applies_to_the_next_explanation(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[0]).click()
    row = lit.explain("sentiment-bow", "SHAP")
    exact = saliences(row)
    lit.set_option(row, "evaluations", "96")
    expect(caption(row)).to_have_text(re.compile("; 96 evaluations; standard error up to"))
    assert [word for word, _ in saliences(row)] == [word for word, _ in exact]


def test_a_wrong_value_gets_a_sentence_and_the_page_goes_on(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    row = lit.explain("sentiment-bow", "SHAP")
    with lit.page.expect_event("pageerror"):
        lit.set_option(row, "evaluations", "many")
    expect(lit.error()).to_contain_text(SENTENCE)
    assert all("status" in problem or SENTENCE in problem for problem in lit.take_problems())

    lit.set_option(row, "evaluations", "48")
    expect(caption(row)).to_have_text(re.compile("; 48 evaluations"))
    expect(lit.error()).to_have_count(0)
    lit.row(reviews.texts[5]).click()
    expect(row.locator(".salient-token")).not_to_have_count(0)
