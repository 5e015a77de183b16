import numpy as np
import pytest

from lit_plugins.explain import explain
from lit_plugins.text.encoded import Row

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
