"""`check_counterfactual_method`: the contract of counterfactual methods."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from lit_plugins.counterfactual import (
    Counterfactual,
    CounterfactualMethod,
    counterfactuals,
    counterfactuals_each,
)
from lit_plugins.counterfactual.registry import check_declaration
from lit_plugins.evaluate.inputs import probabilities
from lit_plugins.models.predictor import Predictor
from lit_plugins.testing.claims import claim, claim_declared, claim_sentence, close
from lit_plugins.testing.texts import LONG_TEXT, ODD_TEXTS, TEXTS

_FEW = 40


def check_counterfactual_method(
    method: CounterfactualMethod,
    classifier: Predictor,
    texts: Sequence[str] = TEXTS,
    *,
    least: int = 1,
    tolerance: float = 1e-5,
    **options: Any,
) -> None:
    """Checks a counterfactual method on a model.

    Args:
        method: the method; it need not be registered.
        classifier: a model that the method can work on.
        texts: texts to change.
        least: least number of texts for which the method must find a counterfactual.
        tolerance: how much the probabilities of two runs may differ.
        options: the method's own options.

    Raises:
        AssertionError: the method violates the contract; one sentence says how.
    """
    claim_declared(check_declaration, method)
    for option in method.options:
        claim_sentence(option.help, f"The help of the option {option.name}")
    claim_sentence(method.help, f"The help of {method.name}")
    claim(method.suits(classifier), f"The method {method.name} does not suit this model.")
    before = probabilities(classifier, texts)
    outcomes = [counterfactuals(classifier, text, method, **options) for text in texts]
    for text, outcome in zip(texts, outcomes, strict=True):
        _check_outcome(method, classifier, text, outcome, tolerance)
    changed = sum(bool(outcome) for outcome in outcomes)
    claim(
        changed >= least,
        f"The method {method.name} finds counterfactuals of {changed} of these texts; give texts "
        f"such that it finds some of at least {least}.",
    )
    together = list(counterfactuals_each(classifier, texts[::-1], method, **options))[::-1]
    for text, alone, beside in zip(texts, outcomes, together, strict=True):
        claim(
            _told(alone) == _told(beside),
            f"The method {method.name} finds other changes of {text!r} beside other texts.",
        )
    _check_targets(method, classifier, texts, before, options)
    for text in ODD_TEXTS:
        outcome = counterfactuals(classifier, text, method, max_edits=2, **options)
        _check_outcome(method, classifier, text, outcome, tolerance)
    limits = {**options, "max_edits": 2, "limit": 2, "evaluations": _FEW}
    for made in counterfactuals(classifier, LONG_TEXT, method, **limits):
        claim(
            made.evaluations <= _FEW,
            f"The method {method.name} ran the model {made.evaluations} times; the limit was "
            f"{_FEW}.",
        )
    claim(
        list(counterfactuals_each(classifier, [], method, **options)) == [],
        f"The method {method.name} returns counterfactuals although there is no text.",
    )
    claim(
        np.array_equal(before, probabilities(classifier, texts)),
        f"The method {method.name} changes the model: it predicts differently afterwards.",
    )


def _check_targets(
    method: CounterfactualMethod,
    classifier: Predictor,
    texts: Sequence[str],
    before: np.ndarray,
    options: dict[str, Any],
) -> None:
    task = classifier.task
    for text, row in zip(texts, before, strict=True):
        for target in task.labels:
            outcome = counterfactuals(classifier, text, method, target, **options)
            claim(
                all(made.label_after == target for made in outcome),
                f"A counterfactual of {text!r} by {method.name} is not of the class {target!r}.",
            )
            claim(
                task.labels[int(task.predicted(row))] != target or not outcome,
                f"The method {method.name} changes {text!r}, which is of the class {target!r} "
                "already.",
            )


def _check_outcome(
    method: CounterfactualMethod,
    classifier: Predictor,
    text: str,
    outcome: Sequence[Counterfactual],
    tolerance: float,
) -> None:
    of = f"of {text!r} by {method.name}"
    task = classifier.task
    before, *after = probabilities(classifier, [text, *(made.new_text for made in outcome)])
    for made, row in zip(outcome, after, strict=True):
        claim(made.text == text, f"A counterfactual {of} is of {made.text!r}.")
        claim(made.new_text != text, f"A counterfactual {of} is the text itself.")
        labels = [task.labels[index] for index in task.predicted([before, row])]
        claim(
            made.flips and labels[0] != labels[1],
            f"A counterfactual {of} does not flip the prediction: {made.new_text!r}.",
        )
        claim(
            [made.label_before, made.label_after] == labels
            and close(made.before, before, tolerance)
            and close(made.after, row, tolerance),
            f"The predictions {of} are not those of the text and of {made.new_text!r}.",
        )
        claim(
            _rebuilt(made) == made.new_text,
            f"The edits {of} do not lead to {made.new_text!r}.",
        )
        claim(
            made.edit_size == sum(edit.size for edit in made.edits) and made.describe(),
            f"The size {of} is {made.edit_size}; give the sum of the sizes of its edits.",
        )
    claim(
        len({made.new_text for made in outcome}) == len(outcome),
        f"A counterfactual {of} occurs twice.",
    )
    for before_it, made in itertools.pairwise(outcome):
        claim(
            before_it.edit_size <= made.edit_size,
            f"A larger change {of} comes before a smaller one.",
        )


def _rebuilt(counterfactual: Counterfactual) -> str | None:
    """Makes the new text from the old one and the edits; None if the edits do not fit the old."""
    text, place = counterfactual.text, 0
    pieces: list[str] = []
    for edit in counterfactual.edits:
        if text[slice(*edit.old)] != edit.old_text:
            return None
        pieces += (text[place : edit.old[0]], edit.new_text)
        place = edit.old[1]
    return "".join([*pieces, text[place:]])


def _told(outcome: Sequence[Counterfactual]) -> list[tuple[str, int]]:
    return [(made.new_text, made.evaluations) for made in outcome]
