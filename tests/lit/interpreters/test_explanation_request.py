import pytest

from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS
from lit_plugins.lit.interpreters.explanation_request import (
    TARGET,
    comparable_models,
    predicted_classes,
    read_request,
)
from lit_plugins.lit.models.any_classifier import text_fields
from lit_plugins.lit.models.classifier import LitTextClassifier


@pytest.fixture(scope="module")
def models(classifier):
    """Two models with the same two classes, and one with three classes between them."""
    return {
        "bert": LitTextClassifier(classifier("bert")),
        "three": LitTextClassifier(classifier("bert", 3)),
        "gpt2": LitTextClassifier(classifier("gpt2")),
    }


def request_of(method, models, config):
    return read_request(METHODS[method], models, models["bert"], config)


def test_a_request_without_a_config_has_the_defaults(models):
    request = request_of("occlusion", models, {})
    assert request.model is models["bert"]
    assert request.target is None
    assert request.options == {
        "output": "probability",
        "missing": "mask_per_token",
        "pieces": False,
    }
    assert request.compared == request.compared_models == {}


def test_a_request_says_which_class_and_which_options(models):
    config = {TARGET: {"index": 1}, "output": "logit", "pieces": "true", "unknown": 3}
    request = request_of("occlusion", models, config)
    assert request.target == 1
    assert request.options == {"output": "logit", "missing": "mask_per_token", "pieces": True}


@pytest.mark.parametrize("config", [{}, {"other": "gpt2"}])
def test_a_method_of_two_models_has_another_model_of_the_same_classes(models, config):
    request = request_of("difference", models, config)
    assert request.compared == {"other": "gpt2"}
    assert request.compared_models == {"other": models["gpt2"]}
    assert "other" not in request.options


def test_a_model_of_other_classes_is_no_model_to_compare_with(models):
    fields = text_fields(models["bert"])
    assert comparable_models(models, models["bert"], fields) == ["gpt2"]
    with pytest.raises(UserError, match="other is 'three'; give another model .* such as gpt2"):
        request_of("difference", models, {"other": "three"})
    with pytest.raises(UserError, match="There is no other model with the same classes"):
        request_of("difference", {"bert": models["bert"], "three": models["three"]}, {})


@pytest.mark.parametrize("target", [3, "positive", {"index": "1"}, {"field": 2, "index": 1}])
def test_a_class_that_is_none_is_refused(models, target):
    with pytest.raises(UserError, match="The class to explain is .*; give a field and an index"):
        request_of("occlusion", models, {TARGET: target})


def test_the_predicted_class_has_the_largest_probability(models):
    request = request_of("occlusion", models, {})
    field = request.fields.classes
    outputs = [{field: [0.25, 0.75]}, {field: [0.5, 0.5]}, {field: [0.9, 0.1]}]
    assert predicted_classes(request, outputs) == [1, 0, 0]
