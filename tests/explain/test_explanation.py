import dataclasses
import json

import numpy as np
import pytest

from lit_plugins.explain import Explanation


def an_explanation(**changes):
    fields = {
        "text": "not a good film",
        "words": ("not", "a", "good", "film"),
        "offsets": ((0, 3), (4, 5), (6, 10), (11, 15)),
        "scores": np.array([-0.5, 0.0, 0.25, 0.25]),
        "target": 1,
        "target_label": "positive",
        "method": "shapley",
        "unit": "probability",
        "output": 0.3,
        "base_value": 0.3,
        "delta": 0.0,
        "error": np.zeros(4),
        "evaluations": 16,
        "truncated": False,
        "converged": True,
        "note": "",
        "tokens": None,
        "token_scores": None,
    }
    return Explanation(**{**fields, **changes})


def test_top_is_by_size_with_the_sign_and_ties_in_reading_order():
    explanation = an_explanation()
    assert explanation.top(3) == [("not", -0.5), ("good", 0.25), ("film", 0.25)]
    assert len(explanation.top(100)) == 4
    assert an_explanation(words=(), offsets=(), scores=np.zeros(0)).top() == []


def test_the_dictionary_is_strict_json_with_every_field():
    explanation = an_explanation(
        tokens=("[CLS]", "not"), token_scores=np.array([0.0, 1.0]), base_value=float("nan")
    )
    read = json.loads(json.dumps(explanation.to_dict(), allow_nan=False))
    assert set(read) == {field.name for field in dataclasses.fields(Explanation)}
    assert read["offsets"][2] == [6, 10]
    assert read["scores"] == [-0.5, 0.0, 0.25, 0.25]
    assert read["token_scores"] == [0.0, 1.0]
    assert read["base_value"] is None
    assert an_explanation(error=None).to_dict()["error"] is None


def test_it_cannot_be_changed():
    explanation = an_explanation()
    with pytest.raises(dataclasses.FrozenInstanceError):
        explanation.note = "changed"
    with pytest.raises(ValueError, match="read-only"):
        explanation.scores[0] = 1
