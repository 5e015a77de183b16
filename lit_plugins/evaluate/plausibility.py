"""Plausibility: whether an explanation puts first the words that people mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.data import TextTable
from lit_plugins.data.columns import RATIONALE
from lit_plugins.errors import UserError
from lit_plugins.evaluate.faithfulness import subjects_of
from lit_plugins.evaluate.inputs import Classifiers, labelled_models, slices
from lit_plugins.evaluate.rationales import read_rationale
from lit_plugins.evaluate.sampling import SAMPLE, sampled
from lit_plugins.evaluate.scoring import choose_methods, scores_by_method
from lit_plugins.evaluate.tables import Parts, frame, mean, slice_cell
from lit_plugins.models.predictor import Predictor
from lit_plugins.models.task import NO_LABEL
from lit_plugins.runtime.batching import Progress

if TYPE_CHECKING:
    from pandas import DataFrame


def plausibility_metrics(scores: np.ndarray, rationale: np.ndarray) -> dict[str, float]:
    """How well scores find a rationale, as ERASER (DeYoung et al., 2020) asks; 1 is best.

    Args:
        scores: float [words].
        rationale: float [words]; the words above 0 are the rationale, so that a treebank's scores
            of -2 to 2 mark the words that speak for the positive class.

    Returns:
        `auprc`: the area under the precision-recall curve, as average precision. `token_f1`: the
        F1 of the k words with the largest scores, k being the number of words in the rationale,
        which is their precision and recall too; words of equal scores come as they are read. Both
        are nan where no word or every word is in the rationale.
    """
    marked = np.asarray(rationale) > 0
    if not 0 < marked.sum() < len(marked):
        return {"auprc": float("nan"), "token_f1": float("nan")}
    from sklearn.metrics import average_precision_score  # takes long to load

    first = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")[: marked.sum()]
    return {
        "auprc": float(average_precision_score(marked, scores)),
        "token_f1": float(marked[first].mean()),
    }


def plausibility(
    classifiers: Classifiers,
    table: TextTable,
    methods: Sequence[str] | None = None,
    *,
    column: str = RATIONALE,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how well each method's explanations find human rationales.

    What is explained is the gold label, for which people marked the words, or the predicted class
    where there is none. Words that the model does not see are left out.

    Args:
        classifiers: one model, or several by name.
        table: texts with rationales, and gold labels if there are any.
        methods: as in `faithfulness`.
        column: the column of rationales, see `read_rationale`.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to judge; None for all.
        seed: which texts those are, and the random order.
        progress: called with (texts done, texts in all), a text counted once for each method.

    Returns:
        A row a model, method and slice: `n`, the texts that were judged; `of`, the texts with a
        rationale that fits; `left_out`, those whose rationale does not fit the words; means of
        `auprc` and `token_f1`, see `plausibility_metrics`. A text whose rationale is no word that
        the model sees, or every word, is not judged.

    Raises:
        UserError: there is no such column, method or slice, no rationale fits, or labels are
            numbers that mean different classes to different models.
    """
    groups = slices(table, by)
    fitting, unfit = _fitting(table, column)
    usable = {value: [at for at in places if at in fitting] for value, places in groups.items()}
    named = labelled_models(classifiers, table)
    chosen = {name: choose_methods(each, methods) for name, each in named.items()}
    drawn = sampled(table.texts, usable, sample, seed)
    places = sorted({place for some in drawn.values() for place in some})
    parts = Parts(progress, sum(sum(suit.values()) for suit in chosen.values()) * len(places))
    rows = []
    for name, classifier in named.items():
        suiting = [method for method, suits in chosen[name].items() if suits]
        found = _judge(classifier, table, column, places, suiting, seed, parts)
        for method in chosen[name]:
            for value, some in drawn.items():
                judged = [found[method][at] for at in some] if method in found else []
                known = [each for each in judged if not np.isnan(each["auprc"])]
                rows.append(
                    {
                        "model": name,
                        "method": method,
                        **slice_cell(by, value),
                        "n": len(known),
                        "of": len(usable[value]),
                        "left_out": len(unfit.intersection(groups[value])),
                        "auprc": mean([each["auprc"] for each in known]),
                        "token_f1": mean([each["token_f1"] for each in known]),
                    }
                )
    return frame(rows)


def _fitting(table: TextTable, column: str) -> tuple[set[int], set[int]]:
    """Places of texts whose rationale fits, and of those whose does not; empty cells are none."""
    if column not in table.columns:
        raise UserError(
            f"There is no column {column!r} of rationales; name one of "
            f"{', '.join(table.columns) or 'a table that has one'} with column."
        )
    fitting, unfit = set(), set()
    for place, (text, cell) in enumerate(zip(table.texts, table.columns[column], strict=True)):
        if cell == "":
            continue
        try:
            read_rationale(cell, text)
        except ValueError:
            unfit.add(place)
        else:
            fitting.add(place)
    if not fitting:
        raise UserError(
            f"No rationale of the column {column!r} fits its text; give a number for each "
            'white-space-separated word, such as "0 1 0".'
        )
    return fitting, unfit


def _judge(
    classifier: Predictor,
    table: TextTable,
    column: str,
    places: Sequence[int],
    methods: Sequence[str],
    seed: int,
    parts: Parts,
) -> Mapping[str, Mapping[int, dict[str, float]]]:
    texts = [table.texts[place] for place in places]
    subjects = subjects_of(classifier, texts)
    gold = classifier.task.gold_indices([table.labels[place] for place in places])
    targets = [
        subject.target if label == NO_LABEL else int(label)
        for subject, label in zip(subjects, gold, strict=True)
    ]
    scores = scores_by_method(classifier, texts, methods, targets, seed=seed, parts=parts)
    found: dict[str, dict[int, dict[str, float]]] = {method: {} for method in methods}
    for index, (place, subject) in enumerate(zip(places, subjects, strict=True)):
        encoded = subject.encoded
        seen = list(encoded.visible_words)
        marked = read_rationale(table.columns[column][place], encoded.text, encoded.words)[seen]
        for method in methods:
            found[method][place] = plausibility_metrics(scores[method][index][seen], marked)
    return found
