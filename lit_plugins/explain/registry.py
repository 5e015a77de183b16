"""The registry of explanation methods, and `explain`, which runs any of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from lit_plugins.data.in_memory import TableObject, texts_of
from lit_plugins.errors import UserError
from lit_plugins.explain.attribution import Attribution, Subject, UnitChoice
from lit_plugins.explain.estimators.missing_words import INFILL_MODEL, MISSING, Missing, Way
from lit_plugins.explain.explanation import Explanation
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.explain.methods import (
    attention_rollout,
    difference,
    gradient_shap,
    input_x_gradient,
    integrated_gradients,
    lime,
    occlusion,
    owen,
    shapley,
)
from lit_plugins.models.predictor import Predictor, has_network
from lit_plugins.models.task import Target, Task
from lit_plugins.options import Boolean, check_declared, check_options
from lit_plugins.plugins import Registry, check_described, record_named
from lit_plugins.text.given import Texts

if TYPE_CHECKING:
    from lit_plugins.runtime.batching import Progress

PIECES = Boolean(
    "pieces",
    False,
    "Whether to score each of the tokenizer's word pieces instead of each word.",
)
"""An option that every method takes in addition to its own."""


def check_declaration(method: ExplanationMethod) -> None:
    """Checks that a method's name, texts and options can be used.

    Raises:
        UserError: one of them cannot; the sentence says what to change.
    """
    check_described(method)
    check_declared(method.options, taken=(PIECES.name, "target", "top"))


METHODS: Registry[ExplanationMethod] = Registry(
    "lit_plugins.explanation_methods",
    "explanation method",
    ExplanationMethod,
    lambda: (
        shapley.METHOD,
        owen.METHOD,
        integrated_gradients.METHOD,
        gradient_shap.METHOD,
        input_x_gradient.METHOD,
        occlusion.METHOD,
        lime.METHOD,
        attention_rollout.METHOD,
        difference.METHOD,
    ),
    check=check_declaration,
)


def explain(
    classifier: Predictor,
    texts: Texts | TableObject,
    method: str | ExplanationMethod = "shapley",
    target: Target | Sequence[Target] = None,
    *,
    pieces: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> list[Explanation]:
    """Explains a classifier's output for each text.

    Args:
        classifier: the model.
        texts: texts as written: a list, a numpy array or a pandas Series; or a DataFrame or
            `datasets.Dataset`, of which the column of texts is taken.
        method: a key of `METHODS`, or a method itself, registered or not.
        target: the class to explain: its label, its index, or None for the class that the model
            predicts; or a sequence of those, one per text.
        pieces: whether each of the tokenizer's word pieces counts as a word.
        progress: called with (texts done, texts in all) after each text. An exception that it
            raises stops the work.
        options: the method's own options; `METHODS[method].options` lists them.

    Returns:
        One explanation per text, in the order of `texts`.

    Raises:
        UserError: the method, a class or an option is unknown, a value is out of bounds, or the
            method cannot explain this model.
    """
    texts = texts_of(texts)
    explanations = []
    for explanation in explain_each(classifier, texts, method, target, pieces=pieces, **options):
        explanations.append(explanation)
        if progress is not None:
            progress(len(explanations), len(texts))
    return explanations


def explain_each(
    classifier: Predictor,
    texts: Texts | TableObject,
    method: str | ExplanationMethod = "shapley",
    target: Target | Sequence[Target] = None,
    *,
    pieces: bool = False,
    **options: Any,
) -> Iterator[Explanation]:
    """Explains texts like `explain`, but yields each explanation as soon as it is ready.

    The arguments are checked in this call, before the first explanation is computed.
    """
    chosen = record_named(METHODS, method, "method") if isinstance(method, str) else method
    if not (chosen.black_box or has_network(classifier)):
        raise UserError(
            f"The method {chosen.name!r} looks inside the model, so it needs a TextClassifier; "
            f"choose from {', '.join(name for name, known in METHODS.items() if known.black_box)}."
        )
    checked = check_options((*chosen.options, PIECES), {**options, PIECES.name: pieces})
    in_pieces = checked.pop(PIECES.name)
    encoded = classifier.encode(texts_of(texts))
    task = classifier.task
    _check_unit(task, chosen, checked)
    targets = _targets(task, target, len(encoded))
    others = [checked[name] for name in chosen.compares]
    missing = _missing(chosen, checked, in_pieces)
    way = None if missing is None else missing.way_of(classifier)
    every = (classifier, *others)
    remarks = [
        *dict.fromkeys("" if missing is None else missing.note_on(model) for model in every),
        *map(_rounding, every),
    ]

    def explanations() -> Iterator[Explanation]:
        waiting = zip(encoded, targets, strict=True)
        while chunk := list(islice(waiting, chosen.texts_at_once)):
            parts = [text.in_pieces() if in_pieces else text for text, _ in chunk]
            logits = classifier.logits([text.row for text in parts])
            subjects = [
                Subject(text, int(task.predicted(row)) if index is None else index, row, task)
                for text, (_, index), row in zip(parts, chunk, logits, strict=True)
            ]
            attributions = chosen.function(classifier, subjects, **checked)
            for subject, attribution in zip(subjects, attributions, strict=True):
                notes = filter(None, [attribution.note, *remarks])
                noted = replace(attribution, note=" ".join(notes))
                yield _explanation(chosen, subject, noted, way)

    return explanations()


def _check_unit(task: Task, method: ExplanationMethod, options: Mapping[str, Any]) -> None:
    for option in method.options:
        if isinstance(option, UnitChoice) and options[option.name] not in task.units:
            raise UserError(
                f"The option {option.name} is {options[option.name]!r}, which is not a unit of "
                f"this model's outputs; choose from {', '.join(task.units)}."
            )


def _missing(
    method: ExplanationMethod, options: Mapping[str, Any], in_pieces: bool
) -> Missing | None:
    if not method.masks:
        return None
    missing = Missing(options[MISSING.name], options[INFILL_MODEL.name])
    if in_pieces and missing.way == "infill":
        raise UserError(
            "The option missing is 'infill', and the infill model writes whole words; leave out "
            "pieces, or choose mask_per_token, mask_per_word or left_out."
        )
    return missing


def _targets(task: Task, target: Target | Sequence[Target], texts: int) -> list[int | None]:
    if isinstance(target, Iterable) and not isinstance(target, str):
        wanted = list(target)
        if len(wanted) != texts:
            raise UserError(
                f"There are {len(wanted)} targets for {texts} texts; give one, or one per text."
            )
    else:
        wanted = [target] * texts
    return [None if name is None else task.target_index(name) for name in wanted]


def _explanation(
    method: ExplanationMethod, subject: Subject, attribution: Attribution, missing: Way | None
) -> Explanation:
    encoded = subject.encoded
    output = attribution.output
    if output is None:
        output = subject.output(attribution.unit)
    by_token = attribution.token_scores
    all_scores = attribution.scores if by_token is None else by_token
    return Explanation(
        text=encoded.text,
        words=encoded.word_texts,
        offsets=encoded.words,
        scores=attribution.scores,
        target=subject.target,
        target_label=subject.task.labels[subject.target],
        method=method.name,
        unit=attribution.unit,
        output=output,
        base_value=attribution.base_value,
        delta=float(output - attribution.base_value - all_scores.sum()),
        error=attribution.error,
        evaluations=attribution.evaluations,
        truncated=encoded.truncated,
        seen=encoded.seen,
        converged=attribution.converged,
        note=attribution.note,
        tokens=None if by_token is None else encoded.tokens,
        token_scores=by_token,
        missing=missing,
        groups=attribution.groups,
        interactions=attribution.interactions,
    )


def _rounding(classifier: Predictor) -> str:
    rounding = getattr(classifier, "rounding", None)
    if rounding is None:
        return ""
    name = getattr(classifier, "name", "this model")
    return f"Half precision changes the probabilities of {name} by up to {rounding:.1g}."
