"""Entry points for pyproject.toml: one explanation method, one rule and one metric."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lit_plugins.counterfactual import Change
from lit_plugins.counterfactual.rules import Rule
from lit_plugins.evaluate import Measure, Metric, Question
from lit_plugins.evaluate.inputs import probabilities, slices
from lit_plugins.evaluate.tables import frame, slice_cell
from lit_plugins.explain import ExplanationMethod, Predictor
from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.estimators.missing_words import MISSING_OPTIONS, Missing


def keep_one(classifier: Predictor, subjects: Sequence[Subject], **chosen: Any) -> list:
    """Scores each word by the rise of the output when all other words are missing."""
    output, missing = chosen["output"], Missing(chosen["missing"], chosen["infill_model"])
    counts = [len(subject.encoded.visible_words) for subject in subjects]
    keeps = [np.eye(count + 1, count, -1, dtype=bool) for count in counts]  # row 0: no word
    attributions = []
    outputs = masked_values(classifier, subjects, keeps, output, missing)
    for subject, (base_value, *alone) in zip(subjects, outputs, strict=True):
        scores = np.zeros(len(subject.encoded.words))
        scores[list(subject.encoded.visible_words)] = np.array(alone) - base_value
        runs = 2 + len(alone)  # also the whole text, and the text with no word
        attributions.append(
            Attribution(scores=scores, unit=output, base_value=base_value, evaluations=runs)
        )
    return attributions


METHOD = ExplanationMethod(
    "keep_one",
    "Keep one in",
    "How much one word alone adds to the chosen class, while all others are missing.",
    (output_option("probability"), *MISSING_OPTIONS),
    keep_one,
    black_box=True,
    complete=False,
)


def closing_stop(text: str) -> list[Change]:
    """Changes the full stop at the end to an exclamation mark."""
    end = len(text.rstrip())
    stops = text[:end].endswith(".") and not text[:end].endswith("..")
    return [Change((((end - 1, end), "!"),), "exclamation")] if stops else []


RULE = Rule(
    "exclamation",
    "Exclamation",
    "Replaces the full stop at the end by an exclamation mark.",
    "invariance",
    closing_stop,
)


def confidence(question: Question) -> Any:
    """Makes a row for each model and slice, with the mean probability of the predicted class."""
    rows = []
    for name, classifier in question.classifiers.items():
        likeliest = probabilities(classifier, question.table.texts).max(axis=1)
        for value, places in slices(question.table, question.by).items():
            row = {"model": name, **slice_cell(question.by, value), "n": len(places)}
            rows.append({**row, "mean_confidence": likeliest[places].mean()})
    return frame(rows)


MEASURES = (Measure("mean confidence", "The mean of the predicted class's probability."),)
METRIC = Metric(
    "confidence", "Confidence", "How sure the models are.", confidence, measures=MEASURES
)
