"""The registry of counterfactual methods, and the functions that run any of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lit_plugins.counterfactual.counterfactual import Counterfactual
from lit_plugins.counterfactual.method import Case, CounterfactualMethod
from lit_plugins.counterfactual.methods import ablation, hotflip, infill, lexical
from lit_plugins.counterfactual.search import Asking, Found, Search, search, side_by_side
from lit_plugins.counterfactual.similarity import similarities
from lit_plugins.data.in_memory import TableObject, texts_of
from lit_plugins.errors import UserError
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Target
from lit_plugins.options import Integer, check_declared, check_options
from lit_plugins.plugins import Registry, check_described, record_named
from lit_plugins.text.encoded import EncodedText
from lit_plugins.text.given import Texts

SHARED = (
    Integer("max_edits", 3, "The most edits in one counterfactual.", low=1, high=8),
    Integer("limit", 5, "The most counterfactuals of one text.", low=1, high=100),
    Integer(
        "evaluations",
        600,
        "The most changed texts that the model is run on for one text.",
        low=1,
        high=100_000,
    ),
)
"""Options that every method takes in addition to its own."""


def check_declaration(method: CounterfactualMethod) -> None:
    """Checks that a method's name, texts and options can be used.

    Raises:
        UserError: one of them cannot; the sentence says what to change.
    """
    check_described(method)
    check_declared(method.options, taken=["target", *(option.name for option in SHARED)])


METHODS: Registry[CounterfactualMethod] = Registry(
    "lit_plugins.counterfactual_methods",
    "counterfactual method",
    CounterfactualMethod,
    lambda: (ablation.METHOD, hotflip.METHOD, infill.METHOD, lexical.METHOD),
    check=check_declaration,
)

_PROPOSED_AT_ONCE = 16
"""Number of texts that a method proposes changes for in one call."""


def counterfactuals(
    classifier: Predictor,
    text: str,
    method: str | CounterfactualMethod = "ablation",
    target: Target = None,
    **options: Any,
) -> list[Counterfactual]:
    """Finds the smallest changes of a text that change the prediction.

    Args:
        classifier: the model.
        text: the text as written.
        method: a key of `METHODS`, or a method itself, registered or not.
        target: the class that the model should predict instead: its label, its index, or None
            for any other class.
        options: the options in `SHARED` and the method's own, which `METHODS[method].options`
            lists.

    Returns:
        At most `limit` counterfactuals, those with the fewest changed words first. Among those of
        equal size, the most fluent come first or, for a method without a language model, the most
        similar. The list is empty if no change within the options flips the prediction, or if the
        model predicts the target already.

    Raises:
        UserError: the method, the class or an option is unknown, a value is out of bounds, or the
            method cannot work on this model.
    """
    if not isinstance(text, str):
        raise UserError(
            f"counterfactuals takes one text, and {text!r:.60} is none; give several texts to "
            "lit_plugins.counterfactual.counterfactuals_each."
        )
    return next(counterfactuals_each(classifier, [text], method, target, **options))


def counterfactuals_each(
    classifier: Predictor,
    texts: Texts | TableObject,
    method: str | CounterfactualMethod = "ablation",
    target: Target = None,
    **options: Any,
) -> Iterator[list[Counterfactual]]:
    """Yields the `counterfactuals` of each text, in order, as soon as they are ready.

    `texts` may be whatever `explain` takes.

    The arguments are checked in this call, before the first text is changed.
    """
    chosen = record_named(METHODS, method, "method") if isinstance(method, str) else method
    if not chosen.suits(classifier):
        suited = ", ".join(name for name, known in METHODS.items() if known.suits(classifier))
        raise UserError(
            f"The method {chosen.name!r} needs the gradients of a TextClassifier, which this model "
            f"does not have; choose from {suited}."
        )
    checked = check_options((*SHARED, *chosen.options), options)
    goal = None if target is None else classifier.task.target_index(target)
    encoded = classifier.encode(texts_of(texts))

    def results() -> Iterator[list[Counterfactual]]:
        cases: deque[Case] = deque()
        searches = _searches(classifier, chosen, encoded, goal, checked, cases)
        for outcome in side_by_side(classifier, searches):
            ranked = _ranked(classifier, chosen, cases.popleft(), outcome, checked)
            yield ranked[: checked["limit"]]

    return results()


def _searches(
    classifier: Predictor,
    method: CounterfactualMethod,
    texts: Sequence[EncodedText],
    goal: int | None,
    options: Mapping[str, Any],
    cases: deque[Case],
) -> Iterator[Asking]:
    """Yields one search per text on demand, and appends its case to `cases`."""
    shared = {option.name: options[option.name] for option in SHARED}
    method_options = _method_options(method, options)
    for start in range(0, len(texts), _PROPOSED_AT_ONCE):
        chunk = texts[start : start + _PROPOSED_AT_ONCE]
        logits = classifier.logits([text.row for text in chunk])
        group = [
            Case(text, row, goal, classifier.task) for text, row in zip(chunk, logits, strict=True)
        ]
        undecided = [case for case in group if case.predicted != goal]
        proposals = iter(method.propose(classifier, undecided, **method_options))
        for case in group:
            cases.append(case)
            yield search(
                case.encoded.text,
                [] if case.predicted == goal else next(proposals),
                case.margin,
                float(case.margin(case.logits[np.newaxis])[0]),
                **shared,
                flips_only=not method.keeps_all(**method_options),
            )


def _ranked(
    classifier: Predictor,
    method: CounterfactualMethod,
    case: Case,
    outcome: Search,
    options: Mapping[str, Any],
) -> list[Counterfactual]:
    """One counterfactual per changed text, from the smallest set of edits; best first."""
    by_text: dict[str, Found] = {}
    for found in sorted(outcome.found, key=_edit_size):
        by_text.setdefault(found.new_text, found)
    smallest = list(by_text.values())
    text = case.encoded.text
    alike = similarities(classifier, text, [found.new_text for found in smallest])
    fluent: Sequence[float | None] = [None] * len(smallest)
    if method.fluency is not None:
        edited = [(found.new_text, found.edits) for found in smallest]
        fluent = method.fluency(edited, **_method_options(method, options))
    task = case.task
    before = task.chances(case.logits)
    after = [task.chances(found.logits) for found in smallest]
    unordered = [
        Counterfactual(
            text=text,
            new_text=found.new_text,
            edits=found.edits,
            method=method.name,
            rule=", ".join(dict.fromkeys(edit.rule for edit in found.edits if edit.rule)),
            before=tuple(before.tolist()),
            after=tuple(chances.tolist()),
            label_before=task.labels[case.predicted],
            label_after=task.labels[int(task.predicted(found.logits))],
            probability_before=float(task.confidence(before)),
            probability_after=float(task.confidence(chances)),
            flips=found.flips,
            edit_size=_edit_size(found),
            similarity=similarity,
            fluency=fluency,
            evaluations=outcome.evaluations,
        )
        for found, chances, similarity, fluency in zip(smallest, after, alike, fluent, strict=True)
    ]
    return sorted(
        unordered,
        key=lambda made: (
            not made.flips,
            made.edit_size,
            -(made.fluency if made.fluency is not None else made.similarity or 0.0),
        ),
    )


def _method_options(method: CounterfactualMethod, options: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the options that the method itself declares."""
    return {option.name: options[option.name] for option in method.options}


def _edit_size(found: Found) -> int:
    return sum(edit.size for edit in found.edits)
