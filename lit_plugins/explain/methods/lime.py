"""LIME (Ribeiro et al., 2016) for text: a linear model of what the classifier says near a text.

As in the authors' package: how many words are masked is drawn from 1 to all of them, then which;
a masked text weighs sqrt(exp(-(d / width)^2)), where d is 100 times the cosine distance between
its words and all words; a ridge regression with a penalty of 1 gives the scores. Unlike there,
a missing word is the model's mask token in place of being taken out of the string; all words have
a score, not the ten largest; a masked text that is drawn twice is run once and counts twice; where
all masked texts fit the budget, each counts as often as it would be drawn on average; and each
score has a standard error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option
from lit_plugins.explain.estimators.masking import masked_values
from lit_plugins.explain.method import ExplanationMethod
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import Unit
from lit_plugins.options import Integer, Number, seed_option

OPTIONS = (
    Integer(
        "evaluations",
        500,
        "The most masked texts to run the model on; the more, the smaller the standard error.",
        low=32,
        high=20000,
    ),
    Number(
        "kernel_width",
        25.0,
        "How far from the text a masked text still counts, in hundredths of a cosine distance.",
        low=1.0,
        high=1000.0,
    ),
    output_option("probability"),
    seed_option("Which masked texts are drawn where not all are."),
)

_PENALTY = 1.0
_LEAST_FREEDOM = 0.05


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Some of the masked versions of a text.

    Attributes:
        keep: bool [versions, words], the words that are kept; none in the first version.
        counts: float64 [versions], how often each version was drawn; 0 for a first one that is
            there for the base value only.
        all: whether all versions are there, so that chance has no part in it.
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
) -> list[Attribution]:
    """LIME of each text.

    `base_value` is the model's value with all words masked, and `delta` what the linear model
    misses of the way from there to the output.

    Args:
        classifier: the model.
        subjects: texts and classes.
        evaluations: see the options.
        kernel_width: see the options.
        output: see the options.
        seed: see the options; a text's values do not depend on the texts beside it.
    """
    drawn = [
        draw_neighbours(
            len(subject.encoded.visible_words), evaluations - 2, np.random.default_rng(seed)
        )
        for subject in subjects
    ]
    found = masked_values(classifier, subjects, (each.keep for each in drawn), output)
    attributions = []
    for subject, neighbours, worth in zip(subjects, drawn, found, strict=True):
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
    """Draws so many masked versions of a text of so many words, with replacement.

    Where there are no more than that in all, it takes each once and counts it as often as it
    would be drawn on average.
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
    counts[0] -= 1  # the one that was put there
    return Neighbours(keep, counts, all=False)


def fit(
    neighbours: Neighbours, worth: np.ndarray, output: float, kernel_width: float
) -> tuple[np.ndarray, np.ndarray]:
    """The slopes of the weighted ridge regression and their standard errors.

    The errors come from the residuals, each as if its version had been left out (as in White's
    HC3): how far another draw of as many versions would be.

    Args:
        neighbours: masked versions of a text; the text itself joins them with a count of 1.
        worth: float64 [versions], the model's value of each.
        output: the value of the text itself.
        kernel_width: as in the options.

    Returns:
        Two arrays, float64 [words].
    """
    words = neighbours.keep.shape[1]
    if words == 0:
        return np.zeros(0), np.zeros(0)
    keep = np.concatenate([neighbours.keep, np.ones((1, words), dtype=bool)])
    values = np.append(worth, output)
    counts = np.append(neighbours.counts, 1.0)
    # Of 0/1 rows and the row of ones, the cosine is the root of the share of ones.
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
    drawn = np.append(neighbours.counts, 0.0)  # the text itself is in every draw
    return scores, np.sqrt((drawn * residuals**2) @ influence**2)


METHOD = ExplanationMethod(
    "lime",
    "LIME",
    "A linear model of the chosen class's output near the text, fitted to masked versions of it: "
    "the fewer words are masked, the more a version counts.",
    OPTIONS,
    lime,
    black_box=True,
    complete=False,
)
