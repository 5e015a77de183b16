"""Shapley values of the words, with the mask token in place of each missing word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lit_plugins.explain.attribution import Attribution, Subject, output_option, values
from lit_plugins.explain.coalitions import Pairs, draw_pairs, pairs_within, solve
from lit_plugins.explain.explanation import Unit
from lit_plugins.explain.method import Method, Predictor
from lit_plugins.options import Option
from lit_plugins.text import Row

OPTIONS = (
    Option(
        "evaluations",
        "integer",
        500,
        "The most masked texts to run the model on. All of them are, and the values exact, where "
        "2 to the number of words is no more; a long text gets at least 4 a word.",
        low=32,
        high=20000,
    ),
    output_option("probability"),
    Option("seed", "integer", 0, "Which masked texts are drawn where not all are.", low=0),
)

_CHUNK_TOKENS = 2**18


def shapley(
    classifier: Predictor,
    subjects: Sequence[Subject],
    *,
    evaluations: int,
    output: Unit,
    seed: int,
) -> list[Attribution]:
    """Shapley values by enumeration or, for longer texts, paired and stratified KernelSHAP.

    The players are the words that the model sees; special tokens are always there. The masked
    texts of many subjects share batches, and so many are held at once as do not depend on the
    number of subjects.

    Args:
        classifier: the model.
        subjects: texts and classes.
        evaluations: see the options.
        output: see the options.
        seed: see the options; a text's values do not depend on the texts beside it.
    """
    attributions: list[Attribution] = []
    waiting: list[tuple[Subject, Pairs]] = []
    tokens = 0
    for subject in subjects:
        players = len(subject.encoded.visible_words)
        count = pairs_within(players, evaluations)
        waiting.append((subject, draw_pairs(players, count, np.random.default_rng(seed))))
        tokens += 2 * (count + 1) * len(subject.encoded.row.input_ids)
        if tokens >= _CHUNK_TOKENS:
            attributions += _attribute(classifier, waiting, evaluations, output)
            waiting, tokens = [], 0
    return attributions + _attribute(classifier, waiting, evaluations, output)


def _attribute(
    classifier: Predictor,
    drawn: Sequence[tuple[Subject, Pairs]],
    evaluations: int,
    unit: Unit,
) -> list[Attribution]:
    rows = [_rows(subject, pairs, classifier.mask_id) for subject, pairs in drawn]
    logits = classifier.logits([row for each in rows for row in each])
    ends = np.cumsum([len(each) for each in rows], dtype=np.int64)
    return [
        _solved(subject, pairs, values(part, subject.target, unit), evaluations, unit)
        for (subject, pairs), part in zip(drawn, np.split(logits, ends)[:-1], strict=True)
    ]


def _rows(subject: Subject, pairs: Pairs, mask_id: int) -> list[Row]:
    """The text without words, then without the pairs' others, then without their members."""
    encoded = subject.encoded
    players = pairs.members.shape[1]
    coalitions = np.concatenate([np.zeros((1, players), bool), pairs.members, ~pairs.members])
    keep = np.zeros((len(coalitions), len(encoded.words)), dtype=bool)
    keep[:, encoded.visible_words] = coalitions
    return [encoded.masked(kept, mask_id) for kept in keep]


def _solved(
    subject: Subject, pairs: Pairs, worth: np.ndarray, evaluations: int, unit: Unit
) -> Attribution:
    encoded = subject.encoded
    count, players = pairs.members.shape
    base_value = float(worth[0])
    scores, error = np.zeros((2, len(encoded.words)))
    if players:
        differences = worth[1 : count + 1] - worth[count + 1 :]
        total = subject.output(unit) - base_value
        visible = list(encoded.visible_words)
        scores[visible], error[visible] = solve(pairs, differences, total)
    made = 2 * (count + 1)
    note = (
        f"{players} words need at least {made} evaluations, more than the {evaluations} asked for."
        if made > evaluations
        else ""
    )
    return Attribution(
        scores=scores,
        unit=unit,
        base_value=base_value,
        evaluations=made,
        error=error,
        note=note,
    )


METHOD = Method(
    "shapley",
    "SHAP",
    "Shapley values of the words: what each adds to the chosen class on average over all ways to "
    "mask the other words. They add up to the output minus the output with all words masked.",
    OPTIONS,
    shapley,
    black_box=True,
)
