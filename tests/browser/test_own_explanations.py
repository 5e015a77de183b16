"""SHAP and integrated gradients, beside the engine's own figures."""

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS, Explanation, explain
from tests.browser.page import LitPage, caption, saliences

pytestmark = pytest.mark.browser

FIGURES = re.compile(r"\) (\S+), base (\S+), delta (\S+); ([\d,]+) evaluations")
TITLES = {method.title: name for name, method in METHODS.items()}


@pytest.mark.parametrize("title", ["SHAP", "Integrated gradients"])
def test_words_scores_and_figures_for_both_models(
    title: str, lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    lit.row(text).click()
    for name, model in classifiers.items():
        (expected,) = explain(model, [text], TITLES[title])
        expect_shown(lit.explain(name, title), expected)


def test_the_predicted_class_is_explained_until_another_is_chosen(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    name, model = next(iter(classifiers.items()))
    (probabilities,) = model.predict([text]).probabilities
    predicted, other = np.argsort(-probabilities)
    lit.row(text).click()
    maps = lit.module("salience-map-module", name)
    chosen = maps.locator("select").nth(1)
    row = lit.explain(name, "SHAP")
    assert chosen.input_value() == model.labels[predicted]
    first = saliences(row)

    chosen.select_option(model.labels[other])
    expect(caption(row)).to_contain_text(f"P({model.labels[other]})")
    (expected,) = explain(model, [text], "shapley", target=int(other))
    expect_shown(row, expected)
    # With two classes, what speaks for one speaks against the other.
    for (word, score), (same_word, opposite) in zip(first, saliences(row), strict=True):
        assert word == same_word
        assert opposite == pytest.approx(-score, abs=2e-3)


def expect_shown(row: Locator, expected: Explanation) -> None:
    unit = "P" if expected.unit == "probability" else "logit"
    expect(caption(row)).to_contain_text(f"{unit}({expected.target_label})")
    figures = FIGURES.search(caption(row).inner_text())
    assert figures is not None
    output, base, delta = (float(figures[group]) for group in (1, 2, 3))
    assert output == pytest.approx(expected.output, abs=6e-4)
    assert base == pytest.approx(expected.base_value, abs=6e-4)
    assert abs(delta) <= 0.01 * abs(output - base)
    assert int(figures[4].replace(",", "")) == expected.evaluations
    scale = max(1.0, float(np.abs(expected.scores).max()))
    shown = saliences(row)
    assert [word for word, _ in shown] == list(expected.words)
    assert [score for _, score in shown] == pytest.approx(
        (expected.scores / scale).tolist(), rel=0.01, abs=1e-3
    )
