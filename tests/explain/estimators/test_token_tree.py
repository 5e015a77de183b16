import numpy as np

from lit_plugins.explain.estimators.token_tree import TokenTree, token_tree
from tests.explain.toys import toy


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
