import numpy as np
import pytest
from lit_nlp.api import types as lit_types

from lit_plugins.errors import TooLarge
from lit_plugins.lit import requested_fields as module
from lit_plugins.lit.requested_fields import asked_fields
from lit_plugins.runtime.cancellation import Stopped, stopping_when

SPEC = {
    "probas": lit_types.MulticlassPreds(vocab=["a", "b"]),
    "tokens": lit_types.Tokens(),
    "pooled": lit_types.Embeddings(),
}
PREDICTION = {"probas": np.zeros(2), "tokens": ["x"] * 3, "pooled": np.zeros((2, 5))}


@pytest.mark.parametrize(
    ("kinds", "names", "fields"),
    [
        (None, None, ["probas", "tokens", "pooled"]),
        ("MulticlassPreds,Scalar", "tokens", ["probas", "tokens"]),
        ("LitType", "", ["probas", "tokens", "pooled"]),
        ("Scalar,JsonDict,nothing", None, []),
        (None, "pooled,missing", ["pooled"]),
    ],
)
def test_fields_go_by_kind_and_by_name(kinds, names, fields):
    found = asked_fields([PREDICTION] * 2, SPEC, kinds, names)
    assert [list(each) for each in found] == [fields] * 2


def test_an_answer_has_its_bound_but_one_example_may_be_of_any_size(monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 45)
    assert len(asked_fields([PREDICTION] * 3, SPEC, None, None)) == 3
    with pytest.raises(TooLarge, match="more than 45 numbers; ask for fewer examples or fewer"):
        asked_fields([PREDICTION] * 4, SPEC, None, None)
    assert len(asked_fields([PREDICTION] * 4, SPEC, None, "pooled")) == 4
    monkeypatch.setattr(module, "MOST_NUMBERS", 1)
    assert len(asked_fields([PREDICTION], SPEC, None, None)) == 1


def test_what_is_too_much_is_not_computed(monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 45)
    read = []
    with pytest.raises(TooLarge):
        asked_fields((read.append(1) or PREDICTION for _ in range(100)), SPEC, None, None)
    assert len(read) == 4


def test_it_stops_when_nobody_waits():
    with stopping_when(lambda: True), pytest.raises(Stopped):
        asked_fields([PREDICTION], SPEC, None, None)
