"""Sampled Shapley values beside those of all coalitions, on a model that was trained."""

import numpy as np
import pytest

from lit_plugins import TextClassifier, explain
from lit_plugins.embedded import some_reviews

WORDS = 12


@pytest.fixture(scope="module")
def model():
    return TextClassifier.from_pretrained("sentiment-small")


@pytest.fixture(scope="module")
def exact(model):
    encoded = model.encode(some_reviews(500))
    texts = [text.text for text in encoded if len(text.visible_words) == WORDS][:5]
    found = explain(model, texts, evaluations=2**WORDS)
    assert len(found) == 5
    assert all(explanation.evaluations == 2**WORDS for explanation in found)
    return found


@pytest.mark.parametrize(("evaluations", "most"), [(200, 0.05), (500, 0.025)])
def test_sampled_values_are_near_and_their_errors_say_how_near(model, exact, evaluations, most):
    texts = [truth.text for truth in exact]
    sampled = explain(model, texts, evaluations=evaluations, tolerance=0)
    distances, covered = [], []
    for one, truth in zip(sampled, exact, strict=True):
        missed = one.scores - truth.scores
        distances.append(np.linalg.norm(missed) / np.linalg.norm(truth.scores))
        covered.append(np.abs(missed) <= 1.96 * one.error)
    assert np.median(distances) <= most
    assert np.mean(covered) >= 0.85


def test_texts_that_stop_early_are_as_near_as_they_say(model, exact):
    texts, within = [truth.text for truth in exact], []
    for seed in range(4):
        found = explain(model, texts, evaluations=2000, seed=seed)
        for one, truth in zip(found, exact, strict=True):
            assert one.evaluations < 2000
            size = np.linalg.norm(one.scores)
            assert np.linalg.norm(one.error) <= 0.02 * size
            within.append(np.linalg.norm(one.scores - truth.scores) <= 0.02 * size)
    assert np.mean(within) >= 0.95
