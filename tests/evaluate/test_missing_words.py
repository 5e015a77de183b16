"""How far a ranking hangs on what stands for a missing word."""

from __future__ import annotations

import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.evaluate.agreement import rank_correlation, top_overlap
from lit_plugins.explain import explain
from tests.explain.estimators.test_missing_words import Copyist

TEXTS = ["unforgettable films were overpriced", "good", "the food was overpriced , not bad"]
PAIRS = [
    ("mask_per_token", "mask_per_word"),
    ("mask_per_token", "left_out"),
    ("mask_per_token", "infill"),
    ("mask_per_word", "left_out"),
    ("mask_per_word", "infill"),
    ("left_out", "infill"),
]


def test_each_pair_of_stand_ins_has_the_measures_of_its_explanations(classifier):
    bert = classifier("bert")
    told = []
    table = evaluate.missing_words(
        *({"one": bert}, evaluate.texts(TEXTS), ["occlusion", "random"]),
        **{"top": 2, "infill_model": Copyist(), "progress": lambda *step: told.append(step)},
    )
    assert list(zip(table["first"], table["second"], strict=True)) == PAIRS
    assert set(table["method"]) == {"occlusion"}
    assert told[-1] == (4 * len(TEXTS), 4 * len(TEXTS))
    for _, row in table.iterrows():
        one, other = (
            [
                each.scores
                for each in explain(bert, TEXTS, "occlusion", missing=way, infill_model=Copyist())
            ]
            for way in (row["first"], row["second"])
        )
        taus = [rank_correlation(one[at], other[at]) for at in (0, 2)]
        shared = [top_overlap(one[at], other[at], 2) for at in (0, 2)]
        apart = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(one, other, strict=True)]
        assert (row["n"], row["of"], row["ranked"], row["overlapped"]) == (3, 3, 2, 2)
        assert row["rank_correlation"] == pytest.approx(np.mean(taus))
        assert row["top_overlap"] == pytest.approx(np.mean(shared))
        assert row["difference"] == pytest.approx(np.median(apart))


def test_methods_that_mask_nothing_are_refused(classifier):
    with pytest.raises(UserError, match="No method of random masks words; choose from shapley"):
        evaluate.missing_words(classifier("bert"), evaluate.texts(TEXTS), ["random"])
    with pytest.raises(UserError, match="top is 0"):
        evaluate.missing_words(classifier("bert"), evaluate.texts(TEXTS), top=0)
