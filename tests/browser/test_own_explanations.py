"""This package's methods in the page, beside the engine's own figures."""

import itertools
import re

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.explain import METHODS, PIECES, Explanation, explain
from tests.browser.page import LitPage, caption, colours, option_field, saliences

FIGURES = re.compile(r"\) (\S+), base (\S+), delta (\S+); ([\d,]+) evaluations")
SIDE_BY_SIDE = ["shapley", "owen", "integrated_gradients"]


def test_words_scores_and_figures_of_each_method_for_both_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    lit.row(text).click()
    for method in SIDE_BY_SIDE:
        for name, model in classifiers.items():
            (expected,) = explain(model, [text], method)
            expect_shown(lit.explain(name, METHODS[method].title), expected)


def test_a_score_has_one_colour_whichever_model_has_it(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.row(reviews.texts[5]).click()
    for method in SIDE_BY_SIDE:
        expect_one_scale([lit.explain(name, METHODS[method].title) for name in classifiers])


def expect_one_scale(rows: list[Locator]) -> None:
    drawn = [
        (score, sum(colour))
        for row in rows
        for (_, score), colour in zip(saliences(row), colours(row), strict=True)
    ]
    for sign in (-1, 1):
        # With both models' scores in one row, the larger is the darker, so that equal ones are
        # alike; up to what rounding makes of three colours.
        ordered = sorted((sign * score, light) for score, light in drawn if sign * score > 0)
        lightness = [light for _, light in ordered]
        assert all(darker <= lighter + 3 for lighter, darker in itertools.pairwise(lightness))
        assert lightness[-1] < 600


def test_word_pieces_have_scores_of_their_own_on_request(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    model = classifiers["sentiment-small"]
    text = next(
        text
        for text, encoded in zip(reviews.texts, model.encode(reviews.texts), strict=True)
        if len(encoded.in_pieces().words) > len(encoded.words)
    )
    lit.select(text)
    row = lit.explain("sentiment-small", "SHAP")
    (expected,) = explain(model, [text], "shapley")
    expect_shown(row, expected)
    lit.set_option(row, "pieces", True)
    (expected,) = explain(model, [text], "shapley", pieces=True)
    expect(row.locator(".salient-token")).to_have_count(len(expected.words))
    expect_shown(row, expected)


def test_two_models_are_compared_with_each_other(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[5]
    lit.row(text).click()
    for name, other in (tuple(classifiers), tuple(classifiers)[::-1]):
        row = lit.explain(name, METHODS["difference"].title)
        (expected,) = explain(classifiers[name], [text], "difference", other=classifiers[other])
        expect(caption(row)).to_contain_text(f"P({expected.target_label}) minus {other}'s = ")
        scores = [score for _, score in saliences(row)]
        assert scores == pytest.approx(expected.scores.tolist(), rel=0.01, abs=1e-3)
        choices = option_field(lit.form(row), "other").locator("option")
        expect(choices).to_have_text([other])
        row.locator(".controls-toggle").click()


def test_every_method_is_a_row_with_its_options_as_a_form(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.row(reviews.texts[4]).click()
    for name, method in itertools.product(classifiers, METHODS.values()):
        if not method.suits(classifiers[name]):
            expect(lit.method(name, method.title)).to_have_count(0)
            continue
        row = lit.method(name, method.title)
        form = lit.form(row)
        # The server chooses the infill model: a name may be any path on it.
        shown = [option for option in method.options if option.name not in method.fillers]
        names = [option.name.replace("_", " ") for option in (*shown, PIECES)]
        expect(form.locator(".option-name")).to_have_text(names)
        expect(form.locator(".description")).to_contain_text(method.help[:40])
        row.locator(".controls-toggle").click()


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
    shown = saliences(row)
    assert [word for word, _ in shown] == list(expected.words)
    assert [score for _, score in shown] == pytest.approx(
        expected.scores.tolist(), rel=0.01, abs=1e-3
    )
