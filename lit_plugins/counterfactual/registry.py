"""All methods by name, and the calls that run any of them."""

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
from lit_plugins.errors import UserError
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Target
from lit_plugins.options import Integer, check_declared, check_options
from lit_plugins.plugins import Registry, check_described
from lit_plugins.text.encoded import EncodedText

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
"""The options that every method takes beside its own."""


def check_declaration(method: CounterfactualMethod) -> None:
    """Refuses a method whose name, texts or options cannot be used.

    Raises:
        UserError: one sentence on what to change.
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


def counterfactuals(
    classifier: Predictor,
    text: str,
    method: str | CounterfactualMethod = "ablation",
    target: Target = None,
    **options: Any,
) -> list[Counterfactual]:
    """The smallest changes of a text that change what the model predicts.

    Args:
        classifier: the model.
        text: the text as written.
        method: a key of `METHODS`, or a method that need not be among them.
        target: the class that the model should predict instead: its label, its index, or None
            for any other than it predicts now.
        options: those in `SHARED` and the method's own, which `METHODS[method].options` lists.

    Returns:
        At most `limit` counterfactuals: the fewest words changed first and, of as many, the most
        fluent or, for a method without a language model, the most similar first. None where
        nothing within the options flips the prediction, or it is the target already.

    Raises:
        UserError: no such method, class or option, or a value out of bounds.
    """
    return next(counterfactuals_each(classifier, [text], method, target, **options))


def counterfactuals_each(
    classifier: Predictor,
    texts: Sequence[str],
    method: str | CounterfactualMethod = "ablation",
    target: Target = None,
    **options: Any,
) -> Iterator[list[Counterfactual]]:
    """As `counterfactuals`, of one text after the other, as they are ready.

    What is wrong with the arguments is said at once, before the first is asked for.
    """
    if isinstance(method, str) and method not in METHODS:
        raise UserError(f"The method {method!r} is not known; choose from {', '.join(METHODS)}.")
    chosen = METHODS[method] if isinstance(method, str) else method
    if not chosen.suits(classifier):
        suited = ", ".join(name for name, each in METHODS.items() if each.suits(classifier))
        raise UserError(
            f"The method {chosen.name!r} needs the gradients of a TextClassifier, which this model "
            f"does not have; choose from {suited}."
        )
    checked = check_options((*SHARED, *chosen.options), options)
    goal = None if target is None else classifier.task.target_index(target)
    encoded = classifier.encode(texts)

    def each() -> Iterator[list[Counterfactual]]:
        cases: deque[Case] = deque()
        searches = _searches(classifier, chosen, encoded, goal, checked, cases)
        for outcome in side_by_side(classifier, searches):
            made = _ranked(classifier, chosen, cases.popleft(), outcome, checked)
            yield made[: checked["limit"]]

    return each()


def _searches(
    classifier: Predictor,
    method: CounterfactualMethod,
    texts: Sequence[EncodedText],
    goal: int | None,
    options: Mapping[str, Any],
    cases: deque[Case],
) -> Iterator[Asking]:
    """A search a text, as they are wanted; their cases are put at the end of `cases`."""
    shared = {option.name: options[option.name] for option in SHARED}
    own = _own(method, options)
    for start in range(0, len(texts), _PROPOSED_AT_ONCE):
        some = texts[start : start + _PROPOSED_AT_ONCE]
        logits = classifier.logits([text.row for text in some])
        group = [
            Case(text, row, goal, classifier.task) for text, row in zip(some, logits, strict=True)
        ]
        proposals = iter(
            method.propose(classifier, [case for case in group if case.predicted != goal], **own)
        )
        for case in group:
            cases.append(case)
            yield search(
                case.encoded.text,
                [] if case.predicted == goal else next(proposals),
                case.margin,
                float(case.margin(case.logits[np.newaxis])[0]),
                **shared,
                flips_only=not method.keeps_all(**own),
            )


def _ranked(
    classifier: Predictor,
    method: CounterfactualMethod,
    case: Case,
    outcome: Search,
    options: Mapping[str, Any],
) -> list[Counterfactual]:
    by_text: dict[str, Found] = {}
    for each in sorted(outcome.found, key=_edit_size):
        by_text.setdefault(each.new_text, each)
    found = list(by_text.values())
    text = case.encoded.text
    alike = similarities(classifier, text, [each.new_text for each in found])
    fluent: Sequence[float | None] = [None] * len(found)
    if method.fluency is not None:
        edited = [(each.new_text, each.edits) for each in found]
        fluent = method.fluency(edited, **_own(method, options))
    task = case.task
    before = task.chances(case.logits)
    after = [task.chances(each.logits) for each in found]
    made = [
        Counterfactual(
            text=text,
            new_text=each.new_text,
            edits=each.edits,
            method=method.name,
            rule=", ".join(dict.fromkeys(edit.rule for edit in each.edits if edit.rule)),
            before=tuple(before.tolist()),
            after=tuple(chances.tolist()),
            label_before=task.labels[case.predicted],
            label_after=task.labels[int(task.predicted(each.logits))],
            probability_before=float(task.confidence(before)),
            probability_after=float(task.confidence(chances)),
            flips=each.flips,
            edit_size=_edit_size(each),
            similarity=similarity,
            fluency=fluency,
            evaluations=outcome.evaluations,
        )
        for each, chances, similarity, fluency in zip(found, after, alike, fluent, strict=True)
    ]
    return sorted(
        made,
        key=lambda one: (
            not one.flips,
            one.edit_size,
            -(one.fluency if one.fluency is not None else one.similarity or 0.0),
        ),
    )


def _own(method: CounterfactualMethod, options: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the options that the method itself declares."""
    return {option.name: options[option.name] for option in method.options}


def _edit_size(found: Found) -> int:
    return sum(edit.size for edit in found.edits)
