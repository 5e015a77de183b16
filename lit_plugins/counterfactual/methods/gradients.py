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
    pairs = [_classes(case) for case in cases]
    found = classifier.gradients(
        [case.encoded.row for case in cases],
        [above for above, _ in pairs],
        [below for _, below in pairs],
    )
    return [(each.embeddings, each.gradients) for each in found]


def _classes(case: Case) -> tuple[int, int]:
    """The class whose logit has to fall below the other's, and that other."""
    against = case.predicted if case.goal is None else case.goal
    others = case.logits.astype(np.float64)
    others[against] = -np.inf
    best_other = int(others.argmax())
    return (against, best_other) if case.goal is None else (best_other, against)
