"""LIME (Ribeiro et al., 2016) for text: a linear model of the classifier's output near a text.

As in the authors' package:

- The number of masked words is drawn from 1 to all words, then the words themselves.
- A masked text has the weight sqrt(exp(-(d / width)^2)), where d is 100 times the cosine distance
  between its words and all words.
- A ridge regression with a penalty of 1 gives the scores.

Unlike the authors' package:

- By default each token of a missing word becomes a mask token. With `missing="left_out"` the word
  is left out, as there, but the tokens of the other words stay as they are.
- All words get a score, not only the ten largest.
- A masked text that is drawn twice is run once and counts twice.
- If all masked texts fit the budget, each counts as often as it would be drawn on average.
- Each score has a standard error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.estimators.missing_words import MISSING_OPTIONS, Missing, Way
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit
from lit_plugins.options import Integer, Number, seed_option

if TYPE_CHECKING:
    from lit_plugins.models import MaskedLanguageModel

OPTIONS = (
    Integer(
        "evaluations",
        500,
        "The most masked texts to run the model on; more of them make the standard errors smaller.",
        low=32,
        high=20000,
    ),
    Number(
        "kernel_width",
        25.0,
        "The width of the kernel that weights masked texts, in hundredths of a cosine distance; a "
        "larger one gives more weight to texts with many masked words.",
        low=1.0,
        high=1000.0,
    ),
    output_option("probability"),
    seed_option("Which masked texts are drawn where not all are."),
    *MISSING_OPTIONS,
)

_PENALTY = 1.0
_LEAST_FREEDOM = 0.05
"""Least value of 1 - leverage, so that a residual grows at most twentyfold."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Masked versions of a text.

    Attributes:
        keep: bool [versions, words], the words that each version keeps; the first keeps none.
        counts: float64 [versions], how often each version was drawn. The first has 0 if it is there
            for the base value only.
        all: whether these are all versions, so that nothing depends on chance.
    """

    keep: np.ndarray
    counts: np.ndarray
    all: bool


def lime(
    classifier: Predictor,
    subjects: Sequence[Subject],
    *,
    evaluations: int,
    kernel_width: float,
    output: Unit,
    seed: int,
    missing: Way,
    infill_model: str | MaskedLanguageModel,
) -> list[Attribution]:
    """LIME of each text.

    `base_value` is the model's value with all words missing. `delta` is the part of the output's
    difference from it that the linear model misses.

    Args:
        classifier: the model.
        subjects: texts and classes.
        evaluations: see the options.
        kernel_width: see the options.
        output: see the options.
        seed: see the options; a text's values do not depend on the other texts.
        missing, infill_model: see the options.
    """
    drawn = [
        draw_neighbours(
            len(subject.encoded.visible_words), evaluations - 2, np.random.default_rng(seed)
        )
        for subject in subjects
    ]
    keeps = (neighbours.keep for neighbours in drawn)
    gone = Missing(missing, infill_model)
    worths = masked_values(classifier, subjects, keeps, output, gone)
    attributions = []
    for subject, neighbours, worth in zip(subjects, drawn, worths, strict=True):
        visible = list(subject.encoded.visible_words)
        scores, error = np.zeros((2, len(subject.encoded.words)))
        scores[visible], error[visible] = fit(
            neighbours, worth, subject.output(output), kernel_width
        )
        attributions.append(
            Attribution(
                scores=scores,
                unit=output,
                base_value=float(worth[0]),
                evaluations=1 + len(worth),
                error=error,
            )
        )
    return attributions


def draw_neighbours(words: int, count: int, generator: np.random.Generator) -> Neighbours:
    """Draws masked versions of a text, with replacement.

    If there are at most `count` versions in all, it takes each of them, and counts it as often as
    it would be drawn on average.

    Args:
        words: number of words that can be masked.
        count: number of draws.
        generator: source of randomness.
    """
    if 2**words - 1 <= count:
        keep = (np.arange(max(2**words - 1, 1))[:, np.newaxis] >> np.arange(words)) & 1 > 0
        masked = words - keep.sum(1)
        counts = np.array([count / (words * comb(words, size)) if size else 0.0 for size in masked])
        return Neighbours(keep, counts, all=True)
    order = generator.permuted(np.tile(np.arange(words), (count, 1)), axis=1)
    drawn = order >= generator.integers(1, words + 1, size=(count, 1))
    none = np.zeros((1, words), dtype=bool)
    keep, counts = np.unique(np.concatenate([none, drawn]), axis=0, return_counts=True)
    counts = counts.astype(np.float64)
    counts[0] -= 1  # `none` was added, not drawn
    return Neighbours(keep, counts, all=False)


def fit(
    neighbours: Neighbours, worth: np.ndarray, output: float, kernel_width: float
) -> tuple[np.ndarray, np.ndarray]:
    """The slopes of the weighted ridge regression and their standard errors.

    The errors estimate how far the slopes of another draw of the same size would differ. They are
    heteroscedasticity-consistent (HC3; MacKinnon and White, 1985): each residual is divided by
    1 - leverage, which makes it the residual of a fit without its version.

    Args:
        neighbours: masked versions of a text; the text itself is added with a count of 1.
        worth: float64 [versions], the model's value of each version.
        output: the value of the text itself.
        kernel_width: as in the options.

    Returns:
        The slopes and the standard errors, each float64 [words].
    """
    words = neighbours.keep.shape[1]
    if words == 0:
        return np.zeros(0), np.zeros(0)
    keep = np.concatenate([neighbours.keep, np.ones((1, words), dtype=bool)])
    values = np.append(worth, output)
    counts = np.append(neighbours.counts, 1.0)
    # The cosine of a row of zeros and ones with the row of ones is the root of its share of ones.
    distance = 100 * (1 - np.sqrt(keep.sum(1) / words))
    near = np.exp(-0.5 * (distance / kernel_width) ** 2)
    weights = counts * near
    share = weights / weights.sum()
    features = keep - share @ keep
    centred = values - share @ values
    weighted = features * weights[:, np.newaxis]
    inverse = np.linalg.inv(features.T @ weighted + _PENALTY * np.eye(words))
    scores = inverse @ (weighted.T @ centred)
    if neighbours.all:
        return scores, np.zeros(words)
    influence = (features * near[:, np.newaxis]) @ inverse
    leverage = (influence * features).sum(1) + near / weights.sum()
    residuals = (centred - features @ scores) / np.maximum(1 - leverage, _LEAST_FREEDOM)
    drawn = np.append(neighbours.counts, 0.0)  # the text itself does not vary between draws
    return scores, np.sqrt((drawn * residuals**2) @ influence**2)


METHOD = ExplanationMethod(
    "lime",
    "LIME",
    "A linear model of the chosen class's output near the text, fitted to masked versions of it. "
    "Versions with fewer masked words have more weight.",
    OPTIONS,
    lime,
    black_box=True,
    complete=False,
)
