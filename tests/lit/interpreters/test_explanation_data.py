import json

import pytest

from lit_plugins import explain
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.explanation_data import ExplanationData
from lit_plugins.lit.interpreters.explanation_request import TARGET
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import CLASSIFIER, LANGUAGE_MODEL
from tests.lit.conftest import TEXTS

EXAMPLES = [{"sentence": text} for text in TEXTS]


@pytest.fixture(scope="module")
def models(named_classifier):
    return {kind: LitTextClassifier(named_classifier(kind)) for kind in ("bert", "gpt2")}


@pytest.fixture(scope="module")
def interpreter(models):
    kept = Explanations()
    return ExplanationData(
        {each.title: ExplanationInterpreter(each, kept, models) for each in METHODS.values()}
    )


@pytest.mark.parametrize("name", METHODS)
def test_all_that_the_engine_says_is_there(models, interpreter, name):
    method = METHODS[name]
    compared = {
        option.name: models["gpt2"].classifier
        for option in method.options
        if option.loads == CLASSIFIER
    }
    config = {"method": method.title, TARGET: {"index": 1}}
    shown = interpreter.run(EXAMPLES, models["bert"], None, config=config)
    expected = explain(models["bert"].classifier, TEXTS, method=name, target=1, **compared)
    for each, explanation in zip(shown, expected, strict=True):
        assert explanation.to_dict().items() <= each.items()
        assert each["title"] == method.title
        names = {option.name for option in method.options if option.loads != LANGUAGE_MODEL}
        assert names <= set(each["options"])
        assert each["compared"] == (("gpt2",) if compared else ())
        assert each["options"].get("other", "gpt2") == "gpt2"
    json.dumps(shown, allow_nan=False)


def test_pairs_of_words_are_there_if_they_are_asked_for(models, interpreter):
    config = {"method": METHODS["shapley"].title, "interactions": True, TARGET: {"index": 1}}
    (shown,) = interpreter.run(EXAMPLES[:1], models["bert"], None, config=config)
    (expected,) = explain(models["bert"].classifier, TEXTS[:1], target=1, interactions=True)
    assert shown["interactions"] == expected.to_dict()["interactions"]
    assert shown["options"]["interactions"] is True


def test_options_are_used_and_told(models, interpreter):
    config = {"method": METHODS["shapley"].title, "evaluations": "40", "seed": "3"}
    (shown,) = interpreter.run(EXAMPLES[:1], models["bert"], None, config=config)
    assert shown["options"]["evaluations"] == 40
    assert shown["options"]["seed"] == 3
    (expected,) = explain(models["bert"].classifier, TEXTS[:1], evaluations=40, seed=3)
    assert shown["scores"] == expected.scores.tolist()


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (None, "There is no method None; choose from SHAP"),
        ({"method": "shapely"}, "There is no method 'shapely'"),
        ({"method": ["SHAP"]}, "There is no method"),
        ({"method": "SHAP", "evaluations": "many"}, "evaluations"),
    ],
)
def test_a_mistake_is_named(models, interpreter, config, sentence):
    with pytest.raises(UserError, match=sentence):
        interpreter.run(EXAMPLES, models["bert"], None, config=config)


def test_a_method_that_does_not_suit_is_refused(models, interpreter):
    alone = ExplanationData(
        {
            each.title: ExplanationInterpreter(each, Explanations(), {"bert": models["bert"]})
            for each in METHODS.values()
        }
    )
    assert alone.is_compatible(models["bert"], None)
    title = METHODS["difference"].title
    with pytest.raises(UserError, match="does not suit this model; choose another method"):
        alone.run(EXAMPLES, models["bert"], None, config={"method": title})
