"""Gradient SHAP (Lundberg and Lee, 2017): gradients at random points between baseline and text.

For one baseline it equals captum's GradientShap without noise, and the expected gradients of Erion
et al. (2021). captum draws from the global seed, once for a whole batch, so that a text's scores
would depend on the other texts of its batch. Here they depend on the option `seed` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.baseline_options import BASELINE_OPTIONS
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.task import Unit
from lit_plugins.options import Integer, seed_option

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier


OPTIONS = (
    *BASELINE_OPTIONS,
    Integer(
        "samples",
        50,
        "How many random points on the path the gradients are averaged over.",
        low=2,
        high=4096,
    ),
    output_option("logit"),
    seed_option("Which points are drawn."),
)


def gradient_shap(
    classifier: TextClassifier,
    subjects: Sequence[Subject],
    *,
    baseline: str,
    baseline_text: str,
    samples: int,
    output: Unit,
    seed: int,
) -> list[Attribution]:
    """Gradient SHAP of each text, with the standard errors that are due to the draw.

    Args:
        classifier: the model.
        subjects: texts and classes.
        baseline: see the options.
        baseline_text: see the options.
        samples: see the options.
        output: see the options.
        seed: see the options; a text's values do not depend on the other texts.

    Raises:
        UserError: as in `integrated_gradients`.
    """
    from lit_plugins.explain.estimators.embedding_path import EmbeddingPath

    path = EmbeddingPath(classifier, output, baseline=baseline, baseline_text=baseline_text)
    points = np.random.default_rng(seed).random(samples)
    return [
        _mean(subject, slopes, base_value, output)
        for subject, slopes, base_value in zip(
            subjects,
            path.slopes(subjects, points.tolist()),
            path.base_values(subjects),
            strict=True,
        )
    ]


def _mean(subject: Subject, slopes: np.ndarray, base_value: float, unit: Unit) -> Attribution:
    samples = len(slopes)
    by_word = np.array([subject.encoded.sum_by_word(slope) for slope in slopes])
    return Attribution(
        scores=by_word.mean(0),
        unit=unit,
        base_value=base_value,
        evaluations=2 + samples,  # the text and its baseline
        error=by_word.std(0, ddof=1) / np.sqrt(samples),
        token_scores=slopes.mean(0),
    )


METHOD = ExplanationMethod(
    "gradient_shap",
    "Gradient SHAP",
    "Gradients of the chosen class at random points between a text without words and the text, "
    "times the difference of the embeddings: integrated gradients from a sample of points, with "
    "standard errors.",
    OPTIONS,
    gradient_shap,
    black_box=False,
    texts_at_once=64,
    complete=False,
)
