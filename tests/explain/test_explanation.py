import dataclasses
import json

import numpy as np
import pytest

from lit_plugins.explain import Explanation
from tests.explain.examples import an_explanation


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


def test_it_draws_itself(capsys):
    explanation = an_explanation()
    assert str(explanation).startswith("not a good film\npositive: probability 0.3")
    explanation.draw(n=1, width=60, color=False)
    printed = capsys.readouterr().out
    assert printed.splitlines()[-2:] == [
        "-0.500  --------------------|                      not",
        "(3 smaller left out)",
    ]
    assert 'title="-0.500"' in explanation._repr_html_()
    assert [bar.get_width() for bar in explanation.plot(n=2).patches] == [-0.5, 0.25]
