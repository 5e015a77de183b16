import numpy as np
import pytest

from lit_plugins.explain.estimators.token_tree import TokenTree, token_tree
from tests.explain.toys import toy


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


def test_a_text_of_one_token_or_none_has_a_tree():
    for text in ("", "good"):
        (encoded,) = toy().encode([text])
        tree = token_tree(encoded)
        assert tree.tokens == len(encoded.tokens)
        assert len(tree.members) == 2 * tree.tokens - 1


def test_credit_goes_down_by_the_size_of_the_parts():
    members = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 1, 1]], dtype=bool)
    tree = TokenTree(((0, 1), (3, 2)), members)
    np.testing.assert_allclose(tree.lowered(np.array([1.0, 0, 0, 2, 6])), [1 + 1 + 2, 3, 2])
