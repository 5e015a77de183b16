import re

import pytest
from playwright.sync_api import expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, whole


def test_classification_results_of_both_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    assert reviews.labels is not None
    lit.row(reviews.texts[3]).click()
    for name, model in classifiers.items():
        (probabilities,) = model.predict([reviews.texts[3]]).probabilities
        for label, probability in zip(model.labels, probabilities, strict=True):
            assert lit.probability(name, label) == pytest.approx(probability, abs=6e-4)
        panel = lit.panel(f"{name}:probas", lit.module("classification-module"))
        predicted = model.labels[int(probabilities.argmax())]
        for mark, marked in (("P", predicted), ("T", reviews.labels[3])):
            row = panel.locator("tr", has=lit.page.locator(".indicator", has_text=whole(mark)))
            expect(row.locator("td").first).to_have_text(str(marked))


def test_scalars_place_the_selected_text_among_all(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.row(reviews.texts[3]).click()
    lit.open_tab("Predictions")
    scalars = lit.module("scalar-module")
    for name, model in classifiers.items():
        probability = model.predict([reviews.texts[3]]).probabilities[0, 1]
        heading = scalars.locator(".expansion-label", has_text=f"{name}:probas:positive")
        expect(heading).to_contain_text("Value: ")
        shown = float(heading.inner_text().partition("Value: ")[2])
        assert shown == pytest.approx(float(probability), abs=6e-4)
    expect(scalars.locator(".scatterplot canvas")).to_have_count(2)


def test_scalars_are_clicked_and_brushed(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Predictions")
    lit.wait_idle()
    name, model = next(iter(classifiers.items()))
    probabilities = model.predict(reviews.texts).probabilities[:, 1]
    plot = lit.module("scalar-module").locator(".scatterplot").first
    ticks = plot.locator("#xAxis .tick")
    left, right = ticks.first.bounding_box(), ticks.last.bounding_box()
    place = plot.locator(".scene").bounding_box()
    assert left is not None
    assert right is not None
    assert place is not None
    zero, one = (tick["x"] + tick["width"] / 2 for tick in (left, right))

    # A brush from a third to the end takes all that are there.
    third = zero + (one - zero) / 3
    middle = place["y"] + place["height"] / 2
    lit.page.mouse.move(third, middle)
    lit.page.mouse.down()
    lit.page.mouse.move(one - 1, middle, steps=4)
    lit.page.mouse.move(one + 20, middle)
    lit.page.mouse.up()
    shown = lit.page.locator("lit-main-toolbar #number-selected")
    expect(shown).not_to_have_text(re.compile(r"^\s*0 of"))
    lit.expect_selected(int((probabilities > 1 / 3).sum()), len(reviews.texts))

    # Each is drawn, and a click on one selects it.
    drawn = plot.locator("canvas").evaluate(
        """(canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((value, at) => at % 4 === 3 && value > 0).length;
        }"""
    )
    assert drawn > 1000
    at = lit.page.evaluate(
        """([module]) => {
          const [plot] = module.plots.values();
          const { top, left, height } = module.renderRoot
            .querySelector('.scatterplot .scene').getBoundingClientRect();
          const { id, rngY } = module.preds[7];
          const value = module.getValue(id, plot.key, plot.model, plot.label);
          return [left + 8 + plot.xScale(value), top + 8 + (1 - rngY) * (height - 16)];
        }""",
        [lit.module("scalar-module").element_handle()],
    )
    lit.page.mouse.click(*at)
    lit.expect_shown(reviews.texts[7])


def test_scalars_keep_their_threshold_in_place_when_the_window_changes(lit: LitPage):
    lit.open_tab("Predictions")
    plots = lit.module("scalar-module").locator(".plot-holder")
    expect(plots).to_have_count(2)
    before = [plot.locator("#threshold-line").get_attribute("x1") for plot in plots.all()]
    lit.page.set_viewport_size({"width": 1000, "height": 900})
    for plot, position in zip(plots.all(), before, strict=True):
        line = plot.locator("#threshold-line")
        expect(line).not_to_have_attribute("x1", str(position))
        middle = plot.locator("#xAxis .tick", has_text="0.5").get_attribute("transform")
        assert middle is not None
        shown = float(middle.removeprefix("translate(").partition(",")[0])
        assert shown == pytest.approx(float(line.get_attribute("x1") or 0), abs=1)
