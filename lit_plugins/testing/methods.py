"""`check_method`: the contract of explanation methods."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

import numpy as np

from lit_plugins.explain import Explanation, ExplanationMethod, Predictor, explain
from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.missing_words import INFILL_MODEL, MISSING
from lit_plugins.explain.interactions import Interactions
from lit_plugins.explain.registry import check_declaration
from lit_plugins.testing.claims import claim, claim_declared, claim_sentence, close
from lit_plugins.testing.texts import LONG_TEXT, ODD_TEXTS, TEXTS
from lit_plugins.text.encoded import Row

_COMPLETE = 0.01
_LEAST_OUTPUT = 1e-3


def check_method(
    method: ExplanationMethod,
    classifier: Predictor,
    texts: Sequence[str] = (*TEXTS, *ODD_TEXTS),
    *,
    tolerance: float = 1e-5,
    **options: Any,
) -> None:
    """Checks an explanation method on a model.

    Args:
        method: the method; it need not be registered.
        classifier: a model that the method can explain.
        texts: texts to explain. The check adds a long one.
        tolerance: how much two runs may differ, as a share of the largest score but at least of 1.
            They differ because batches of other sizes round differently.
        options: the method's own options. Give those that have no default, and those that keep the
            check fast.

    Raises:
        AssertionError: the method violates the contract; one sentence says how.
    """
    claim_declared(check_declaration, method)
    for option in method.options:
        claim_sentence(option.help, f"The help of the option {option.name}")
    claim_sentence(method.help, f"The help of {method.name}")
    claim(method.suits(classifier), f"The method {method.name} does not suit this model.")
    check_explanations(method, classifier, texts, tolerance=tolerance, **options)
    _check_repeats(method, classifier, texts[:2], options)
    _check_targets(method, classifier, texts[0], tolerance, options)
    _check_form_values(method, classifier, texts[0], options)
    _check_missing(method, classifier, texts[0], tolerance, options)
    (long,) = explain(classifier, [LONG_TEXT], method, **options)
    _check_one(method, classifier, LONG_TEXT, long, tolerance, options)
    (pieces,) = explain(classifier, [texts[0]], method, pieces=True, **options)
    _check_one(method, classifier, texts[0], pieces, tolerance, options, pieces=True)
    claim(
        explain(classifier, [], method, **options) == [],
        f"The method {method.name} returns explanations although there is no text.",
    )


def check_explanations(
    method: ExplanationMethod,
    classifier: Predictor,
    texts: Sequence[str] = (*TEXTS, *ODD_TEXTS),
    *,
    tolerance: float = 1e-5,
    **options: Any,
) -> list[Explanation]:
    """Checks a method's explanations of texts: the part of `check_method` to run on many models.

    Scores must be finite, one per word, and add up if the method promises that. Neither the order
    of the texts nor the other texts may matter.

    Args:
        method, classifier, texts, tolerance, options: as in `check_method`.

    Returns:
        The explanations, in the order of `texts`.

    Raises:
        AssertionError: the method violates the contract; one sentence says how.
    """
    explanations = explain(classifier, texts, method, **options)
    for text, explanation in zip(texts, explanations, strict=True):
        _check_one(method, classifier, text, explanation, tolerance, options)
    backwards = explain(classifier, texts[::-1], method, **options)[::-1]
    alone = [explain(classifier, [text], method, **options)[0] for text in texts[:2]]
    for others, change in ((backwards, "in another order"), (alone, "alone")):
        for explanation, other in zip(explanations, others, strict=False):
            claim(
                same(explanation, other, tolerance),
                f"The method {method.name} explains {explanation.text!r} differently {change}.",
            )
    return explanations


def same(one: Explanation, other: Explanation, tolerance: float = 1e-5) -> bool:
    """Whether two explanations of a text are equal up to rounding."""
    scale = max(1.0, float(np.abs(one.scores).max(initial=0.0)))
    return (
        one.target == other.target
        and close(one.scores, other.scores, tolerance)
        and close(one.output, other.output, tolerance * scale)
        and close(one.base_value, other.base_value, tolerance * scale)
    )


def _check_one(
    method: ExplanationMethod,
    classifier: Predictor,
    text: str,
    explanation: Explanation,
    tolerance: float,
    options: dict[str, Any],
    pieces: bool = False,
) -> None:
    of = f"of {text[:60]!r} by {method.name}"
    claim(explanation.text == text, f"The explanation {of} is of {explanation.text[:60]!r}.")
    (encoded,) = classifier.encode([text])
    encoded = encoded.in_pieces() if pieces else encoded
    scores, error = explanation.scores, explanation.error
    shape = (len(encoded.words),)
    claim(scores.shape == shape, f"The scores {of} are {scores.shape}; give {shape}.")
    claim(np.isfinite(scores).all(), f"A score {of} is not a finite number.")
    claim(method.signed or (scores >= 0).all(), f"A score {of} is negative, but `signed` is False.")
    unseen = [place for place in range(len(scores)) if place not in set(encoded.visible_words)]
    claim(not scores[unseen].any(), f"A word that the model does not see has a score {of}.")
    if error is not None:
        claim(error.shape == shape, f"The errors {of} are {error.shape}; give {shape}.")
        claim((error >= 0).all(), f"An error {of} is negative or not a number.")
        claim(not error[unseen].any(), f"A word that the model does not see has an error {of}.")
    if explanation.token_scores is not None:
        tokens = (len(encoded.tokens),)
        claim(
            explanation.token_scores.shape == tokens,
            f"The token scores {of} are {explanation.token_scores.shape}; give {tokens}.",
        )
    if explanation.interactions is not None:
        _check_interactions(explanation.interactions, len(scores), unseen, of)
    claim(explanation.evaluations >= 1, f"The evaluations {of} are {explanation.evaluations}.")
    claim(
        explanation.converged or explanation.note,
        f"The method missed its tolerance {of} and has no note that says so.",
    )
    if not method.compares:
        (logits,) = classifier.logits([encoded.row])
        output = Subject(encoded, explanation.target, logits, classifier.task).output(
            explanation.unit
        )
        claim(
            close(explanation.output, output, tolerance),
            f"The output {of} is {explanation.output}, and the model's own is {output}.",
        )
    if method.complete:
        size = abs(explanation.output - explanation.base_value)
        missed = abs(explanation.delta) / max(size, _LEAST_OUTPUT)
        claim(
            explanation.converged == (missed <= _COMPLETE),
            f"The scores {of} miss output - base_value by {missed:.2%}, and `converged` is "
            f"{explanation.converged}.",
        )
    json.dumps(explanation.to_dict(), allow_nan=False)


def _check_interactions(
    interactions: Interactions, words: int, unseen: Sequence[int], of: str
) -> None:
    values, error = interactions.values, interactions.error
    shape = (words, words)
    for name, matrix in (("interactions", values), ("errors of the interactions", error)):
        claim(matrix.shape == shape, f"The {name} {of} are {matrix.shape}; give {shape}.")
        claim(np.isfinite(matrix).all(), f"One of the {name} {of} is not a finite number.")
        claim(np.array_equal(matrix, matrix.T), f"The {name} {of} are not symmetric.")
        claim(not np.diagonal(matrix).any(), f"A word has {name} with itself {of}.")
        claim(not matrix[unseen].any(), f"A word that the model does not see has {name} {of}.")
    claim((error >= 0).all(), f"An error of the interactions {of} is negative.")


def _check_repeats(
    method: ExplanationMethod, classifier: Predictor, texts: Sequence[str], options: dict[str, Any]
) -> None:
    row = [text.row for text in classifier.encode(texts)]
    before = classifier.logits(row)
    runs = []
    for seed in (1, 2):
        _seed_all(seed)
        runs.append(explain(classifier, texts, method, **options))
    for one, other in zip(*runs, strict=True):
        claim(
            np.array_equal(one.scores, other.scores),
            f"The method {method.name} gives other scores when it is called again; draw random "
            "numbers from numpy.random.default_rng(seed), with `seed` an option.",
        )
    claim(
        np.array_equal(before, classifier.logits(row)),
        f"The method {method.name} changes the model: it predicts differently afterwards.",
    )


def _seed_all(seed: int) -> None:
    import torch  # takes long to load

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def _check_targets(
    method: ExplanationMethod,
    classifier: Predictor,
    text: str,
    tolerance: float,
    options: dict[str, Any],
) -> None:
    labels = classifier.task.labels
    together = explain(classifier, [text] * len(labels), method, labels, **options)
    for index, (label, explanation) in enumerate(zip(labels, together, strict=True)):
        (by_label,) = explain(classifier, [text], method, label, **options)
        claim(
            same(explanation, by_label, tolerance) and by_label.target == index,
            f"The method {method.name} explains the class {label!r} differently beside other "
            "classes of the same text.",
        )
        _check_one(method, classifier, text, explanation, tolerance, options)


def _check_missing(
    method: ExplanationMethod,
    classifier: Predictor,
    text: str,
    tolerance: float,
    options: dict[str, Any],
) -> None:
    """Checks all that may stand for a missing word without a model, which takes long to load."""
    if not method.masks:
        recorder = _Recorder(classifier)
        explain(recorder, [text], method, **options)
        claim(
            not any(classifier.mask_id in row.input_ids for row in recorder.rows_run),
            f"The method {method.name} masks words and has no option `missing`; add "
            "`MISSING_OPTIONS` to its options.",
        )
    ways = [way for way in MISSING.choices if not INFILL_MODEL.needed({MISSING.name: way})]
    for way in ways if method.masks else ():
        (found,) = explain(classifier, [text], method, **{**options, MISSING.name: way})
        _check_one(method, classifier, text, found, tolerance, options)


class _Recorder:
    """A classifier that keeps the rows of which its logits are asked."""

    def __init__(self, classifier: Predictor):
        self._classifier = classifier
        self.rows_run: list[Row] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._classifier, name)

    def logits(self, rows: Sequence[Row], **options: Any) -> np.ndarray:
        self.rows_run += rows
        return self._classifier.logits(rows, **options)


def _check_form_values(
    method: ExplanationMethod, classifier: Predictor, text: str, options: dict[str, Any]
) -> None:
    """Checks that options have the same effect as values and as the texts of forms and flags."""
    defaults = {
        option.name: option.default for option in method.options if option.default is not None
    }
    plain = {name: value for name, value in options.items() if name not in defaults}
    values = {**defaults, **{name: options[name] for name in options if name in defaults}}
    written = {name: str(value) for name, value in values.items() if _is_plain(value)}
    (one,) = explain(classifier, [text], method, **{**values, **plain})
    (other,) = explain(classifier, [text], method, **{**values, **plain, **written})
    claim(
        np.array_equal(one.scores, other.scores),
        f"The method {method.name} gives other scores if its options are written as text.",
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, (bool, int, float, str))
