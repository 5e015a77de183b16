"""Gradients of the margin: the direction in which a text's embeddings flip the prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.counterfactual.method import Case

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier


def margin_gradients(
    classifier: TextClassifier, cases: Sequence[Case]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Input embeddings of texts, and the gradient of the margin with respect to them.

    The margin is `Case.margin`, a difference of two classes' logits. It depends on the model's
    prediction and not on the gold label, so a misclassified text moves away from the class that the
    model predicts.

    Args:
        classifier: a model whose network takes embeddings in place of tokens.
        cases: texts, and the predictions to reach.

    Returns:
        For each case the embeddings and the gradient, each float32 [tokens, embedding width]. A
        small step against the gradient lowers the margin.
    """
    results = classifier.gradients_of_sums(
        [case.encoded.row for case in cases], [case.margin_slope() for case in cases]
    )
    return [(result.embeddings, result.gradients) for result in results]
