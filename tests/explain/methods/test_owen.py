import numpy as np
import pytest

from lit_plugins.explain import explain
from lit_plugins.text.encoded import Row
from tests.explain.toys import toy, weights

LONG = "the food was cold and overpriced but a wonderful film , not forgettable"


def by_shap(classifier, text, max_evals):
    """shap's own explanation on token ids: values [tokens, classes] and base values [classes]."""
    shap = pytest.importorskip("shap")
    (encoded,) = classifier.encode([text])

    def probabilities(ids):
        rows = [Row(tuple(int(one) for one in row), encoded.row.type_ids) for row in ids]
        return classifier.task.chances(classifier.logits(rows))

    masker = shap.maskers.Text(
        classifier.tokenizer, mask_token=classifier.mask_id, output_type="token_ids"
    )
    explainer = shap.explainers.Partition(probabilities, masker)
    found = explainer([text], max_evals=max_evals, silent=True)
    return found.values[0], found.base_values[0]


@pytest.mark.parametrize("kind", ["bert", "roberta", "deberta-v2", "gpt2"])
@pytest.mark.parametrize("text", ["The food wasn't cold, but overpriced!", LONG])
@pytest.mark.parametrize("evaluations", [100, 500])
def test_the_values_are_those_of_shaps_partition_explainer(classifier, kind, text, evaluations):
    model = classifier(kind, 3)
    scores, base_values = by_shap(model, text, evaluations)
    for target in range(3):
        (explanation,) = explain(model, [text], "owen", target, evaluations=evaluations)
        np.testing.assert_allclose(explanation.token_scores, scores[:, target], atol=1e-5)
        assert explanation.base_value == pytest.approx(base_values[target], abs=1e-6)
        assert explanation.evaluations <= evaluations


def test_a_sum_of_weights_gives_each_word_its_weight_less_the_masks():
    text = "not a very good film"
    (explanation,) = explain(toy(), [text], "owen", target=1, output="logit")
    expected = weights(text.split(), 1) - weights(["[MASK]"], 1)
    np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
    assert explanation.note == ""


def test_phrases_have_the_sum_of_their_words():
    (explanation,) = explain(toy(bend=True), ["not a very good film"], "owen", target=1)
    assert explanation.groups is not None
    assert explanation.groups[0].text == "not a very good film"
    for group in explanation.groups:
        start, end = group.offsets
        assert explanation.text[start:end] == group.text
        inside = [start <= first and last <= end for first, last in explanation.offsets]
        assert sum(inside) > 1
        assert group.score == pytest.approx(explanation.scores[inside].sum())
    # A binary tree over five words has four groups.
    assert len(explanation.groups) == 4
    assert explanation.to_dict()["groups"][0]["text"] == "not a very good film"


def test_what_the_evaluations_do_not_last_for_is_said():
    (explanation,) = explain(toy(bend=True), ["good bad film plot " * 8], "owen", evaluations=40)
    assert "The evaluations did not last" in explanation.note
    assert abs(explanation.delta) < 1e-6
