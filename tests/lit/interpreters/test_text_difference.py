from dataclasses import asdict

import pytest

from lit_plugins.counterfactual.alignment import align
from lit_plugins.errors import UserError
from lit_plugins.lit.interpreters.registry import lit_interpreters
from lit_plugins.lit.interpreters.text_difference import TEXT_DIFFERENCE, TextDifference
from lit_plugins.lit.models.classifier import LitTextClassifier
from tests.lit.conftest import TEXTS
from tests.lit.models.test_any_classifier import Stars


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


def test_segments_are_the_engines(model):
    examples = [{"sentence": text} for text in TEXTS[:2]]
    found = lit_interpreters()[TEXT_DIFFERENCE].run(examples, model, None)
    assert found == [asdict(each) for each in align(*TEXTS[:2])]


def test_the_model_says_which_field_is_the_text():
    model = Stars()
    name = next(iter(model.input_spec()))
    interpreter = TextDifference()
    assert interpreter.is_compatible(model, None)
    (segment,) = interpreter.run([{name: "good"}, {name: "bad"}], model, None)
    assert segment == {"kind": "replace", "old": (0, 4), "new": (0, 3)}


def test_texts_to_compare_are_two(model):
    with pytest.raises(UserError, match=r"to compare is 1; give two, the old and the new\.$"):
        TextDifference().run([{"sentence": "a"}], model, None)
