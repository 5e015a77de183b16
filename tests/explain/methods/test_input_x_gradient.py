import numpy as np
import torch
from captum.attr import InputXGradient

from lit_plugins.explain import explain
from tests.explain.toys import toy, weights

TEXT = "not a very good film"
METHOD = "input_x_gradient"


def test_a_sum_of_weights_gives_each_word_its_weight():
    for target in range(3):
        (explanation,) = explain(toy(), [TEXT], METHOD, target)
        np.testing.assert_allclose(explanation.scores, weights(TEXT.split(), target), atol=1e-5)
        assert abs(explanation.delta) < 1e-5
        assert explanation.evaluations == 3
        assert explanation.error is None


def test_a_bent_sum_gives_each_word_its_weight_times_the_bends_slope_and_delta_the_rest():
    (explanation,) = explain(toy(bend=True), [TEXT], METHOD, 1)
    straight = weights(TEXT.split(), 1)
    slope = 1 - explanation.output**2
    np.testing.assert_allclose(explanation.scores, straight * slope, rtol=1e-3)
    start = np.tanh(np.arctanh(explanation.output) - straight.sum())
    assert abs(explanation.base_value - start) < 1e-5
    assert abs(explanation.delta - (explanation.output - start - straight.sum() * slope)) < 1e-5
    assert abs(explanation.delta) > 1e-3


def test_the_words_have_what_captum_gives_them(classifier, plain):
    bert, model = classifier("bert", 3), plain("bert", 3)
    text = "Not good, not bad: WELL-made!!!"
    (encoded,) = bert.encode([text])
    (explanation,) = explain(bert, [text], METHOD, 2)
    embeddings = model.get_input_embeddings()(torch.tensor([encoded.row.input_ids]))
    scores = InputXGradient(lambda x: model(inputs_embeds=x).logits).attribute(
        embeddings.detach().requires_grad_(True), target=2
    )
    theirs = encoded.sum_by_word(scores[0].sum(-1).detach().numpy())
    np.testing.assert_allclose(explanation.scores, theirs, atol=1e-5 * np.abs(theirs).max())


def test_of_a_probability_too():
    classifier = toy(classes=2)
    (explanation,) = explain(classifier, [TEXT], METHOD, 0, output="probability")
    p = classifier.predict([TEXT]).probabilities[0, 0]
    shares = weights(TEXT.split(), 0, 2) - weights(TEXT.split(), 1, 2)
    np.testing.assert_allclose(explanation.scores, p * (1 - p) * shares, atol=1e-6)
    assert explanation.output == p
