"""Occlusion (Zeiler and Fergus, 2014; Li et al., 2016): each word masked by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit

OPTIONS = (output_option("probability"),)


def occlusion(
    classifier: Predictor, subjects: Sequence[Subject], *, output: Unit
) -> list[Attribution]:
    """How much the output falls when each word is masked and all others stay.

    `base_value` is the model's value with all words masked, and `delta` what the words together
    do beyond what each does alone.

    Args:
        classifier: the model.
        subjects: texts and classes.
        output: see the options.
    """
    found = masked_values(classifier, subjects, map(_keep, subjects), output)
    return [
        _attribution(subject, worth, output) for subject, worth in zip(subjects, found, strict=True)
    ]


def _keep(subject: Subject) -> np.ndarray:
    """The text without words, then without one each."""
    words = len(subject.encoded.visible_words)
    return np.concatenate([np.zeros((1, words), dtype=bool), ~np.eye(words, dtype=bool)])


def _attribution(subject: Subject, worth: np.ndarray, unit: Unit) -> Attribution:
    scores = np.zeros(len(subject.encoded.words))
    scores[list(subject.encoded.visible_words)] = subject.output(unit) - worth[1:]
    return Attribution(
        scores=scores, unit=unit, base_value=float(worth[0]), evaluations=1 + len(worth)
    )


METHOD = ExplanationMethod(
    "occlusion",
    "Leave one out",
    "How much less the model gives the chosen class when one word is masked and the others stay. "
    "Words that say the same hide each other.",
    OPTIONS,
    occlusion,
    black_box=True,
    texts_at_once=64,
    complete=False,
)
