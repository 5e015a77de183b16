"""Integrated gradients (Sundararajan et al., 2017) on the input embeddings, by captum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lit_plugins.classifier import TextClassifier
from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.embedding_path import BASELINE_OPTIONS, EmbeddingPath
from lit_plugins.explain.explanation import Unit
from lit_plugins.explain.method import Method
from lit_plugins.options import Option

OPTIONS = (
    *BASELINE_OPTIONS,
    Option(
        "max_steps",
        "integer",
        256,
        "The most points on the path. A text gets 16, then twice as many while it needs more.",
        low=2,
        high=4096,
    ),
    Option(
        "tolerance",
        "number",
        0.01,
        "How much of the output's difference from the baseline the scores may miss.",
        low=1e-6,
        high=1.0,
    ),
    output_option("logit"),
)

_FIRST_STEPS = 16
_SMALLEST_DIFFERENCE = 1e-3
"""A smaller difference between output and baseline drowns in float32's rounding."""


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
    """Integrated gradients of each text, with as many steps as it needs.

    Only the tokens of words differ from the baseline, so special tokens have 0 and the scores of
    the words and `delta` add up to the output minus the baseline's.

    Args:
        classifier: the model.
        subjects: texts and classes.
        baseline: see the options.
        baseline_text: see the options.
        max_steps: see the options.
        tolerance: the steps grow for the texts whose `delta` is a larger share of the output minus
            the baseline's than this.
        output: see the options.

    Raises:
        UserError: the model has no such token as the baseline asks for, it sees no word in the
            baseline's text, or it does not take embeddings in place of tokens.
    """
    path = EmbeddingPath(classifier, output, baseline=baseline, baseline_text=baseline_text)
    base_values = path.base_values(subjects)
    attributions: dict[int, Attribution] = {}
    waiting = list(range(len(subjects)))
    spent = 2  # the text and its baseline
    for steps in _ladder(max_steps):
        spent += steps
        token_scores = path.integrate([subjects[index] for index in waiting], steps)
        for index, scores in zip(waiting, token_scores, strict=True):
            subject, base_value = subjects[index], base_values[index]
            difference = subject.output(output) - base_value
            missed = abs(difference - scores.sum()) / max(abs(difference), _SMALLEST_DIFFERENCE)
            converged = bool(missed <= tolerance)
            attributions[index] = Attribution(
                scores=subject.encoded.sum_by_word(scores),
                unit=output,
                base_value=base_value,
                evaluations=spent,
                token_scores=scores,
                converged=converged,
                note="" if converged else _note(missed, tolerance, steps),
            )
        waiting = [index for index in waiting if not attributions[index].converged]
        if not waiting:
            break
    return [attributions[index] for index in range(len(subjects))]


def _ladder(most: int) -> Iterator[int]:
    steps = _FIRST_STEPS
    while steps < most:
        yield steps
        steps *= 2
    yield most


def _note(missed: float, tolerance: float, steps: int) -> str:
    return (
        f"The relative completeness error is {_percent(missed)}, above the tolerance of "
        f"{_percent(tolerance)}, at {steps} steps."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %" if share < 10 else f"{100 * share:.0f} %"


METHOD = Method(
    "integrated_gradients",
    "Integrated gradients",
    "Gradients of the chosen class, averaged along the straight path from a text without words to "
    "the text, times the difference of the embeddings.",
    OPTIONS,
    integrated_gradients,
    black_box=False,
)
