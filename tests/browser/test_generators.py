import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells

pytestmark = pytest.mark.browser


def test_only_generators_that_work_are_offered(lit: LitPage):
    lit.open_tab("Counterfactuals")
    offered = lit.module("generator-module").locator("lit-interpreter-controls")
    expect(offered.locator(".expansion-label")).to_have_text(
        ["Word Replacer", "Ablation Flip", "HotFlip"]
    )


def test_word_replacer_writes_the_word_asked_for(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    form = open_form(lit, "Word Replacer")
    form.locator(".control-holder", has_text="Substitutions").locator("input").fill(
        "hungry -> angry"
    )
    made = generated(lit, form, "Word Replacer")
    assert made == [reviews.texts[4].replace("hungry", "angry")]


@pytest.mark.parametrize("name", ["Ablation Flip", "HotFlip"])
def test_flips_change_the_prediction(
    name: str, lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[3]
    lit.row(text).click()
    made = generated(lit, open_form(lit, name), name)
    assert made
    model = next(iter(classifiers.values()))
    before, *after = model.predict([text, *made]).logits.argmax(1)
    assert all(label != before for label in after)
    assert all(mark not in each for mark in ("[", "##") for each in made)


def test_one_is_added_and_removed_from_the_list(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[3]).click()
    made = generated(lit, open_form(lit, "Ablation Flip"), "Ablation Flip")
    rows = lit.module("generator-module").locator(".lit-data-table-row")
    rows.first.locator("mwc-icon", has_text="add_box").click()
    lit.expect_selected(2, len(reviews.texts) + 1)
    expect(lit.row(made[0])).to_have_count(1)
    expect(rows).to_have_count(len(made) - 1)


def open_form(lit: LitPage, name: str) -> Locator:
    lit.open_tab("Counterfactuals")
    return lit.unfold(name, lit.module("generator-module"))


def generated(lit: LitPage, form: Locator, name: str) -> list[str]:
    """Runs a generator and returns the texts that it lists."""
    lit.button("Apply", form).click()
    module = lit.module("generator-module")
    expect(module.locator(".module-status").first).to_contain_text(f"{name}: generated")
    return [cells(row)[0] for row in module.locator(".lit-data-table-row").all()]
