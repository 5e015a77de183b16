"""Shapley values of the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.estimators.missing_words import MISSING_OPTIONS, Missing, Way
from lit_plugins.explain.estimators.shapley_sampling import SAMPLING_OPTIONS, Shapley, sample
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit
from lit_plugins.text.encoded import EncodedText

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

OPTIONS = (*SAMPLING_OPTIONS, output_option("probability"), *MISSING_OPTIONS)


def shapley(
    classifier: Predictor,
    subjects: Sequence[Subject],
    *,
    evaluations: int,
    tolerance: float,
    seed: int,
    interactions: bool,
    output: Unit,
    missing: Way,
    infill_model: str | MaskedLanguageModel,
) -> list[Attribution]:
    """Shapley values of each text: by enumeration or, for longer texts, from sampled coalitions.

    Coalitions are drawn in pairs and by size (`estimators.coalitions`). The players are the words
    that the model sees; special tokens are never missing. The masked texts of all subjects share
    batches.

    Args:
        classifier: the model.
        subjects: texts and classes.
        evaluations, tolerance, seed, interactions, output, missing, infill_model: see the options.
    """
    gone = Missing(missing, infill_model)

    def worths(picked: Sequence[int], coalitions: Sequence[np.ndarray]) -> list[np.ndarray]:
        asked = [subjects[index] for index in picked]
        return list(masked_values(classifier, asked, coalitions, output, gone))

    games = sample(
        [subject.output(output) for subject in subjects],
        [len(subject.encoded.visible_words) for subject in subjects],
        worths,
        evaluations=evaluations,
        tolerance=tolerance,
        seed=seed,
        interactions=interactions,
    )
    return [
        shapley_attribution(
            subject.encoded, subject.encoded.visible_words, game, output, evaluations
        )
        for subject, game in zip(subjects, games, strict=True)
    ]


def shapley_attribution(
    encoded: EncodedText, players: Sequence[int], game: Shapley, unit: Unit, evaluations: int
) -> Attribution:
    """Assigns the Shapley values of a game's players to the words of a text.

    Args:
        encoded: the text.
        players: the index of each player's word.
        game: the Shapley values.
        unit: the unit of the values.
        evaluations: the budget that the caller set.
    """
    scores, error = np.zeros((2, len(encoded.words)))
    scores[list(players)] = game.scores
    error[list(players)] = game.error
    note = (
        f"{len(players)} words need at least {game.wanted} evaluations, more than the limit of "
        f"{evaluations}."
        if game.wanted > evaluations
        else ""
    )
    return Attribution(
        scores=scores,
        unit=unit,
        base_value=game.base_value,
        evaluations=game.evaluations,
        error=error,
        note=note,
        interactions=game.interactions and game.interactions.among(players, len(scores)),
    )


METHOD = ExplanationMethod(
    "shapley",
    "SHAP",
    "Shapley values of the words: what each adds to the chosen class, on average over all orders "
    "of adding words. They add up to the output minus the output with all words missing.",
    OPTIONS,
    shapley,
    black_box=True,
)
