"""The salience method that LIT brings along."""

import numpy as np
import pytest
from playwright.sync_api import expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, saliences


def test_gradient_norms_appear_with_the_selection_for_both_models(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    lit.row(text).click()
    for name, model in classifiers.items():
        (encoded,) = model.encode([text])
        predicted = int(model.predict([text]).logits.argmax())
        (gradients,) = model.gradients([encoded.row], [predicted])
        norms = np.linalg.norm(gradients.gradients, axis=1)
        row = lit.method(name, "Grad L2 Norm")
        expect(row.locator(".salient-token")).to_have_count(len(encoded.tokens))
        shown = saliences(row)
        assert [token for token, _ in shown] == list(encoded.tokens)
        scores = [score for _, score in shown]
        assert scores == pytest.approx((norms / norms.sum()).tolist(), abs=2e-3)
