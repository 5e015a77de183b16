"""Tables of faithfulness: models and explanation methods, on a sample of texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.data import Cell, TextTable
from lit_plugins.evaluate.faithfulness import SEARCH, Faithfulness, measure
from lit_plugins.evaluate.inputs import Classifiers, models, slices
from lit_plugins.evaluate.sampling import SAMPLE, sampled
from lit_plugins.evaluate.scoring import choose_methods, scores_by_method
from lit_plugins.evaluate.tables import Parts, frame, mean, slice_cell
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame

_SHARES = np.linspace(0, 1, 11)


def faithfulness(
    classifiers: Classifiers,
    table: TextTable,
    methods: Sequence[str] | None = None,
    *,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    search: int = SEARCH,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how faithful each method's explanations of the predicted class are.

    Args:
        classifiers: one model, or several by name.
        table: texts; no gold labels are needed.
        methods: keys of `METHODS`, or "random" for words in a random order, which a method should
            beat; None for all methods that suit the model, and that. A method that does not suit
            a model has a row without numbers.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to judge; None for all.
        seed: which texts those are, and the random order.
        search: see `measure`; 0 leaves the normalised values out.
        progress: called with (texts done, texts in all), a text counted once for each method.

    Returns:
        A row a model, method and slice: `n`, the texts that were judged, `of`, the texts there
        are; means of `comprehensiveness`, `sufficiency`, `normalised_comprehensiveness`,
        `normalised_sufficiency`, `deletion` and `insertion` (areas), see `Faithfulness`; and
        `normalised`, the texts that have normalised values. Texts without words are not judged.

    Raises:
        UserError: a method, a slice or a number is not there or wrong.
    """
    rows = []
    groups = slices(table, by)
    for run in _runs(classifiers, table, groups, methods, sample, seed, search, progress):
        for value, places in groups.items():
            judged = [run.found[at] for at in run.drawn[value] if at in run.found]
            known = [each for each in judged if each.words]
            normalised = [each.normalised_comprehensiveness for each in known]
            rows.append(
                {
                    "model": run.model,
                    "method": run.method,
                    **slice_cell(by, value),
                    "n": len(known),
                    "of": len(places),
                    "comprehensiveness": mean([each.comprehensiveness for each in known]),
                    "sufficiency": mean([each.sufficiency for each in known]),
                    "normalised_comprehensiveness": mean(normalised),
                    "normalised_sufficiency": mean([each.normalised_sufficiency for each in known]),
                    "normalised": int(np.isfinite(normalised).sum()),
                    "deletion": mean([each.deletion_area for each in known]),
                    "insertion": mean([each.insertion_area for each in known]),
                }
            )
    return frame(rows)


def faithfulness_curves(
    classifiers: Classifiers,
    table: TextTable,
    methods: Sequence[str] | None = None,
    *,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of mean deletion and insertion curves.

    Args:
        classifiers, table, methods, by, sample, seed, progress: as in `faithfulness`.

    Returns:
        A row a model, method, slice and `share` of the words (0, 0.1, … 1): `n` texts, and the
        means of the target's probability with that share masked (`deletion`) or kept
        (`insertion`), between two numbers of words on the line between.

    Raises:
        UserError: as `faithfulness`.
    """
    rows = []
    groups = slices(table, by)
    for run in _runs(classifiers, table, groups, methods, sample, seed, 0, progress):
        for value in groups:
            judged = [run.found[at] for at in run.drawn[value] if at in run.found]
            known = [each for each in judged if each.words]
            deletion = [np.interp(_SHARES, *each.deletion.T) for each in known]
            insertion = [np.interp(_SHARES, *each.insertion.T) for each in known]
            rows += [
                {
                    "model": run.model,
                    "method": run.method,
                    **slice_cell(by, value),
                    "share": share,
                    "n": len(known),
                    "deletion": mean([curve[at] for curve in deletion]),
                    "insertion": mean([curve[at] for curve in insertion]),
                }
                for at, share in enumerate(_SHARES.round(1).tolist())
            ]
    return frame(rows)


@dataclass(frozen=True)
class _Run:
    """One model's and method's values by place in the table, and which places each slice drew."""

    model: str
    method: str
    found: Mapping[int, Faithfulness]
    drawn: Mapping[Cell, Sequence[int]]


def _runs(
    classifiers: Classifiers,
    table: TextTable,
    groups: Mapping[Cell, Sequence[int]],
    methods: Sequence[str] | None,
    sample: int | None,
    seed: int,
    search: int,
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
        scores = scores_by_method(classifier, texts, suiting, seed=seed, parts=parts)
        measured = measure(
            classifier, texts, scores, search=search, progress=parts.next(len(texts))
        )
        for method in chosen[name]:
            found = dict(zip(places, measured.by_method.get(method, []), strict=False))
            runs.append(_Run(name, method, found, drawn))
    return runs
