"""How far a method's ranking of words hangs on what stands for a missing word."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, get_args

import numpy as np

from lit_plugins.errors import UserError
from lit_plugins.evaluate.agreement import (
    TOP,
    agreement_cells,
    check_top,
    rank_correlation,
    top_overlap,
)
from lit_plugins.evaluate.inputs import Classifiers, Table, models, slices, table_of
from lit_plugins.evaluate.sampling import SAMPLE, sampled
from lit_plugins.evaluate.scoring import choose_methods, masking_methods, scores_by_method
from lit_plugins.evaluate.tables import Parts, frame, slice_cell
from lit_plugins.explain.estimators.missing_words import INFILL_MODEL, Missing, Way
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

    from lit_plugins.models import MaskedLanguageModel
    from lit_plugins.models.predictor import Predictor

WAYS: tuple[Way, ...] = get_args(Way)


def missing_words(
    classifiers: Classifiers,
    table: Table,
    methods: Sequence[str] | None = None,
    *,
    top: int = TOP,
    infill_model: str | MaskedLanguageModel = INFILL_MODEL.default,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how much each pair of stand-ins for missing words changes a method's scores.

    Each text is explained once for each value of the option `missing`, and otherwise with the
    method's defaults. Methods that sample draw the same coalitions each time; their standard errors
    are still part of the differences.

    Args:
        classifiers: one model, or several by name.
        table: texts.
        methods: keys of `METHODS`; None for all that mask words. Methods that mask none have no
            rows.
        top: how many of the words with the largest absolute scores are compared.
        infill_model: the masked language model of the value "infill", or its name.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to explain; None for all.
        seed: the seed that draws the sample.
        progress: called with (texts done, texts in all); each text counts once for each method and
            each of the four values.

    Returns:
        A row for each model, method, pair of values (`first`, `second`) and slice. `n`, `of`,
        `rank_correlation`, `ranked`, `top_overlap` and `overlapped` are as in `agreement`.
        `difference` is the median of |b - a| / |a|, with a and b a text's scores by the first and
        the second value, and Euclidean norms.

    Raises:
        UserError: no method masks words, or a method, a slice or a number is wrong.
    """
    check_top(top)
    table = table_of(table)
    groups = slices(table, by)
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    texts = [table.texts[place] for place in places]
    chosen = {name: _masking(each, methods) for name, each in models(classifiers).items()}
    steps = sum(map(len, chosen.values())) * len(WAYS) * len(places)
    parts = Parts(progress, steps)
    rows = []
    for name, classifier in models(classifiers).items():
        encoded = classifier.encode(texts)
        for method in chosen[name]:
            scores = {}
            for way in WAYS:
                missing = Missing(way, infill_model)
                found = scores_by_method(classifier, texts, [method], missing=missing, parts=parts)
                scores[way] = [
                    values[list(text.visible_words)]
                    for values, text in zip(found[method], encoded, strict=True)
                ]
            for first, second in combinations(WAYS, 2):
                compared = {
                    place: (
                        rank_correlation(one, other),
                        top_overlap(one, other, top),
                        _difference(one, other),
                    )
                    for place, one, other in zip(places, scores[first], scores[second], strict=True)
                }
                for value, of_slice in drawn.items():
                    here = np.array([compared[place] for place in of_slice]).reshape(-1, 3)
                    apart = here[np.isfinite(here[:, 2]), 2]
                    rows.append(
                        {
                            "model": name,
                            "method": method,
                            "first": first,
                            "second": second,
                            **slice_cell(by, value),
                            "n": len(of_slice),
                            "of": len(groups[value]),
                            **agreement_cells(here[:, 0], here[:, 1]),
                            "difference": float(np.median(apart)) if len(apart) else np.nan,
                        }
                    )
    return frame(rows)


def _masking(classifier: Predictor, methods: Sequence[str] | None) -> list[str]:
    masking = masking_methods()
    chosen = choose_methods(classifier, list(masking) if methods is None else methods)
    found = [method for method, suits in chosen.items() if suits and method in masking]
    if not found:
        raise UserError(
            f"No method of {', '.join(chosen)} masks words; choose from {', '.join(masking)}."
        )
    return found


def _difference(one: np.ndarray, other: np.ndarray) -> float:
    size = float(np.linalg.norm(one))
    return float(np.linalg.norm(other - one)) / size if size else float("nan")
