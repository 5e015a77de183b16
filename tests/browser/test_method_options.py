import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier, explain
from lit_plugins.counterfactual import METHODS as COUNTERFACTUAL_METHODS
from lit_plugins.counterfactual import SHARED
from lit_plugins.data import TextTable
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS
from lit_plugins.options import MAX_SEED, Boolean, Choice, Number, Option
from tests.browser.page import LitPage, caption, option_field, saliences


def test_an_option_applies_to_the_next_explanation(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[0]).click()
    row = lit.explain("sentiment-bow", "SHAP")
    exact = saliences(row)
    lit.set_option(row, "evaluations", "96")
    expect(caption(row)).to_have_text(re.compile("; 96 evaluations; standard error up to"))
    assert [word for word, _ in saliences(row)] == [word for word, _ in exact]


@pytest.mark.parametrize("value", ["5", ""])
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


def test_an_own_module_shows_help_bounds_and_choices(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    lit.open_tab("Attribution Chart")
    chart = lit.module("attribution-chart-module")
    lit.button("Options", chart).click()
    method = METHODS["shapley"]
    shown = [option for option in method.options if option.name not in method.fillers]
    expect_form(chart, {option.name: option for option in shown})


def test_lits_own_form_shows_help_bounds_and_choices(lit: LitPage):
    lit.open_tab("Counterfactuals")
    form = lit.unfold("Rules", lit.module("generator-module"))
    options = (*COUNTERFACTUAL_METHODS["lexical"].options, *SHARED)
    expect_form(form, {option.name: option for option in options})
    expect(option_field(form, "model").locator("option")).to_have_text(list(EMBEDDED_MODELS))


def expect_form(form: Locator, options: Mapping[str, Option]) -> None:
    """Waits until a form shows each option as it is declared, and says what is wrong."""
    for name, option in options.items():
        field = option_field(form, name)
        control = field.locator("input, select")
        control.focus()
        expect(field.locator(".option-help")).to_be_visible()
        expect(field.locator(".option-help")).to_contain_text(option.help)
        expect(control).to_have_accessible_description(re.compile(re.escape(option.help)))
        expect(field.locator(".option-wrong")).to_be_hidden()
        if isinstance(option, Choice):
            expect(control.locator("option")).to_have_text(list(option.choices))
            expect(control).to_have_value(option.default)
        elif isinstance(option, Boolean):
            expect(control).to_be_checked(checked=option.default)
        elif isinstance(option, Number):
            expect(control).to_have_value(str(option.default))
            expect(control).to_have_attribute("min", str(option.low))
            if option.high != MAX_SEED:
                expect(control).to_have_attribute("max", str(option.high))
                expect(field.locator(".option-help")).to_contain_text(f"to {option.high:,}.")
            control.fill(str(option.low - 1))
            expect(field.locator(".option-wrong")).to_have_text(f"Give {option.wanted}.")
            control.fill(str(option.default))
            expect(field.locator(".option-wrong")).to_be_hidden()
