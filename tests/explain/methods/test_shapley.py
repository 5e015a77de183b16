from itertools import combinations
from math import comb

import numpy as np
import pytest

from lit_plugins.explain import explain
from lit_plugins.explain.estimators import masking
from tests.checkpoints import CORPUS
from tests.explain.estimators.test_pair_interactions import (
    by_definition as interactions_by_definition,
)
from tests.explain.toys import toy, weights

TWELVE = "not a wonderful film but the food was cold and overpriced ,"


def masked_outputs(classifier, text, target):
    """The model's probability as a function of the words that are kept, bool [rows, words]."""
    (encoded,) = classifier.encode([text])

    def outputs(keep):
        logits = classifier.logits(
            [encoded.masked(row.astype(bool), classifier.mask_id) for row in np.atleast_2d(keep)]
        ).astype(np.float64)
        exponents = np.exp(logits - logits.max(1, keepdims=True))
        return (exponents / exponents.sum(1, keepdims=True))[:, target]

    return outputs


def by_definition(outputs, words):
    """Shapley values, straight from the formula."""
    values = np.zeros(words)
    for word in range(words):
        others = [index for index in range(words) if index != word]
        for size in range(words):
            subsets = np.zeros((comb(words - 1, size), words), dtype=bool)
            for row, subset in zip(subsets, combinations(others, size), strict=True):
                row[list(subset)] = True
            joined = subsets.copy()
            joined[:, word] = True
            gains = outputs(joined) - outputs(subsets)
            values[word] += gains.sum() / (words * comb(words - 1, size))
    return values


@pytest.mark.parametrize("text", ["a very good film", "good " * 12 + "bad film"])
def test_a_sum_of_weights_gives_each_word_its_weight_less_the_masks(text):
    classifier = toy()
    for target in range(3):
        (explanation,) = explain(classifier, [text], target=target, output="logit")
        expected = weights(text.split(), target) - weights(["[MASK]"], target)
        np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
        assert explanation.unit == "logit"
        assert explanation.error is not None
        np.testing.assert_allclose(explanation.error, 0, atol=1e-5)


def test_few_words_are_enumerated(classifier):
    bert = classifier("bert", 3)
    text = "not good , well-made but forgettable"
    (explanation,) = explain(bert, [text], target=2)
    expected = by_definition(masked_outputs(bert, text, 2), 6)
    np.testing.assert_allclose(explanation.scores, expected, atol=1e-6)
    assert explanation.evaluations == 2**6
    assert explanation.error is not None
    assert not explanation.error.any()


def test_it_agrees_with_shap(classifier):
    shap = pytest.importorskip("shap")
    bert = classifier("bert", 3)
    text = "the food was cold and overpriced !"
    outputs = masked_outputs(bert, text, 1)
    theirs = shap.KernelExplainer(outputs, np.zeros((1, 7))).shap_values(
        np.ones(7), nsamples=2**7, l1_reg=False, silent=True
    )
    (explanation,) = explain(bert, [text], target=1)
    np.testing.assert_allclose(explanation.scores, theirs, atol=1e-5)


def test_sampled_values_near_those_of_enumeration_as_their_error_says(classifier):
    bert = classifier("bert", 3)
    random = np.random.default_rng(0)
    vocabulary = sorted({word for text in CORPUS[:2] for word in text.split() if word.isalpha()})
    texts = [" ".join(random.choice(vocabulary, 10)) for _ in range(4)]
    exact = explain(bert, texts, target=0, evaluations=1024)
    distances = {}
    covered = []
    for evaluations in (50, 400):
        sampled = explain(bert, texts, target=0, evaluations=evaluations, tolerance=0)
        assert all(explanation.evaluations == evaluations for explanation in sampled)
        distances[evaluations] = np.median(
            [
                np.linalg.norm(near.scores - truth.scores) / np.linalg.norm(truth.scores)
                for near, truth in zip(sampled, exact, strict=True)
            ]
        )
        covered += [
            np.abs(near.scores - truth.scores) <= 1.96 * near.error
            for near, truth in zip(sampled, exact, strict=True)
        ]
    assert distances[400] < distances[50] / 2
    assert np.mean(covered) > 0.88


@pytest.mark.parametrize("unit", ["logit", "probability"])
def test_scores_add_up_and_the_output_is_the_prediction(classifier, unit):
    bert = classifier("bert", 3)
    texts = ["a wonderful film", TWELVE, "word", "", "...", "  \n "]
    predictions = bert.predict(texts)
    table = predictions.logits if unit == "logit" else predictions.probabilities
    for row, explanation in zip(
        table, explain(bert, texts, output=unit, evaluations=64), strict=True
    ):
        assert explanation.output == row[explanation.target]
        assert explanation.target == row.argmax()
        assert explanation.output - explanation.base_value == pytest.approx(
            explanation.scores.sum(), abs=1e-6
        )
        assert abs(explanation.delta) < 1e-6
        assert explanation.converged


def test_the_base_is_the_text_with_every_word_masked(classifier):
    bert = classifier("bert", 3)
    (explanation,) = explain(bert, [TWELVE], target=1, evaluations=64)
    outputs = masked_outputs(bert, TWELVE, 1)
    assert explanation.base_value == pytest.approx(outputs(np.zeros((1, 12)))[0], abs=1e-6)


def test_a_text_without_words_has_no_scores_and_one_word_has_all():
    empty, one, mark = explain(toy(), ["", "good", "!!!"], target=0)
    assert empty.words == ()
    assert empty.scores.shape == (0,)
    assert empty.output == pytest.approx(empty.base_value, abs=1e-6)
    assert one.scores[0] == pytest.approx(one.output - one.base_value)
    assert mark.words == ("!!!",)
    assert mark.evaluations == 2


def test_words_that_the_model_does_not_see_have_nothing():
    classifier = toy(max_length=6)
    (explanation,) = explain(classifier, ["good bad film plot good cast not"], target=0)
    assert explanation.truncated
    assert len(explanation.words) == 7
    assert explanation.scores[:4].all()
    assert not explanation.scores[4:].any()
    assert explanation.error is not None
    assert not explanation.error[4:].any()
    assert explanation.evaluations == 2**4


def test_too_small_a_budget_for_a_long_text_is_raised_and_said():
    (explanation,) = explain(toy(), ["good bad film " * 10], target=0, evaluations=32)
    assert explanation.evaluations == 2 + 4 * 30
    assert explanation.note == (
        "30 words need at least 122 evaluations, more than the limit of 32."
    )
    (explanation,) = explain(toy(), ["good bad film " * 10], target=0, evaluations=122)
    assert explanation.evaluations == 122
    assert explanation.note == ""


def test_few_masked_texts_are_held_at_once_and_that_changes_nothing(classifier, monkeypatch):
    bert = classifier("bert", 3)
    texts = ["the food was cold", TWELVE, "", "well-made but forgettable"] * 2
    together = explain(bert, texts, evaluations=64)
    held = []
    logits = bert.logits
    monkeypatch.setattr(bert, "logits", lambda rows: held.append(len(rows)) or logits(rows))
    monkeypatch.setattr(masking, "_CHUNK_TOKENS", 100)
    apart = explain(bert, texts, evaluations=64)
    assert max(held[1:]) <= 16 + 64  # the first call is for the texts themselves
    for one, other in zip(together, apart, strict=True):
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)


def test_a_seed_settles_the_draw(classifier):
    bert = classifier("bert", 3)
    first, again, other = (
        explain(bert, [TWELVE], evaluations=60, tolerance=0, seed=seed)[0].scores
        for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-4


def test_a_text_stops_once_its_standard_errors_are_small_enough(classifier):
    bert = classifier("bert", 3)
    every, loose, looser = (
        explain(bert, [TWELVE], target=0, tolerance=tolerance)[0] for tolerance in (0, 0.1, 0.3)
    )
    assert looser.evaluations < loose.evaluations < every.evaluations == 500
    for stopped, tolerance in ((loose, 0.1), (looser, 0.3)):
        scores = stopped.scores
        assert np.linalg.norm(stopped.error) <= tolerance * np.linalg.norm(scores)
        assert np.linalg.norm(scores - every.scores) <= 1.5 * tolerance * np.linalg.norm(scores)
    (enumerated,) = explain(bert, [TWELVE], target=0, tolerance=1, evaluations=4096)
    assert enumerated.evaluations == 4096


def test_pairs_of_words_come_with_the_scores_at_no_further_run(classifier):
    bert = classifier("bert", 3)
    text = "not good , well-made but forgettable"
    (plain,) = explain(bert, [text], target=2)
    (paired,) = explain(bert, [text], target=2, interactions=True)
    assert plain.interactions is None
    assert plain.top_pairs() == []
    np.testing.assert_array_equal(plain.scores, paired.scores)
    assert paired.evaluations == plain.evaluations == 2**6
    assert paired.interactions is not None
    values = paired.interactions.values
    outputs = masked_outputs(bert, text, 2)
    every = (np.arange(2**6)[:, None] >> np.arange(6)) & 1
    np.testing.assert_allclose(values, interactions_by_definition(outputs(every), 6), atol=1e-6)
    assert not paired.interactions.error.any()
    # What words do alone and in pairs adds up, too.
    alone = paired.scores - values.sum(1) / 2
    whole = paired.output - paired.base_value
    assert alone.sum() + values.sum() / 2 == pytest.approx(whole, abs=1e-6)
    (first, second, value), *_ = paired.top_pairs(1)
    place = np.unravel_index(np.abs(values).argmax(), values.shape)
    assert (first, second) == tuple(paired.words[index] for index in sorted(place))
    assert value == values[place]


def test_sampled_pairs_are_near_those_of_enumeration(classifier):
    bert = classifier("bert", 3)
    (truth,) = explain(bert, [TWELVE], target=0, evaluations=4096, interactions=True)
    (some,) = explain(bert, [TWELVE], target=0, evaluations=600, tolerance=0, interactions=True)
    assert truth.interactions is not None
    assert some.interactions is not None
    assert some.evaluations == 600
    off = some.interactions.values - truth.interactions.values
    assert np.linalg.norm(off) < 0.3 * np.linalg.norm(truth.interactions.values)
    pairs = np.triu_indices(12, 1)
    assert np.mean(np.abs(off[pairs]) <= 1.96 * some.interactions.error[pairs]) > 0.9


def test_pairs_with_words_that_the_model_does_not_see_have_nothing():
    (explanation,) = explain(
        toy(max_length=6, bend=True), ["good bad film plot good cast not"], interactions=True
    )
    assert explanation.interactions is not None
    values = explanation.interactions.values
    assert values.shape == (7, 7)
    assert values[:4, :4].any()
    assert not values[4:].any()
    (none, one) = explain(toy(), ["", "good"], interactions=True)
    assert none.to_dict()["interactions"] == {"values": [], "error": []}
    assert one.to_dict()["interactions"] == {"values": [[0.0]], "error": [[0.0]]}


@pytest.mark.parametrize("text", ["อาหารอร่อยมาก", "အစားအသောက်", "ខ្មែរឆ្ងាញ់ណាស់"])
def test_a_clause_without_spaces_has_many_scores_that_add_up(classifier, text):
    (explanation,) = explain(classifier("gpt2"), [text])
    assert len(explanation.words) > 4
    assert np.ptp(explanation.scores) > 0.01
    assert explanation.scores.sum() == pytest.approx(
        explanation.output - explanation.base_value, abs=1e-5
    )
