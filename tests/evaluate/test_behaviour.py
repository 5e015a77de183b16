import sys

import numpy as np
import pytest

from lit_plugins import UserError, evaluate
from lit_plugins.counterfactual.change import Change
from lit_plugins.counterfactual.rules import Rule
from lit_plugins.evaluate.behaviour import judge_edits
from lit_plugins.models.task import ExclusiveClasses
from lit_plugins.text.encoded import find_words
from tests.evaluate.predictors import linear

CLASSES = ExclusiveClasses(("no", "yes"))
BEFORE = np.array([[0.2, 0.8], [0.6, 0.4], [0.3, 0.7]])
AFTER = np.array([[0.7, 0.3], [0.9, 0.1], [0.305, 0.695]])


@pytest.mark.parametrize(
    ("expects", "errors"),
    [
        ("invariance", [True, False, False]),
        ("opposite", [False, True, True]),
        ("stronger", [True, False, False]),
        ("weaker", [False, True, False]),
    ],
)
def test_edits_are_judged_by_what_their_rule_expects(expects, errors):
    flips, wrong = judge_edits(CLASSES, expects, BEFORE, AFTER)
    assert flips.tolist() == [True, False, False]
    assert wrong.tolist() == errors


def test_a_small_change_is_one_where_none_is_tolerated():
    assert judge_edits(CLASSES, "stronger", BEFORE, AFTER, 0)[1].tolist() == [True, False, True]
    none = judge_edits(CLASSES, "weaker", BEFORE[:0], AFTER[:0])
    assert [len(each) for each in none] == [0, 0]


def drop(word):
    """A rule that takes each of one word away."""

    def find(text):
        return [
            Change(((span, ""),), word) for span in find_words(text) if text[slice(*span)] == word
        ]

    return find


@pytest.fixture(autouse=True)
def _rules(monkeypatch):
    rules = {
        "no a": Rule("no a", "", "", "opposite", drop("a")),
        "no b": Rule("no b", "", "", "weaker", drop("b")),
        "no c": Rule("no c", "", "", "opposite", drop("c"), lambda text: text.startswith("b")),
        "no z": Rule("no z", "", "", "invariance", drop("z")),
    }
    monkeypatch.setattr(sys.modules[judge_edits.__module__], "RULES", rules)


TABLE = evaluate.texts(["a c b", "a b a c", "b c c", "d"], kind=["x", "x", "y", "y"])
MODEL = linear({"a": 0.15, "b": 0.1, "c": -0.15})


def test_table_by_rule():
    told = []
    found = evaluate.behaviour(MODEL, TABLE, progress=lambda *count: told.append(count))
    first, second, third, fourth = found.to_dict("records")
    # "a c b" without a is 0.45, and "a b a c" without one of its two is still above a half.
    assert first["expects"] == "opposite"
    assert (first["n"], first["of"], first["edits"]) == (2, 4, 3)
    assert first["flip_rate"] == pytest.approx(1 / 3)
    assert first["direction_errors"] == pytest.approx(2 / 3)
    # "b c c" is a "no", which is surer without b.
    assert (second["n"], second["edits"]) == (3, 3)
    assert second["direction_errors"] == pytest.approx(1 / 3)
    assert fourth["n"] == 0
    assert np.isnan(fourth["flip_rate"])
    # Of "b c c", twice the same text without a c; the other texts are none to test by.
    assert (third["n"], third["edits"], third["tested"]) == (3, 3, 1)
    assert told[-1] == (9, 9)


def test_table_by_slice_and_model():
    found = evaluate.behaviour({"one": MODEL, "two": MODEL}, TABLE, ["no b"], by="kind")
    assert found["model"].tolist() == ["one", "one", "two", "two"]
    assert found["n"].tolist() == [2, 1, 2, 1]
    assert found["direction_errors"].tolist() == [0, 1, 0, 1]


def test_no_texts_and_unknown_rules():
    assert evaluate.behaviour(MODEL, evaluate.texts([]), ["no a"])["n"].tolist() == [0]
    with pytest.raises(
        UserError, match="rule 'no d' is not known; choose from no a, no b, no c, no z"
    ):
        evaluate.behaviour(MODEL, TABLE, ["no d"])
