import numpy as np
import pytest

from lit_plugins.evaluate.scoring import RANDOM, random_scores
from lit_plugins.explain import METHODS, explain
from lit_plugins.lit.interpreters import explanation_cache
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.explanation_request import TARGET
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter
from lit_plugins.lit.models.classifier import LitTextClassifier
from tests.lit.conftest import TEXTS


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


TARGETS = [1] * len(TEXTS)


@pytest.mark.parametrize("method", ["occlusion", "shapley"])
def test_scores_are_those_of_a_method_with_its_defaults(model, method):
    found = Explanations().scores(model, method, TEXTS, TARGETS)
    expected = explain(model.classifier, TEXTS, method, 1)
    for scores, explanation in zip(found, expected, strict=True):
        np.testing.assert_array_equal(scores, explanation.scores)


def test_chance_is_the_engines(model):
    found = Explanations().scores(model, RANDOM, TEXTS, TARGETS)
    for scores, expected in zip(found, random_scores(model.classifier, TEXTS), strict=True):
        np.testing.assert_array_equal(scores, expected)


def test_a_row_of_the_salience_maps_and_a_metric_share_an_explanation(model, monkeypatch):
    kept = Explanations()
    config = {TARGET: {"field": "probas", "index": 1}}
    examples = [{"sentence": text} for text in TEXTS]
    (row,) = ExplanationInterpreter(METHODS["shapley"], kept).run(
        examples[:1], model, None, config=config
    )
    monkeypatch.setattr(explanation_cache, "explain_each", None)
    (scores,) = kept.scores(model, "shapley", TEXTS[:1], TARGETS[:1])
    assert scores.tolist() == row[""].salience


def test_memory_is_bounded(model):
    kept = Explanations(max_bytes=8 * 1024)
    for number in range(20):
        kept.scores(model, "occlusion", [f"{text} {number}" for text in TEXTS], TARGETS)
    assert 0 < kept._known.bytes <= 8 * 1024
