"""Integrated gradients (Sundararajan et al., 2017) on the input embeddings.

The mean over the path is taken at captum's points `riemann_middle`, the midpoints
p = (k - 1/2) / steps, k = 1 ... steps. On fine-tuned transformers midpoints are nearer than
Gauss-Legendre with few steps, and a third of the midpoints of three times as many steps are known
already. Captum's own integrator runs either one text at many points or many texts at one; here a
batch holds several texts at several points.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.baseline_options import BASELINE_OPTIONS
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.task import Unit
from lit_plugins.options import Integer, Number
from lit_plugins.runtime.turns import in_turn

if TYPE_CHECKING:
    from lit_plugins.models.classifier import TextClassifier


OPTIONS = (
    *BASELINE_OPTIONS,
    Integer(
        "max_steps",
        324,
        "The most points on the path. Each text starts with 12, and gets three times as many while "
        "its scores miss the tolerance.",
        low=2,
        high=4096,
    ),
    Number(
        "tolerance",
        0.01,
        "The largest share of the output's difference from the baseline that the scores may miss.",
        low=1e-6,
        high=1.0,
    ),
    output_option("logit"),
)

_FIRST_STEPS = 12
_SMALLEST_DIFFERENCE = 1e-3
"""Least difference between output and baseline that errors are measured against.

Smaller differences are mostly float32's rounding."""


def integrated_gradients(
    classifier: TextClassifier,
    subjects: Sequence[Subject],
    *,
    baseline: str,
    baseline_text: str,
    max_steps: int,
    tolerance: float,
    output: Unit,
) -> list[Attribution]:
    """Integrated gradients of each text, with as many steps as the tolerance needs.

    Only the tokens of words differ from the baseline, so special tokens have 0. The words' scores
    and `delta` add up to the model's output minus its value at the baseline.

    Args:
        classifier: the model.
        subjects: texts and classes.
        baseline: see the options.
        baseline_text: see the options.
        max_steps: see the options.
        tolerance: a text gets more steps while `delta`, as a share of the output minus the value
            at the baseline, is larger than this.
        output: see the options.

    Raises:
        UserError: the model lacks the baseline's token, sees no word in the baseline's text, or
            does not take embeddings in place of tokens.
    """
    from lit_plugins.explain.estimators.embedding_path import EmbeddingPath

    path = EmbeddingPath(classifier, output, baseline=baseline, baseline_text=baseline_text)
    base_values = path.base_values(subjects)
    steps = min(_FIRST_STEPS, max_steps)
    token_scores = [slopes.mean(0) for slopes in path.slopes(subjects, midpoints(steps))]
    attributions: dict[int, Attribution] = {}
    waiting = list(range(len(subjects)))
    while True:
        for index in waiting:
            attributions[index] = _attribution(
                subjects[index], token_scores[index], base_values[index], steps, tolerance, output
            )
        waiting = [index for index in waiting if not attributions[index].converged]
        if not waiting or 3 * steps > max_steps:
            break
        chosen = [subjects[index] for index in waiting]
        steps *= 3
        new = np.delete(midpoints(steps), slice(1, None, 3))
        for index, slopes in zip(waiting, path.slopes(chosen, new), strict=True):
            token_scores[index] = (token_scores[index] + 2 * slopes.mean(0)) / 3
    return [attributions[index] for index in range(len(subjects))]


def midpoints(steps: int) -> np.ndarray:
    """The points at which the path is read, float64 [steps], between 0 and 1."""
    from captum.attr._utils.approximation_methods import approximation_parameters

    _, points = approximation_parameters("riemann_middle")
    return np.array(in_turn(partial(points, steps)))


def _attribution(
    subject: Subject,
    token_scores: np.ndarray,
    base_value: float,
    steps: int,
    tolerance: float,
    unit: Unit,
) -> Attribution:
    difference = subject.output(unit) - base_value
    missed = abs(difference - token_scores.sum()) / max(abs(difference), _SMALLEST_DIFFERENCE)
    converged = bool(missed <= tolerance)
    return Attribution(
        scores=subject.encoded.sum_by_word(token_scores),
        unit=unit,
        base_value=base_value,
        evaluations=steps + 2,  # plus the text and its baseline
        token_scores=token_scores,
        converged=converged,
        note="" if converged else _note(missed, tolerance, steps),
    )


def _note(missed: float, tolerance: float, steps: int) -> str:
    return (
        f"The relative completeness error is {_percent(missed)}, above the tolerance of "
        f"{_percent(tolerance)}, at {steps} steps."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share < 10 else f"{100 * share:.0f} %"


METHOD = ExplanationMethod(
    "integrated_gradients",
    "Integrated gradients",
    "Gradients of the chosen class, averaged along the straight path from a text without words to "
    "the text, times the difference of the embeddings.",
    OPTIONS,
    integrated_gradients,
    black_box=False,
    texts_at_once=64,
)
