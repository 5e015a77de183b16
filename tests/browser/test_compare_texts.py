import pytest
from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS, TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells, whole


def test_a_pinned_text_beside_the_selected_one(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    pinned, selected = reviews.texts[2:4]
    lit.row(pinned).click()
    lit.button("Pin datapoint 2").click()
    lit.row(selected).click()
    expect(lit.button("Unpin datapoint 2")).to_be_visible()

    editors = lit.module("datapoint-editor-module")
    expect(editors).to_have_count(2)
    texts = [editor.locator("textarea").first.input_value() for editor in editors.all()]
    assert sorted(texts) == sorted([pinned, selected])
    expect(lit.module("salience-map-module")).to_have_count(2 * len(EMBEDDED_MODELS))
    for name, model in classifiers.items():
        probabilities = model.predict([pinned, selected]).probabilities
        for index, label in enumerate(model.labels):
            before, after = map(float, probabilities[:, index])
            assert lit.probability(name, label, 2) == pytest.approx(before, abs=6e-4)
            assert lit.probability(name, label, 3) == pytest.approx(after, abs=6e-4)
            panel = lit.panel(f"{name}:probas", lit.module("classification-module"))
            first = lit.page.locator("td:first-child", has_text=whole(label))
            difference = float(cells(panel.locator("tr", has=first))[3])
            assert difference == pytest.approx(abs(before - after), abs=2e-3)


def test_an_edited_text_is_compared_with_what_it_was(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[2]).click()
    lit.editor_text().fill("So tense I forgot my popcorn!")
    lit.button("Add and compare", lit.module("datapoint-editor-module")).click()
    lit.expect_selected(1, len(reviews.texts) + 1)
    expect(lit.button("Unpin datapoint 2")).to_be_visible()
    expect(lit.module("datapoint-editor-module")).to_have_count(2)
