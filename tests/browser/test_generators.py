import re

import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.counterfactual import METHODS, counterfactuals
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells, option_field, whole

SECOND = EMBEDDED_MODELS[1]
EDIT, PREDICTION = 1, 2
"""Columns of the generator's table, after the sentence."""


def test_only_generators_that_work_are_offered(lit: LitPage):
    lit.open_tab("Counterfactuals")
    offered = module(lit).locator("lit-interpreter-controls")
    titles = [method.title for method in METHODS.values()]
    expect(offered.locator(".expansion-label")).to_have_text(
        [*titles, "Word Replacer", "Scrambler"]
    )


def test_word_replacer_writes_the_word_asked_for(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    form = open_form(lit, "Word Replacer")
    option_field(form, "Substitutions").locator("input").fill("hungry -> angry")
    (row,) = generated(lit, form, "Word Replacer")
    assert row[0] == reviews.texts[4].replace("hungry", "angry")
    assert row[EDIT] == '"hungry" → "angry"'


@pytest.mark.parametrize("method", ["ablation", "hotflip"])
def test_flips_are_those_that_python_gives(
    method: str, lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[3]
    lit.row(text).click()
    title = METHODS[method].title
    rows = generated(lit, open_form(lit, title), title)
    expected = counterfactuals(next(iter(classifiers.values())), text, method)
    assert rows
    assert [(row[0], row[EDIT]) for row in rows] == [
        (each.new_text, each.describe()) for each in expected
    ]
    for row, each in zip(rows, expected, strict=True):
        before = f"{each.label_before} {max(each.before):.3f}"
        assert row[PREDICTION] == f"{before} → {each.label_after} {max(each.after):.3f}"


def test_the_second_models_counterfactuals_are_compared_with_their_parent(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[3]
    model = classifiers[SECOND]
    column = lit.module("data-table-module").locator("th .header-text", has_text=whole("edit"))
    expect(column).to_have_count(0)
    for added, (title, button) in enumerate(
        (("Ablation", "Add and compare"), ("Infill", "Add all")), start=1
    ):
        lit.row(text).click()
        form = open_form(lit, title)
        option_field(form, "model").locator("select").select_option(label=SECOND)
        option_field(form, "limit").locator("input").fill("1")
        ((made, edit, *_),) = generated(lit, form, title)
        lit.button(button, module(lit)).click()

        # Both in the data table, the new one under its parent and with what was edited.
        lit.expect_selected(2, len(reviews.texts) + added)
        expect(lit.button("Unpin datapoint 3")).to_be_visible()
        expect(column).to_have_count(1)
        assert cells(lit.row(made))[2] == edit
        assert cells(lit.row(text))[2] == ""
        rows = [cells(row)[1] for row in lit.rows().all()]
        assert rows.index(text) < rows.index(made) <= rows.index(text) + added

        # Both models on both texts; the second has changed its mind.
        lit.open_tab("Explanations")
        expect(lit.module("salience-map-module")).to_have_count(2 * len(EMBEDDED_MODELS))
        for label, before, after in zip(
            model.labels, *model.predict([text, made]).probabilities, strict=True
        ):
            assert (before > 0.5) != (after > 0.5)
            assert lit.probability(SECOND, label, 2) == pytest.approx(float(before), abs=6e-4)
            assert lit.probability(SECOND, label, 3) == pytest.approx(float(after), abs=6e-4)
        # Of several that are selected, a click leaves the others so.
        lit.button("Clear selection").click()


def test_what_is_written_by_hand_has_no_edit(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    form = open_form(lit, "Word Replacer")
    option_field(form, "Substitutions").locator("input").fill("hungry -> happy")
    generated(lit, form, "Word Replacer")
    lit.button("Add all", module(lit)).click()
    lit.expect_selected(2, len(reviews.texts) + 1)
    editor = lit.module("datapoint-editor-module")
    expect(editor.get_by_text("edit", exact=True)).to_have_count(0)
    lit.editor_text().fill("No one leaves.")
    lit.button("Add", editor).click()
    lit.expect_selected(1, len(reviews.texts) + 2)
    assert cells(lit.row("No one leaves."))[2] == ""


def test_one_is_added_and_removed_from_the_list(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    form = open_form(lit, "Word Replacer")
    option_field(form, "Substitutions").locator("input").fill("hungry -> cheerful | full")
    made = generated(lit, form, "Word Replacer")
    assert len(made) == 2
    rows = module(lit).locator(".lit-data-table-row")
    rows.first.locator("mwc-icon", has_text="add_box").click()
    lit.expect_selected(2, len(reviews.texts) + 1)
    expect(lit.row(made[0][0])).to_have_count(1)
    expect(rows).to_have_count(1)


def test_the_model_that_is_open_comes_first_in_the_form(lit: LitPage):
    form = open_form(lit, "Ablation")
    first = option_field(form, "model").locator("select option:checked")
    expect(first).to_have_text(EMBEDDED_MODELS[0])
    lit.page.locator("lit-app-toolbar").get_by_text(EMBEDDED_MODELS[0], exact=True).click()
    expect(first).to_have_text(SECOND)


def test_a_long_run_says_how_far_it_is_and_can_be_stopped(lit: LitPage, reviews: TextTable):
    lit.button("Select all").click()
    form = open_form(lit, "Ablation")
    for option, value in {"max_edits": "8", "limit": "100", "evaluations": "100000"}.items():
        option_field(form, option).locator("input").fill(value)
    lit.button("Apply", form).click()
    expect(status(lit)).to_contain_text(
        re.compile(rf"^\s*Ablation: \d+ of {len(reviews.texts)} texts")
    )
    lit.button("Stop", module(lit)).click()
    expect(status(lit)).to_have_text("Stopped.")
    rows = generated(lit, open_form(lit, "Word Replacer"), "Word Replacer")
    assert rows


def test_why_there_is_no_result_stands_where_results_come(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    form = open_form(lit, "Word Replacer")
    option_field(form, "Substitutions").locator("input").fill("hungry")
    lit.button("Apply", form).click()
    sentence = "A rule of Substitutions is 'hungry'; write rules like"
    expect(status(lit)).to_contain_text(sentence)
    expect(module(lit).locator("lit-interstitial")).to_contain_text(sentence)
    expect(lit.error()).to_contain_text(sentence)
    assert all("400" in problem for problem in lit.take_problems())


def module(lit: LitPage) -> Locator:
    return lit.module("generator-module")


def status(lit: LitPage) -> Locator:
    return module(lit).locator(".module-status").first


def open_form(lit: LitPage, name: str) -> Locator:
    lit.open_tab("Counterfactuals")
    panel = lit.panel(name, module(lit))
    if not panel.get_by_role("button", name="Apply").is_visible():
        panel.locator(".expansion-label").first.click()
    return panel


def generated(lit: LitPage, form: Locator, name: str) -> list[list[str]]:
    """Runs a generator and returns the rows that it lists, cell by cell."""
    lit.button("Apply", form).click()
    expect(status(lit)).to_contain_text(f"{name}: generated")
    return [cells(row) for row in module(lit).locator(".lit-data-table-row").all()]
