"""The salience methods that LIT brings along."""

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, saliences

pytestmark = pytest.mark.browser


def test_gradients_appear_with_the_selection_for_both_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    lit.row(text).click()
    for name, model in classifiers.items():
        (encoded,) = model.encode([text])
        predicted = int(model.predict([text]).logits.argmax())
        (gradients,) = model.gradients([encoded.row], [predicted])
        norms = np.linalg.norm(gradients.gradients, axis=1)
        products = (gradients.gradients * gradients.embeddings).sum(1)
        for title, expected in (("Grad L2 Norm", norms), ("Grad ⋅ Input", products)):
            row = lit.method(name, title)
            expect(row.locator(".salient-token")).to_have_count(len(encoded.tokens))
            expect_proportional(row, encoded.tokens, expected)


def test_lime_scores_the_words_between_spaces(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    lit.row(text).click()
    for name in classifiers:
        shown = saliences(lit.explain(name, "LIME"))
        assert [word for word, _ in shown] == text.split()
        assert any(score for _, score in shown)


def expect_proportional(row: Locator, tokens: tuple[str, ...], expected: np.ndarray) -> None:
    shown = saliences(row)
    assert [token for token, _ in shown] == list(tokens)
    scores = np.array([score for _, score in shown])
    assert scores / np.abs(scores).sum() == pytest.approx(
        expected / np.abs(expected).sum(), abs=2e-3
    )
