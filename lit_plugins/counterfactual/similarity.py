"""How alike two texts are, whatever the model makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lit_plugins.models.predictor import Predictor, has_network


def similarities(
    classifier: Predictor, text: str, others: Sequence[str]
) -> list[float] | list[None]:
    """Cosine of the mean input embeddings of a text and each of some others.

    Input embeddings, and no later layer: a trained classifier's last layer holds little but the
    class, so that every text that flips would be unlike. Special tokens are left out, and the
    order of words is not seen.

    Args:
        classifier: the model; None for each where it hides its embeddings.
        text: the text as written.
        others: what to compare it with.

    Returns:
        One number from -1 to 1 for each of `others`; 1 where both have no token.
    """
    if not has_network(classifier):
        return [None] * len(others)
    encoded = classifier.encode([text, *others])
    means = []
    for each, vectors in zip(
        encoded, classifier.input_embeddings([each.row for each in encoded]), strict=True
    ):
        own = np.array([span is not None for span in each.token_spans])
        means.append(vectors[own].mean(0) if own.any() else np.zeros(vectors.shape[1]))
    table = np.array(means, dtype=np.float64)
    lengths = np.linalg.norm(table, axis=1)
    products = table[1:] @ table[0]
    norms = lengths[1:] * lengths[0]
    cosines = np.divide(products, norms, out=np.ones_like(products), where=norms > 0)
    return cosines.clip(-1, 1).tolist()
