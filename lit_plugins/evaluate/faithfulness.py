"""Faithfulness: whether the words that an explanation ranks first drive the model's prediction.

By default a mask stands for each token of a masked word; the option `missing` chooses otherwise.
Everything is measured on token ids: no text is decoded or tokenized again, except for the words
that an infill model writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lit_plugins.evaluate.aopc_limits import Limits, find_limits, masked_counts
from lit_plugins.evaluate.masked_play import Play, play
from lit_plugins.explain.attribution import Subject
from lit_plugins.explain.estimators.missing_words import Missing
from lit_plugins.models.predictor import Predictor
from lit_plugins.runtime.batching import Progress

_PERCENT = (1, 5, 10, 20, 50)
"""Shares of the words, in percent, over which comprehensiveness and sufficiency are averaged."""

_TEXTS_AT_ONCE = 16
"""Number of texts whose masked versions share batches of the model."""

SEARCH = 512
"""Default number of masked versions of each text that the search for its limits may run."""


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """One explanation of one text, judged by the model.

    Only words that the model sees count, ranked from the most supportive of the target to the
    least. All values refer to the target's probability; they are nan for a text without words.

    Attributes:
        words: number of words that can be masked.
        comprehensiveness: how far the probability falls when the top words are masked (DeYoung
            et al., 2020), mean over the top 1, 5, 10, 20 and 50 % of the words, rounded up;
            higher is better.
        sufficiency: how far the probability falls when only the top words are kept, mean over the
            same shares; lower is better.
        aopc: how far the probability falls on average when 1, 2, … all words are masked from the
            top (at 32 evenly spaced numbers of words for a longer text); higher is better.
        aopc_reversed: the same, masking from the bottom; lower is better.
        normalised_comprehensiveness: the position of `aopc` between the values of the worst order
            (0) and the best order (1) of this text's words for this model (Edin et al., 2025);
            nan where all orders have the same value, as with one word, or without limits.
        normalised_sufficiency: the same for `aopc_reversed`; lower is better.
        deletion: float64 [points, 2], the share of words masked from the top, and the probability
            at that share (Petsiuk et al., 2018).
        insertion: float64 [points, 2], the share of words kept from the top, and the probability
            at that share.
        limits: the least and greatest AOPC of any order, or None.
    """

    words: int
    comprehensiveness: float
    sufficiency: float
    aopc: float
    aopc_reversed: float
    normalised_comprehensiveness: float
    normalised_sufficiency: float
    deletion: np.ndarray
    insertion: np.ndarray
    limits: Limits | None

    @property
    def deletion_area(self) -> float:
        """The area under the deletion curve; lower is better."""
        return _area(self.deletion)

    @property
    def insertion_area(self) -> float:
        """The area under the insertion curve; higher is better."""
        return _area(self.insertion)


@dataclass(frozen=True, eq=False)
class Measured:
    """The result of `measure`.

    Attributes:
        by_method: for each method one `Faithfulness` for each text.
        evaluations: for each text, the number of different masked versions the model was run on.
    """

    by_method: Mapping[str, list[Faithfulness]]
    evaluations: tuple[int, ...]


def measure(
    classifier: Predictor,
    texts: Sequence[str],
    scores: Mapping[str, Sequence[np.ndarray]],
    targets: Sequence[int] | None = None,
    *,
    search: int = SEARCH,
    limits: Sequence[Limits | None] | None = None,
    missing: Missing | None = None,
    progress: Progress | None = None,
) -> Measured:
    """Judges several methods' explanations of the same texts.

    For each text the model runs on at most 74 masked versions for each method, most of which serve
    several measures, and on about `search` versions for the limits, which all methods share.

    Args:
        classifier: the model.
        texts: texts as written.
        scores: by method, for each text float [words], as in `Explanation.scores`. Words are
            ranked from the largest score down; equal scores keep the order of the text. Scores
            without a sign, such as those of attention, are ranked the same way.
        targets: index of the explained class of each text; None for the predicted classes.
        search: the budget for the limits, see `find_limits`; 0 to skip them.
        limits: known limits of each text, see `Faithfulness.limits`; None to search for them.
        missing: what stands for a masked word; None for a mask for each of its tokens.
        progress: called with (texts done, texts in all).
    """
    by_method: dict[str, list[Faithfulness]] = {method: [] for method in scores}
    evaluations: list[int] = []
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        here = range(start, min(start + _TEXTS_AT_ONCE, len(texts)))
        subjects = subjects_of(
            classifier,
            [texts[index] for index in here],
            None if targets is None else [targets[index] for index in here],
        )
        plays = [
            _judge(
                subject,
                {method: _order(subject, by_text[index]) for method, by_text in scores.items()},
                None if limits is None else limits[index],
                search,
            )
            for index, subject in zip(here, subjects, strict=True)
        ]
        results, run = play(classifier, subjects, plays, missing)
        for result in results:
            for method, judged in result.items():
                by_method[method].append(judged)
        evaluations += run
        if progress is not None:
            progress(here.stop, len(texts))
    return Measured(by_method, tuple(evaluations))


def subjects_of(
    classifier: Predictor, texts: Sequence[str], targets: Sequence[int] | None = None
) -> list[Subject]:
    """Encoded texts with the class to explain, which by default is the predicted class."""
    encoded = classifier.encode(texts)
    logits = classifier.logits([text.row for text in encoded])
    task = classifier.task
    chosen = task.predicted(logits).tolist() if targets is None else targets
    return [Subject(*parts, task) for parts in zip(encoded, chosen, logits, strict=True)]


def _order(subject: Subject, scores: np.ndarray) -> np.ndarray:
    """The ranking of the visible words, largest score first: int64 [visible words]."""
    if len(scores) != len(subject.encoded.words):
        raise ValueError(f"{len(scores)} scores for {len(subject.encoded.words)} words")
    visible = np.asarray(scores, dtype=np.float64)[list(subject.encoded.visible_words)]
    return np.argsort(-visible, kind="stable")


def _judge(
    subject: Subject, orders: Mapping[str, np.ndarray], limits: Limits | None, search: int
) -> Play[dict[str, Faithfulness]]:
    words = len(subject.encoded.visible_words)
    if not words:
        return dict.fromkeys(orders, _NOTHING)
    whole = subject.output(subject.task.shown)
    steps = masked_counts(words)
    shares = np.array([-(-percent * words // 100) for percent in _PERCENT])
    masked = np.unique([0, *steps, *shares])
    kept = np.unique([words, *(words - steps), *shares])
    values = yield np.concatenate(
        [
            rows
            for order in orders.values()
            for rows in (~_first(order, masked), _first(order, kept))
        ]
        or [np.zeros((0, words), dtype=bool)]
    )
    if limits is None and search > 0:
        limits = yield from find_limits(words, whole, search)
    judged = {}
    parts = np.split(values, len(orders)) if orders else []
    for method, part in zip(orders, parts, strict=True):
        deleted, inserted = np.split(part, [len(masked)])
        aopc = whole - deleted[np.searchsorted(masked, steps)].mean()
        reverse = whole - inserted[np.searchsorted(kept, words - steps)].mean()
        judged[method] = Faithfulness(
            words=words,
            comprehensiveness=whole - deleted[np.searchsorted(masked, shares)].mean(),
            sufficiency=whole - inserted[np.searchsorted(kept, shares)].mean(),
            aopc=aopc,
            aopc_reversed=reverse,
            normalised_comprehensiveness=np.nan if limits is None else limits.normalise(aopc),
            normalised_sufficiency=np.nan if limits is None else limits.normalise(reverse),
            deletion=np.stack([masked / words, deleted], axis=1),
            insertion=np.stack([kept / words, inserted], axis=1),
            limits=limits,
        )
    return judged


def _first(order: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Marks, for each count, that many words from the top of the order: bool [counts, words]."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank < counts[:, np.newaxis]


def _area(curve: np.ndarray) -> float:
    if not len(curve):
        return _NAN
    return float((np.diff(curve[:, 0]) * (curve[1:, 1] + curve[:-1, 1]) / 2).sum())


_NAN = float("nan")
_NO_CURVE = np.zeros((0, 2))
_NOTHING = Faithfulness(0, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NO_CURVE, _NO_CURVE, None)
