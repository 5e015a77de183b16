"""Why two models disagree on a text: the Shapley values of the difference of their outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values, values_of_tokens
from lit_plugins.explain.estimators.missing_words import MISSING_OPTIONS, Missing, Way
from lit_plugins.explain.estimators.shapley_sampling import SAMPLING_OPTIONS, sample
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.explain.methods.shapley import shapley_attribution
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.shared_labels import share_labels
from lit_plugins.models.task import Unit
from lit_plugins.options import OtherModel
from lit_plugins.text.encoded import EncodedText, trim

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

OPTIONS = (
    OtherModel("other", None, "The model whose output is subtracted from this model's."),
    *SAMPLING_OPTIONS,
    output_option("probability"),
    *MISSING_OPTIONS,
)


def difference(
    classifier: Predictor,
    subjects: Sequence[Subject],
    *,
    other: Predictor,
    evaluations: int,
    tolerance: float,
    seed: int,
    interactions: bool,
    output: Unit,
    missing: Way,
    infill_model: str | MaskedLanguageModel,
) -> list[Attribution]:
    """Shapley values of one model's output minus the other's.

    Shapley values are linear, so these are the first model's values minus the second's for the same
    words. Both models see the same masked texts, each with its own mask tokens. So effects that
    both share cancel out, and the standard errors are those of the difference.

    Args:
        classifier: the first model, whose words are explained. A token of the second model is
            missing if it shares characters with a missing word.
        subjects: texts and classes of the first model.
        other: the second model; the class with the same label is explained.
        evaluations, tolerance, seed, interactions, output, missing, infill_model: see the options;
            one evaluation runs both models.

    Raises:
        UserError: the second model has no class of that label.
    """
    gone = Missing(missing, infill_model)
    pairs = _with_second(classifier, other, subjects)
    shared = [_overlaps(one.encoded, two.encoded) for one, two in pairs]
    players = [
        sorted({*one.encoded.visible_words, *np.flatnonzero(table.any(0)).tolist()})
        for (one, _), table in zip(pairs, shared, strict=True)
    ]

    def worths(picked: Sequence[int], coalitions: Sequence[np.ndarray]) -> list[np.ndarray]:
        mine, yours = [], []
        for index, members in zip(picked, coalitions, strict=True):
            visible = np.searchsorted(players[index], pairs[index][0].encoded.visible_words)
            mine.append(members[:, visible])
            yours.append(~(~members @ shared[index][:, players[index]].T))
        ones, twos = zip(*(pairs[index] for index in picked), strict=True)
        first = masked_values(classifier, ones, mine, output, gone)
        second = values_of_tokens(other, twos, yours, output, gone)
        return [
            values - others[:, two.target]
            for values, others, two in zip(first, second, twos, strict=True)
        ]

    outputs = [one.output(output) - two.output(output) for one, two in pairs]
    games = sample(
        outputs,
        [len(words) for words in players],
        worths,
        evaluations=evaluations,
        tolerance=tolerance,
        seed=seed,
        interactions=interactions,
    )
    return [
        replace(
            shapley_attribution(subject.encoded, words, game, output, evaluations), output=explained
        )
        for subject, words, game, explained in zip(subjects, players, games, outputs, strict=True)
    ]


def _with_second(
    classifier: Predictor, other: Predictor, subjects: Sequence[Subject]
) -> list[tuple[Subject, Subject]]:
    """Pairs each subject with the same text and class for the second model."""
    written = [subject.encoded.text for subject in subjects]
    texts = other.encode(written)
    first, second = share_labels({"model": classifier, "other": other}).classifiers.values()
    targets = [second.task.target_index(first.task.labels[subject.target]) for subject in subjects]
    logits = other.logits([text.row for text in texts])
    return [
        (subject, Subject(text, target, row, other.task))
        for subject, text, target, row in zip(subjects, texts, targets, logits, strict=True)
    ]


def _overlaps(first: EncodedText, second: EncodedText) -> np.ndarray:
    """Finds the tokens of one encoding of a text that share characters with the words of another.

    Returns:
        bool [tokens of the second, words of the first]. Tokens of no word share none.
    """
    words = np.array(first.words, dtype=np.int64).reshape(-1, 2)
    tokens = np.array(
        [
            (0, 0) if span is None or word is None else trim(second.text, span)
            for span, word in zip(second.token_spans, second.token_words, strict=True)
        ]
    )
    starts = np.maximum.outer(tokens[:, 0], words[:, 0])
    return starts < np.minimum.outer(tokens[:, 1], words[:, 1])


METHOD = ExplanationMethod(
    "difference",
    "Difference of two models",
    "What makes two models disagree: the Shapley values of this model's output minus another's, "
    "for the same words. They are this model's Shapley values minus the other's.",
    OPTIONS,
    difference,
    black_box=True,
)
