"""Occlusion (Zeiler and Fergus, 2014; Li et al., 2016): one word missing at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.estimators.missing_words import MISSING_OPTIONS, Missing, Way
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

OPTIONS = (output_option("probability"), *MISSING_OPTIONS)


def occlusion(
    classifier: Predictor,
    subjects: Sequence[Subject],
    *,
    output: Unit,
    missing: Way,
    infill_model: str | MaskedLanguageModel,
) -> list[Attribution]:
    """How much the output falls when one word is missing and the others stay, for each word.

    `base_value` is the model's value with all words missing. `delta` is the effect of all words
    together minus the sum of their single effects.

    Args:
        classifier: the model.
        subjects: texts and classes.
        output, missing, infill_model: see the options.
    """
    gone = Missing(missing, infill_model)
    worths = masked_values(classifier, subjects, map(_keep, subjects), output, gone)
    return [
        _attribution(subject, worth, output)
        for subject, worth in zip(subjects, worths, strict=True)
    ]


def _keep(subject: Subject) -> np.ndarray:
    """The words to keep: first none, then all but one, for each word in turn."""
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
    "How much the chosen class's output falls when one word is missing and the others stay. Words "
    "with the same meaning hide each other's effect.",
    OPTIONS,
    occlusion,
    black_box=True,
    texts_at_once=64,
    complete=False,
)
