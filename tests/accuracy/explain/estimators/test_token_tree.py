import numpy as np
import pytest

from lit_plugins.explain.estimators.token_tree import token_tree


@pytest.mark.parametrize("kind", ["bert", "roberta", "deberta-v2", "gpt2"])
def test_it_is_the_tree_that_shap_makes_with_the_tokenizer_itself(classifier, kind):
    shap = pytest.importorskip("shap")
    model = classifier(kind, 3)
    text = "The food wasn't cold, but (sadly) overpriced! Good?"
    masker = shap.maskers.Text(model.tokenizer)
    expected = masker.clustering(text)
    (encoded,) = model.encode([text])
    tree = token_tree(encoded)
    np.testing.assert_array_equal(tree.parts, expected[:, :2])
    np.testing.assert_array_equal(tree.members[tree.tokens :].sum(1), expected[:, 3])
    assert tree.members[-1].all()
