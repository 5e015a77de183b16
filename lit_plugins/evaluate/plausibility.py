"""Plausibility: whether an explanation ranks the words first that people marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lit_plugins.data import TextTable
from lit_plugins.data.columns import RATIONALE
from lit_plugins.errors import UserError
from lit_plugins.evaluate.faithfulness import subjects_of
from lit_plugins.evaluate.inputs import Classifiers, Table, labelled_models, slices, table_of
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
    """Measures how well scores find a rationale, as in ERASER (DeYoung et al., 2020); 1 is best.

    Args:
        scores: float [words].
        rationale: float [words]; the words above 0 form the rationale. A treebank's scores from
            -2 to 2 thus mark the words that speak for the positive class.

    Returns:
        `auprc`: the area under the precision-recall curve, computed as average precision.
        `token_f1`: the F1 of the k words with the largest scores, where k is the number of words
        in the rationale; with k words, F1, precision and recall are equal. Words with equal scores
        keep their order in the text. Both are nan if the rationale has no word or every word.
    """
    marked = np.asarray(rationale) > 0
    if not 0 < marked.sum() < len(marked):
        return {"auprc": float("nan"), "token_f1": float("nan")}
    from sklearn.metrics import average_precision_score  # slow to import

    first = np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")[: marked.sum()]
    return {
        "auprc": float(average_precision_score(marked, scores)),
        "token_f1": float(marked[first].mean()),
    }


def plausibility(
    classifiers: Classifiers,
    table: Table,
    methods: Sequence[str] | None = None,
    *,
    column: str = RATIONALE,
    by: str | None = None,
    sample: int | None = SAMPLE,
    seed: int = 0,
    progress: Progress | None = None,
) -> DataFrame:
    """A table of how well each method's explanations find human rationales.

    Each text is explained for its gold label, which is the class that people marked the words for,
    or for the predicted class if it has no gold label. Words that the model does not see are left
    out.

    Args:
        classifiers: one model, or several by name.
        table: texts with rationales, and gold labels if there are any.
        methods: as in `faithfulness`.
        column: the column of rationales, see `read_rationale`.
        by: what to slice by, see `slices`.
        sample: the most texts of a slice to judge; None for all.
        seed: the seed that draws the sample and the random order.
        progress: called with (texts done, texts in all); each text counts once for each method.

    Returns:
        A row for each model, method and slice: `n`, the texts that were judged; `of`, the texts
        whose rationale fits their words; `left_out`, the texts whose rationale does not; means of
        `auprc` and `token_f1`, see `plausibility_metrics`. A text is not judged if its rationale
        marks none or all of the words that the model sees.

    Raises:
        UserError: there is no such column, method or slice, no rationale fits, or labels are
            numbers that mean different classes to different models.
    """
    table = table_of(table)
    groups = slices(table, by)
    fitting, unfit = _fitting(table, column)
    usable = {
        value: [place for place in places if place in fitting] for value, places in groups.items()
    }
    named = labelled_models(classifiers, table)
    chosen = {name: choose_methods(model, methods) for name, model in named.items()}
    drawn = sampled(table.texts, usable, sample, seed)
    places = sorted({place for slice_places in drawn.values() for place in slice_places})
    parts = Parts(progress, sum(sum(suit.values()) for suit in chosen.values()) * len(places))
    rows = []
    for name, classifier in named.items():
        suiting = [method for method, suits in chosen[name].items() if suits]
        by_method = _judge(classifier, table, column, places, suiting, seed, parts)
        for method in chosen[name]:
            for value, slice_places in drawn.items():
                judged = (
                    [by_method[method][place] for place in slice_places]
                    if method in by_method
                    else []
                )
                known = [metrics for metrics in judged if not np.isnan(metrics["auprc"])]
                rows.append(
                    {
                        "model": name,
                        "method": method,
                        **slice_cell(by, value),
                        "n": len(known),
                        "of": len(usable[value]),
                        "left_out": len(unfit.intersection(groups[value])),
                        "auprc": mean([metrics["auprc"] for metrics in known]),
                        "token_f1": mean([metrics["token_f1"] for metrics in known]),
                    }
                )
    return frame(rows)


def _fitting(table: TextTable, column: str) -> tuple[set[int], set[int]]:
    """The indices of texts whose rationale fits, and of texts whose rationale does not.

    Texts with an empty cell have no rationale and are in neither set.
    """
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
    gold = classifier.task.gold_indices(table.labels)[places]
    targets = [
        subject.target if label == NO_LABEL else int(label)
        for subject, label in zip(subjects, gold, strict=True)
    ]
    scores = scores_by_method(classifier, texts, methods, targets, seed=seed, parts=parts)
    by_method: dict[str, dict[int, dict[str, float]]] = {method: {} for method in methods}
    for index, (place, subject) in enumerate(zip(places, subjects, strict=True)):
        encoded = subject.encoded
        seen = list(encoded.visible_words)
        marked = read_rationale(table.columns[column][place], encoded.text, encoded.words)[seen]
        for method in methods:
            by_method[method][place] = plausibility_metrics(scores[method][index][seen], marked)
    return by_method
