"""Similarity of two texts, regardless of what the model predicts for them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lit_plugins.models.predictor import Predictor, has_network


def similarities(
    classifier: Predictor, text: str, others: Sequence[str]
) -> list[float] | list[None]:
    """Cosine of the mean input embedding of a text with those of other texts.

    Later layers would not do: a trained classifier's last layer holds little but the class, so no
    text that flips would be similar. Special tokens and the order of words do not count.

    Args:
        classifier: the model.
        text: the text as written.
        others: the texts to compare it with.

    Returns:
        One number from -1 to 1 for each of `others`; 1 if one of the two texts has no token. For a
        model without access to its embeddings, None for each.
    """
    if not has_network(classifier):
        return [None] * len(others)
    encoded = classifier.encode([text, *others])
    means = []
    embeddings = classifier.input_embeddings([encoding.row for encoding in encoded])
    for encoding, vectors in zip(encoded, embeddings, strict=True):
        in_text = np.array([span is not None for span in encoding.token_spans])
        means.append(vectors[in_text].mean(0) if in_text.any() else np.zeros(vectors.shape[1]))
    table = np.array(means, dtype=np.float64)
    lengths = np.linalg.norm(table, axis=1)
    products = table[1:] @ table[0]
    norms = lengths[1:] * lengths[0]
    cosines = np.divide(products, norms, out=np.ones_like(products), where=norms > 0)
    return cosines.clip(-1, 1).tolist()
