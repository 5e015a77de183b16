from playwright.sync_api import expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from tests.browser.page import LitPage


def test_both_models_are_open_side_by_side(lit: LitPage):
    group = lit.page.locator("lit-widget-group:visible", has=lit.module("salience-map-module"))
    titles = group.locator("lit-widget .subtitle")
    expect(titles).to_have_text([f"{name} - Selected" for name in EMBEDDED_MODELS])
    left, right = (
        lit.module("salience-map-module", name).bounding_box() for name in EMBEDDED_MODELS
    )
    assert left is not None
    assert right is not None
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] <= right["x"] + 1


def test_a_text_on_which_they_disagree(
    lit: LitPage, reviews: TextTable, predicted: dict[str, tuple[str, ...]]
):
    index, labels = next(
        (index, labels)
        for index, labels in enumerate(zip(*predicted.values(), strict=True))
        if len(set(labels)) > 1
    )
    lit.select(reviews.texts[index])
    for name, label in zip(predicted, labels, strict=True):
        assert lit.probability(name, label) > 0.5
    lit.open_tab("Explanations")
    for name, label in zip(predicted, labels, strict=True):
        chosen = lit.module("salience-map-module", name).locator("select").nth(1)
        expect(chosen).to_have_value(label)


def test_one_model_alone_is_one_click_away(lit: LitPage):
    lit.page.locator("lit-app-toolbar").get_by_text("sentiment-bow", exact=True).click()
    expect(lit.module("salience-map-module")).to_have_count(1)
    expect(lit.module("data-table-module").locator("th", has_text="sentiment-")).to_have_count(1)
