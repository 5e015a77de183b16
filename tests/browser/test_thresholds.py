import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect
from sklearn.metrics import auc, average_precision_score, roc_auc_score

from lit_plugins import TextClassifier, evaluate
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, cells


def drawn(chart: Locator) -> list[tuple[float, float]]:
    """The corners of a curve, from left to right, in the units of its axes."""
    path = chart.locator("path.line").get_attribute("d") or ""
    x, y, corners = 0.0, 0.0, []
    for letter, numbers in re.findall(r"([MLHV])([\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        x = values[0] if letter in "MLH" else x
        y = values[-1] if letter in "MLV" else y
        corners.append((x, y))
    # The grid's lines through the lowest and the highest values.
    lines = [line.get_attribute("d") or "" for line in chart.locator("path.grid").all()]
    numbers = [[float(number) for number in re.findall(r"[\d.]+", line)] for line in lines]
    lefts = sorted(left for line, (left, *_) in zip(lines, numbers, strict=True) if "V" in line)
    tops = sorted(top for line, (_, top, _) in zip(lines, numbers, strict=True) if "H" in line)
    return [
        ((x - lefts[0]) / (lefts[-1] - lefts[0]), (tops[-1] - y) / (tops[-1] - tops[0]))
        for x, y in corners
    ]


def test_curves_of_both_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Thresholds")
    curves = lit.module("curves-module")
    expect(curves.locator("path.line")).to_have_count(4)
    positive = np.array(reviews.labels) == "positive"
    for name, classifier in classifiers.items():
        scores = classifier.predict(reviews.texts).probabilities[:, 1]
        for kind, axes, area in (
            (
                "Precision / Recall",
                ["Recall", "Precision"],
                average_precision_score(positive, scores),
            ),
            (
                "ROC (TPR / FPR)",
                ["False positive rate", "True positive rate"],
                roc_auc_score(positive, scores),
            ),
        ):
            chart = curves.locator(".chart-holder", has_text=f"{kind} - {name}")
            expect(chart.locator("text.axis")).to_have_text(axes)
            x, y = np.transpose(drawn(chart))
            assert (x[0], x[-1]) == (0, 1)
            assert (np.diff(x) >= 0).all()
            assert auc(x, y) == pytest.approx(area, abs=1e-4)

    # The pointer reads a point, at the right edge too.
    chart = curves.locator(".chart-holder").first
    box = chart.locator("svg").bounding_box()
    assert box is not None
    lit.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    expect(chart.locator(".read")).to_have_text(
        re.compile(r"^Recall 1\.000, precision 0\.\d{3}, threshold 0\.\d{3}$")
    )


def test_a_curve_that_no_label_defines_says_so(
    blank: LitPage, address_of: Callable[[TextTable], str]
):
    texts = evaluate.texts(["Good film.", "Good food."], ["positive", "positive"])
    blank.open(address_of(texts))
    blank.open_tab("Thresholds")
    charts = blank.module("curves-module").locator(".chart-holder")
    expect(charts.locator("path.line")).to_have_count(2)
    expect(charts.locator(".no-curve").first).to_have_text(
        "Only texts with this label and texts with another one make a curve."
    )


def test_a_higher_threshold_leaves_fewer_positive(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    positive = classifiers["sentiment-small"].predict(reviews.texts).probabilities[:, 1]
    count = int((positive >= 0.9).sum())
    assert 0 < count < int((positive >= 0.5).sum())
    lit.open_tab("Thresholds")
    box = lit.module("thresholder-module", "sentiment-small").locator("input.slider-value")
    box.fill("0.9")
    box.press("Enter")
    lit.wait_idle()
    lit.search("sentiment-small:probas:class:positive")
    lit.select_found()
    lit.expect_selected(count, len(reviews.texts))


def test_the_best_threshold_is_found(lit: LitPage):
    lit.open_tab("Thresholds")
    thresholds = lit.module("thresholder-module", "sentiment-bow")
    lit.button("Get optimal thresholds", thresholds).click()
    expect(lit.button("Apply", thresholds)).to_have_count(1)
    shown = cells(thresholds.locator(".lit-data-table-row").first)
    assert shown[0] == "All"
    assert 0 < float(shown[1]) < 1
