"""Agreement of explanation methods: where they disagree, trust none of them alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.errors import UserError
from lit_plugins.evaluate.inputs import Classifiers, Table, models, slices, table_of
from lit_plugins.evaluate.sampling import SAMPLE, sampled
from lit_plugins.evaluate.scoring import RANDOM, choose_methods, scores_by_method
from lit_plugins.evaluate.tables import Parts, frame, mean, slice_cell
from lit_plugins.explain import METHODS
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

TOP = 3
"""Default number of words with the largest scores that two methods are compared on."""


def rank_correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Kendall's tau-b of two methods' scores of the same words.

    1 for the same order, -1 for the opposite; ties count as neither. nan for fewer than two words,
    and where all scores of one method are equal.
    """
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    from scipy.stats import kendalltau  # slow to import

    return float(kendalltau(one, other).statistic)


def top_overlap(one: np.ndarray, other: np.ndarray, top: int = TOP) -> float:
    """The share of words that both methods have among the `top` words of largest absolute score.

    Krishna et al. (2022) call it feature agreement. nan for a text that has no more than `top`
    words. Words with equal absolute scores keep their order in the text.
    """
    if len(one) <= top:
        return float("nan")
    first, second = (
        set(np.argsort(-np.abs(scores), kind="stable")[:top].tolist()) for scores in (one, other)
    )
    return len(first & second) / top


def agree(
    first: str, second: str, one: np.ndarray, other: np.ndarray, top: int = TOP
) -> tuple[float, float]:
    """Rank correlation and top-word overlap of two methods' scores of one text.

    If either method's scores have no sign, both are ranked by absolute score.

    Args:
        first, second: the methods, as in `METHODS`, or "random".
        one, other: float [words], their scores of the words that the model sees.
        top: how many of the words with the largest absolute scores are compared.
    """
    overlap = top_overlap(one, other, top)
    if not (_signed(first) and _signed(second)):
        one, other = np.abs(one), np.abs(other)
    return rank_correlation(one, other), overlap


def agreement_cells(
    correlations: Sequence[float] | np.ndarray, overlaps: Sequence[float] | np.ndarray
) -> dict[str, float]:
    """The cells of a table's row on how far scores agree.

    Args:
        correlations: the rank correlation of each text's scores; nan if there is none.
        overlaps: the overlap of each text's top words, likewise.
    """
    return {
        "rank_correlation": mean(correlations),
        "ranked": int(np.isfinite(correlations).sum()),
        "top_overlap": mean(overlaps),
        "overlapped": int(np.isfinite(overlaps).sum()),
    }


def check_top(top: int) -> None:
    """Refuses a number of words below 1.

    Raises:
        UserError: `top` is such a number.
    """
    if top < 1:
        raise UserError(f"top is {top}; give a number of words of at least 1.")


def agreement(
    classifiers: Classifiers,
    table: Table,
    methods: Sequence[str] | None = None,
    *,
    top: int = TOP,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how far each pair of methods agrees on why the model predicts what it does.

    Scores are compared over the words that the model sees. If one method's scores have no sign,
    such as those of attention, both methods' words are ranked by absolute score.

    Args:
        classifiers: one model, or several by name.
        table: texts.
        methods: at least two, as in `faithfulness`; None for all that suit the model. A method
            that does not suit a model has no rows for it.
        top: how many of the words with the largest absolute scores are compared.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to explain; None for all.
        seed: the seed that draws the sample.
        progress: called with (texts done, texts in all); each text counts once for each method.

    Returns:
        A row for each model, pair of methods (`first`, `second`) and slice. `n` counts the texts
        that were explained and `of` all texts of the slice. `rank_correlation` is the mean of
        Kendall's tau-b, and `ranked` counts the texts that have one. `top_overlap` is the mean
        share of the `top` words in common, and `overlapped` counts the texts that have more than
        `top` words.

    Raises:
        UserError: there are fewer than two methods, or a method, a slice or a number is wrong.
    """
    check_top(top)
    if methods is not None and len(set(methods)) < 2:
        raise UserError("Agreement needs two methods; give at least two different ones.")
    table = table_of(table)
    groups = slices(table, by)
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    texts = [table.texts[place] for place in places]
    suiting = {}
    for name, classifier in models(classifiers).items():
        chosen = choose_methods(classifier, methods)
        wanted = [method for method, suits in chosen.items() if suits]
        suiting[name] = [method for method in wanted if methods is not None or method != RANDOM]
    parts = Parts(progress, sum(map(len, suiting.values())) * len(places))
    rows = []
    for name, classifier in models(classifiers).items():
        scores = scores_by_method(classifier, texts, suiting[name], seed=seed, parts=parts)
        seen = [list(text.visible_words) for text in classifier.encode(texts)]
        for first, second in combinations(suiting[name], 2):
            correlations, overlaps = {}, {}
            for index, place in enumerate(places):
                one, other = (scores[method][index][seen[index]] for method in (first, second))
                correlations[place], overlaps[place] = agree(first, second, one, other, top)
            for value, drawn_places in drawn.items():
                ranked = [correlations[place] for place in drawn_places]
                overlapped = [overlaps[place] for place in drawn_places]
                rows.append(
                    {
                        "model": name,
                        "first": first,
                        "second": second,
                        **slice_cell(by, value),
                        "n": len(drawn_places),
                        "of": len(groups[value]),
                        **agreement_cells(ranked, overlapped),
                    }
                )
    return frame(rows)


def _signed(method: str) -> bool:
    return method in METHODS and METHODS[method].signed
