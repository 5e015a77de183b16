"""Which way a text's embeddings would have to move for the prediction to flip."""

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
    """Input embeddings, and the gradient of the margin that a flip brings below 0.

    The margin is that of `Case.margin`: the gradient is of one class's logit minus another's, of
    the two that are next to each other at the text as it stands, so that a misclassified text is
    moved away from what the model predicts, whatever its gold label.

    Args:
        classifier: a model whose network takes embeddings in place of tokens.
        cases: texts, and what is wanted of them.

    Returns:
        For each case two float32 arrays [tokens, embedding width]: a small step along minus the
        second lowers the margin.
    """
    found = classifier.gradients_of_sums(
        [case.encoded.row for case in cases], [case.margin_slope() for case in cases]
    )
    return [(each.embeddings, each.gradients) for each in found]
