import numpy as np
import pytest
import torch

from lit_plugins.explain import explain
from lit_plugins.explain.methods.attention_rollout import rollout, rollout_matrix
from tests.explain.toys import VOCABULARY, toy, toy_model

TEXT = "not a very good film"
METHOD = "attention_rollout"


def a_stack(layers=3, heads=2, tokens=4):
    weights = np.random.default_rng(0).random((layers, heads, tokens, tokens))
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("pooling", ["first", "last", "mean"])
def test_layers_are_multiplied_from_first_to_last_and_read_where_the_head_reads(pooling):
    weights = a_stack()
    product = np.eye(4)
    for layer in weights:
        product = (0.5 * layer.mean(0) + 0.5 * np.eye(4)) @ product
    expected = {"first": product[0], "last": product[-1], "mean": product.mean(0)}[pooling]
    np.testing.assert_allclose(rollout(weights, pooling), expected, atol=1e-6)


def test_a_token_that_nobody_looks_at_keeps_its_own_half_a_layer():
    weights = np.zeros((2, 1, 3, 3), dtype=np.float32)
    weights[..., 1] = 1
    np.testing.assert_allclose(rollout(weights, "first"), [0.25, 0.75, 0])
    np.testing.assert_allclose(rollout(weights, "last"), [0, 0.75, 0.25])


def test_the_whole_matrix_has_a_row_for_each_place_to_read_at():
    weights = a_stack()
    found = rollout_matrix(list(weights))
    np.testing.assert_allclose(found.sum(1), 1)
    np.testing.assert_allclose(found[0], rollout(weights, "first"))
    np.testing.assert_allclose(found[-1], rollout(weights, "last"))
    np.testing.assert_allclose(found.mean(0), rollout(weights, "mean"))


def test_a_toy_that_looks_at_long_embeddings_shares_them_out_by_length():
    (explanation,) = explain(toy(), [TEXT], METHOD, 0)
    tokens = ["[CLS]", *TEXT.split(), "[SEP]"]
    table = toy_model().table.weight[[VOCABULARY.index(token) for token in tokens]]
    looked_at = torch.softmax((table**2).sum(-1), -1).detach().numpy()
    expected = (looked_at + 1 / 7) / 2  # its head reads the mean over seven tokens
    assert explanation.tokens == tuple(tokens)
    np.testing.assert_allclose(explanation.token_scores, expected, atol=1e-6)
    np.testing.assert_allclose(explanation.scores, expected[1:-1], atol=1e-6)


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_shares_of_a_real_model_are_of_one_and_the_same_for_every_class(classifier, kind):
    model = classifier(kind, 3)
    texts = [TEXT, "Crème brûlée, well-made", "word", ""]
    for index, explanation in enumerate(explain(model, texts, METHOD, 0)):
        assert explanation.token_scores.sum() == pytest.approx(1)
        assert (explanation.token_scores >= 0).all()
        (other,) = explain(model, [texts[index]], METHOD, 1)
        np.testing.assert_allclose(explanation.token_scores, other.token_scores, atol=1e-6)


def test_it_promises_no_sum_and_says_so():
    classifier = toy()
    (explanation,) = explain(classifier, [TEXT], METHOD, 1)
    assert explanation.output == classifier.predict([TEXT]).probabilities[0, 1]
    assert explanation.unit == "probability"
    assert np.isnan(explanation.base_value)
    assert np.isnan(explanation.delta)
    assert "do not add up to its probability" in explanation.note
    assert explanation.to_dict()["delta"] is None
