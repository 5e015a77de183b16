"""Ablation: deletes the fewest words that flip a prediction.

Source: Li et al. (2016, "Understanding neural networks through representation erasure").
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lit_plugins.counterfactual.change import Change, deletion
from lit_plugins.counterfactual.method import Case, CounterfactualMethod
from lit_plugins.counterfactual.methods.gradients import margin_gradients
from lit_plugins.models.predictor import Predictor, has_embeddings
from lit_plugins.text.encoded import EncodedText


def ablation(classifier: Predictor, cases: Sequence[Case]) -> list[list[Change]]:
    """Proposes to delete each word that the model sees.

    The gain of a word is its effect on the margin by the gradient of its embeddings, so that a
    long text's most important words are tried first. For a model without gradients, words are tried
    in the order of the text.

    Args:
        classifier: the model.
        cases: texts, and the predictions to reach.
    """
    gains = _gains(classifier, cases)
    return [
        [
            deletion(case.encoded.text, case.encoded.words[word], gain=float(gain[word]))
            for word in _words(case.encoded)
        ]
        for case, gain in zip(cases, gains, strict=True)
    ]


def _words(encoded: EncodedText) -> list[int]:
    """The words that the model sees; punctuation only if the text has nothing else."""
    texts = encoded.word_texts
    spelled = [word for word in encoded.visible_words if any(map(str.isalnum, texts[word]))]
    return spelled or list(encoded.visible_words)


def _gains(classifier: Predictor, cases: Sequence[Case]) -> list[np.ndarray]:
    if not has_embeddings(classifier):
        return [np.zeros(len(case.encoded.words)) for case in cases]
    return [
        -case.encoded.sum_by_word((embeddings * slopes).sum(-1))
        for case, (embeddings, slopes) in zip(
            cases, margin_gradients(classifier, cases), strict=True
        )
    ]


METHOD = CounterfactualMethod(
    "ablation",
    "Ablation",
    "Leaves out the fewest words after which the model predicts another class.",
    (),
    ablation,
    black_box=True,
)
