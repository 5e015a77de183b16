import re

import pytest
from playwright.sync_api import expect

from lit_plugins import TextClassifier, explain
from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from tests.browser.page import LitPage, caption, saliences


def test_an_option_applies_to_the_next_explanation(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[0]).click()
    row = lit.explain("sentiment-bow", "SHAP")
    exact = saliences(row)
    lit.set_option(row, "evaluations", "96")
    expect(caption(row)).to_have_text(re.compile("; 96 evaluations; standard error up to"))
    assert [word for word, _ in saliences(row)] == [word for word, _ in exact]


@pytest.mark.parametrize("value", ["many", "5"])
def test_a_wrong_value_gets_a_sentence_and_the_page_goes_on(
    value: str, lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    with pytest.raises(UserError) as refused:
        explain(classifiers["sentiment-bow"], reviews.texts[:1], evaluations=value)
    sentence = str(refused.value)
    lit.row(reviews.texts[4]).click()
    row = lit.explain("sentiment-bow", "SHAP")
    lit.set_option(row, "evaluations", value)
    # In place of the words, and in the status bar; no spinner turns for ever.
    expect(caption(row)).to_have_text(sentence)
    expect(row.locator(".salient-token")).to_have_count(0)
    expect(lit.error()).to_have_text(sentence)
    lit.wait_idle()
    assert all("status" in problem for problem in lit.take_problems())

    lit.set_option(row, "evaluations", "48")
    expect(caption(row)).to_have_text(re.compile("; 48 evaluations"))
    expect(lit.error()).to_have_count(0)
    lit.row(reviews.texts[5]).click()
    expect(row.locator(".salient-token")).not_to_have_count(0)
