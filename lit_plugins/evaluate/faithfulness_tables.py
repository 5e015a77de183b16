"""Tables of faithfulness: models and explanation methods, on a sample of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.data import Cell, TextTable
from lit_plugins.evaluate.faithfulness import SEARCH, Faithfulness, measure
from lit_plugins.evaluate.inputs import Classifiers, Table, models, slices, table_of
from lit_plugins.evaluate.sampling import SAMPLE, sampled
from lit_plugins.evaluate.scoring import choose_methods, scores_by_method
from lit_plugins.evaluate.tables import Parts, frame, mean, slice_cell
from lit_plugins.explain.estimators.missing_words import INFILL_MODEL, MISSING, Missing, Way
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

    from lit_plugins.models import MaskedLanguageModel

_SHARES = np.linspace(0, 1, 11)


def faithfulness(
    classifiers: Classifiers,
    table: Table,
    methods: Sequence[str] | None = None,
    *,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    search: int = SEARCH,
    missing: Way = MISSING.default,
    infill_model: str | MaskedLanguageModel = INFILL_MODEL.default,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how faithful each method's explanations of the predicted class are.

    Args:
        classifiers: one model, or several by name.
        table: texts; no gold labels are needed.
        methods: keys of `METHODS`, or "random" for words in a random order, which a method should
            beat; None for "random" and all methods that suit the model. A method that does not
            suit a model has a row without numbers.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to judge; None for all.
        seed: the seed that draws the sample and the random order.
        search: see `measure`; 0 leaves out the normalised values.
        missing: what stands for a missing word, both in the methods that mask words and in the
            texts that judge them.
        infill_model: the masked language model of `missing="infill"`, or its name.
        progress: called with (texts done, texts in all); each text counts once for each method.

    Returns:
        A row for each model, method and slice: `missing`, as given; `n`, the texts that were
        judged; `of`, all texts of the slice; means of `comprehensiveness`, `sufficiency`,
        `normalised_comprehensiveness`, `normalised_sufficiency`, `deletion` and `insertion`
        (areas), see `Faithfulness`; and `normalised`, the texts that have normalised
        values. Texts without words are not judged.

    Raises:
        UserError: a method or slice does not exist, or a number is out of range.
    """
    rows = []
    table = table_of(table)
    groups = slices(table, by)
    gone = Missing(missing, infill_model)
    for run in _runs(classifiers, table, groups, methods, sample, seed, search, gone, progress):
        for value, places in groups.items():
            judged = [run.judged[place] for place in run.drawn[value] if place in run.judged]
            known = [text for text in judged if text.words]
            normalised = [text.normalised_comprehensiveness for text in known]
            rows.append(
                {
                    "model": run.model,
                    "method": run.method,
                    "missing": missing,
                    **slice_cell(by, value),
                    "n": len(known),
                    "of": len(places),
                    "comprehensiveness": mean([text.comprehensiveness for text in known]),
                    "sufficiency": mean([text.sufficiency for text in known]),
                    "normalised_comprehensiveness": mean(normalised),
                    "normalised_sufficiency": mean([text.normalised_sufficiency for text in known]),
                    "normalised": int(np.isfinite(normalised).sum()),
                    "deletion": mean([text.deletion_area for text in known]),
                    "insertion": mean([text.insertion_area for text in known]),
                }
            )
    return frame(rows)


def faithfulness_curves(
    classifiers: Classifiers,
    table: Table,
    methods: Sequence[str] | None = None,
    *,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    missing: Way = MISSING.default,
    infill_model: str | MaskedLanguageModel = INFILL_MODEL.default,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of mean deletion and insertion curves.

    Args:
        classifiers, table, methods, by, sample, seed, missing, infill_model, progress: as in
            `faithfulness`.

    Returns:
        A row for each model, method, slice and `share` of the words (0, 0.1, … 1): `missing`, as
        given; `n`, the number of texts, and the means of the target's probability with that share
        masked (`deletion`) or kept (`insertion`). Between whole numbers of words, the curves are
        interpolated linearly.

    Raises:
        UserError: see `faithfulness`.
    """
    rows = []
    table = table_of(table)
    groups = slices(table, by)
    gone = Missing(missing, infill_model)
    for run in _runs(classifiers, table, groups, methods, sample, seed, 0, gone, progress):
        for value in groups:
            judged = [run.judged[place] for place in run.drawn[value] if place in run.judged]
            known = [text for text in judged if text.words]
            deletion = [np.interp(_SHARES, *text.deletion.T) for text in known]
            insertion = [np.interp(_SHARES, *text.insertion.T) for text in known]
            rows += [
                {
                    "model": run.model,
                    "method": run.method,
                    "missing": missing,
                    **slice_cell(by, value),
                    "share": share,
                    "n": len(known),
                    "deletion": mean([curve[point] for curve in deletion]),
                    "insertion": mean([curve[point] for curve in insertion]),
                }
                for point, share in enumerate(_SHARES.round(1).tolist())
            ]
    return frame(rows)


@dataclass(frozen=True)
class _Run:
    """The values of one model and method.

    Attributes:
        model, method: names.
        judged: the faithfulness of each judged text, by the text's index in the table.
        drawn: the indices of the texts drawn from each slice.
    """

    model: str
    method: str
    judged: Mapping[int, Faithfulness]
    drawn: Mapping[Cell, Sequence[int]]


def _runs(
    classifiers: Classifiers,
    table: TextTable,
    groups: Mapping[Cell, Sequence[int]],
    methods: Sequence[str] | None,
    sample: int | None,
    seed: int,
    search: int,
    missing: Missing,
    progress: Progress | None,
) -> list[_Run]:
    chosen = {name: choose_methods(each, methods) for name, each in models(classifiers).items()}
    drawn = sampled(table.texts, groups, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    texts = [table.texts[place] for place in places]
    parts = Parts(progress, sum((1 + sum(suit.values())) * len(places) for suit in chosen.values()))
    runs = []
    for name, classifier in models(classifiers).items():
        suiting = [method for method, suits in chosen[name].items() if suits]
        scores = scores_by_method(
            classifier, texts, suiting, seed=seed, missing=missing, parts=parts
        )
        measured = measure(
            classifier,
            texts,
            scores,
            search=search,
            missing=missing,
            progress=parts.next(len(texts)),
        )
        for method in chosen[name]:
            judged = dict(zip(places, measured.by_method.get(method, []), strict=False))
            runs.append(_Run(name, method, judged, drawn))
    return runs
