"""What every counterfactual method promises."""

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
    """Checks a counterfactual method on a model; it need not be registered.

    Args:
        method: the method.
        classifier: a model that the method suits.
        texts: what to change.
        least: of how many texts the method must find a counterfactual at least.
        tolerance: how far two runs' probabilities may differ.
        options: the method's own.

    Raises:
        AssertionError: one sentence on what does not hold.
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
    found = sum(bool(outcome) for outcome in outcomes)
    claim(
        found >= least,
        f"The method {method.name} finds a counterfactual of {found} of these texts; give texts "
        f"of at least {least} of which it finds one.",
    )
    together = list(counterfactuals_each(classifier, texts[::-1], method, **options))[::-1]
    for text, one, other in zip(texts, outcomes, together, strict=True):
        claim(
            _told(one) == _told(other),
            f"The method {method.name} finds other changes of {text!r} beside other texts.",
        )
    _check_targets(method, classifier, texts, before, options)
    for text in ODD_TEXTS:
        outcome = counterfactuals(classifier, text, method, max_edits=2, **options)
        _check_outcome(method, classifier, text, outcome, tolerance)
    limits = {**options, "max_edits": 2, "limit": 2, "evaluations": _FEW}
    for each in counterfactuals(classifier, LONG_TEXT, method, **limits):
        claim(
            each.evaluations <= _FEW,
            f"The method {method.name} ran the model {each.evaluations} times in place of {_FEW}.",
        )
    claim(
        list(counterfactuals_each(classifier, [], method, **options)) == [],
        f"The method {method.name} gives counterfactuals of no texts.",
    )
    claim(
        np.array_equal(before, probabilities(classifier, texts)),
        f"The method {method.name} leaves a model behind that predicts otherwise.",
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
                all(each.label_after == target for each in outcome),
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
    before, *after = probabilities(classifier, [text, *(each.new_text for each in outcome)])
    for each, row in zip(outcome, after, strict=True):
        claim(each.text == text, f"A counterfactual {of} is of {each.text!r}.")
        claim(each.new_text != text, f"A counterfactual {of} is the text itself.")
        labels = [task.labels[index] for index in task.predicted([before, row])]
        claim(
            each.flips and labels[0] != labels[1],
            f"A counterfactual {of} does not flip the prediction: {each.new_text!r}.",
        )
        claim(
            [each.label_before, each.label_after] == labels
            and close(each.before, before, tolerance)
            and close(each.after, row, tolerance),
            f"The predictions {of} are not those of the text and of {each.new_text!r}.",
        )
        claim(
            _rebuilt(each) == each.new_text,
            f"The edits {of} do not lead to {each.new_text!r}.",
        )
        claim(
            each.edit_size == sum(edit.size for edit in each.edits) and each.describe(),
            f"The size {of} is {each.edit_size}, and that of its edits is another.",
        )
    claim(
        len({each.new_text for each in outcome}) == len(outcome),
        f"A counterfactual {of} stands twice.",
    )
    for one, other in itertools.pairwise(outcome):
        claim(
            one.edit_size <= other.edit_size,
            f"A larger change {of} stands before a smaller one.",
        )


def _rebuilt(counterfactual: Counterfactual) -> str | None:
    """The new text, made of the old one and the edits; None where they do not fit the old one."""
    text, place = counterfactual.text, 0
    pieces: list[str] = []
    for edit in counterfactual.edits:
        if text[slice(*edit.old)] != edit.old_text:
            return None
        pieces += (text[place : edit.old[0]], edit.new_text)
        place = edit.old[1]
    return "".join([*pieces, text[place:]])


def _told(outcome: Sequence[Counterfactual]) -> list[tuple[str, int]]:
    return [(each.new_text, each.evaluations) for each in outcome]
