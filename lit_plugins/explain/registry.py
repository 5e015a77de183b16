"""All methods by name, and the one call that runs any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lit_plugins.classifier import Target, TextClassifier
from lit_plugins.errors import UserError
from lit_plugins.explain.attribution import Attribution, Subject
from lit_plugins.explain.explanation import Explanation
from lit_plugins.explain.integrated_gradients import (
    INTEGRATED_GRADIENTS_OPTIONS,
    integrated_gradients,
)
from lit_plugins.explain.shapley import SHAPLEY_OPTIONS, shapley
from lit_plugins.options import Option, check_options


@dataclass(frozen=True)
class Method:
    """One way to explain.

    Attributes:
        name: as it is asked for in Python and on the command line.
        title: as people read it.
        help: one or two sentences on what it does.
        options: what may be set.
        function: takes a classifier, subjects and every option by keyword; gives one
            `Attribution` a subject, in order.
        black_box: whether the model's outputs are all that it needs.
    """

    name: str
    title: str
    help: str
    options: tuple[Option, ...]
    function: Callable[..., Sequence[Attribution]]
    black_box: bool


METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Method(
            "shapley",
            "SHAP",
            "Shapley values of the words: what each adds to the chosen class on average over all "
            "ways to mask the other words. They add up to the output minus the output with all "
            "words masked.",
            SHAPLEY_OPTIONS,
            shapley,
            black_box=True,
        ),
        Method(
            "integrated_gradients",
            "Integrated gradients",
            "Gradients of the chosen class, averaged along the straight path from a text without "
            "words to the text, times the difference of the embeddings.",
            INTEGRATED_GRADIENTS_OPTIONS,
            integrated_gradients,
            black_box=False,
        ),
    )
}


def explain(
    classifier: TextClassifier,
    texts: Sequence[str],
    method: str = "shapley",
    target: Target | Sequence[Target] = None,
    **options: Any,
) -> list[Explanation]:
    """Explains what a classifier says of each text.

    Args:
        classifier: the model.
        texts: texts as written.
        method: a key of `METHODS`.
        target: the class to explain: its label, its index, or None for the class that the model
            predicts; or a sequence of those, one a text.
        options: the method's own; `METHODS[method].options` lists them.

    Returns:
        One explanation a text, in the order of `texts`.

    Raises:
        UserError: no such method, class or option, or a value out of bounds.
    """
    if method not in METHODS:
        raise UserError(f"The method {method!r} is not known; choose from {', '.join(METHODS)}.")
    chosen = METHODS[method]
    checked = check_options(chosen.options, options)
    encoded = classifier.encode(texts)
    targets = _targets(classifier, target, len(encoded))
    logits = classifier.logits([text.row for text in encoded])
    subjects = [
        Subject(text, int(row.argmax()) if index is None else index, row)
        for text, index, row in zip(encoded, targets, logits, strict=True)
    ]
    attributions = chosen.function(classifier, subjects, **checked)
    return [
        _explanation(classifier, chosen, subject, attribution)
        for subject, attribution in zip(subjects, attributions, strict=True)
    ]


def _targets(
    classifier: TextClassifier, target: Target | Sequence[Target], texts: int
) -> list[int | None]:
    if isinstance(target, Iterable) and not isinstance(target, str):
        each = list(target)
        if len(each) != texts:
            raise UserError(
                f"There are {len(each)} targets for {texts} texts; give one, or one a text."
            )
    else:
        each = [target] * texts
    return [None if one is None else classifier.target_index(one) for one in each]


def _explanation(
    classifier: TextClassifier, method: Method, subject: Subject, attribution: Attribution
) -> Explanation:
    encoded = subject.encoded
    output = subject.output(attribution.unit)
    by_token = attribution.token_scores
    handed_out = attribution.scores if by_token is None else by_token
    return Explanation(
        text=encoded.text,
        words=encoded.word_texts,
        offsets=encoded.words,
        scores=attribution.scores,
        target=subject.target,
        target_label=classifier.labels[subject.target],
        method=method.name,
        unit=attribution.unit,
        output=output,
        base_value=attribution.base_value,
        delta=float(output - attribution.base_value - handed_out.sum()),
        error=attribution.error,
        evaluations=attribution.evaluations,
        truncated=encoded.truncated,
        converged=attribution.converged,
        note=attribution.note,
        tokens=None if by_token is None else encoded.tokens,
        token_scores=by_token,
    )
