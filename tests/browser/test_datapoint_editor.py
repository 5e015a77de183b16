import pytest
from playwright.sync_api import expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage

EDITED = "So tame that I loved it, 😀 popcorn and all."


def test_an_edited_text_is_added_and_predicted_by_both_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.row(reviews.texts[2]).click()
    expect(lit.editor_text()).to_have_value(reviews.texts[2])
    lit.editor_text().fill(EDITED)
    lit.button("Add", lit.module("datapoint-editor-module")).click()

    lit.expect_selected(1, len(reviews.texts) + 1)
    for name, model in classifiers.items():
        for label, probability in zip(
            model.labels, model.predict([EDITED]).probabilities[0], strict=True
        ):
            assert lit.probability(name, label) == pytest.approx(probability, abs=6e-4)
    lit.module("data-table-module").get_by_text("Show generated").click()
    expect(lit.rows()).to_have_count(1)
    expect(lit.row(EDITED)).to_have_count(1)


def test_nothing_can_be_added_until_something_is_edited(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[2]).click()
    add = lit.button("Add", lit.module("datapoint-editor-module"))
    expect(add).to_be_disabled()
    lit.editor_text().fill(EDITED)
    expect(add).to_be_enabled()
    lit.button("Reset", lit.module("datapoint-editor-module")).click()
    expect(lit.editor_text()).to_have_value(reviews.texts[2])
    expect(add).to_be_disabled()


def test_two_texts_are_readable_above_their_buttons_on_a_small_screen(blank: LitPage, address: str):
    blank.page.set_viewport_size({"width": 1280, "height": 720})
    blank.open_layout(address, "counterfactuals")
    blank.rows().first.click()
    blank.editor_text().fill("A film that nobody has seen.")
    editors = blank.module("datapoint-editor-module")
    blank.button("Add and compare", editors).click()
    expect(editors).to_have_count(2)
    for editor in editors.all():
        text, buttons = (
            editor.locator(part).first.evaluate("(part) => part.getBoundingClientRect().toJSON()")
            for part in ("textarea", ".module-footer")
        )
        assert text["top"] + 20 < buttons["top"]
