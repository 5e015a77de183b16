"""What a method says of itself, and a method of two models that is none of this package's."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from lit_plugins import UserError
from lit_plugins.cli import main
from lit_plugins.evaluate.scoring import RANDOM, choose_methods
from lit_plugins.explain import METHODS, ExplanationMethod, explain
from lit_plugins.explain.attribution import Attribution
from lit_plugins.lit.interpreters.registry import lit_interpreters
from lit_plugins.lit.metrics.of_methods import titles
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import OtherModel
from tests.evaluate.predictors import linear

TEXT = "good bad film"


def lead(classifier, subjects, *, second):
    """Each word gets the same share of what the first model's probability exceeds the second's."""
    attributions = []
    for subject in subjects:
        (text,) = second.encode([subject.encoded.text])
        other = replace(subject, logits=second.logits([text.row])[0])
        output = subject.output("probability") - other.output("probability")
        words = len(subject.encoded.words)
        scores = np.full(words, output / words)
        attributions.append(
            Attribution(
                scores=scores, unit="probability", base_value=0, evaluations=1, output=output
            )
        )
    return attributions


LEAD = ExplanationMethod(
    "lead",
    "Lead over another model",
    "How far the first model is ahead of the second.",
    (OtherModel("second", None, "The model that is behind."),),
    lead,
    black_box=True,
)


@pytest.fixture
def registered(monkeypatch):
    """The methods, with one more that takes two models, wherever they are looked up."""
    without = METHODS  # this module's own name is replaced, too
    known = {**without, LEAD.name: LEAD}
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get("METHODS") is without:
            monkeypatch.setattr(module, "METHODS", known)
    return known


def test_a_method_says_which_options_take_another_model():
    assert LEAD.compares == ("second",)
    assert {name: method.compares for name, method in METHODS.items() if method.compares} == {
        "difference": ("other",)
    }


def test_a_method_of_two_models_notes_the_rounding_of_both(registered):
    first, second = linear({"good": 0.25}), linear({"bad": -0.25})
    first.rounding, first.name = 0.125, "the first"
    second.rounding, second.name = 0.5, "the second"
    (explanation,) = explain(first, [TEXT], "lead", 1, second=second)
    np.testing.assert_allclose(explanation.scores, [0.5 / 3] * 3, atol=1e-6)
    assert explanation.note == (
        "Half precision changes the probabilities of the first by up to 0.1. "
        "Half precision changes the probabilities of the second by up to 0.5."
    )


def test_a_method_of_two_models_is_not_judged_by_one(registered):
    classifier = linear({})
    judged = choose_methods(classifier, None)
    assert {"shapley", RANDOM} <= set(judged)
    assert not {"lead", "difference"} & set(judged)
    assert not {"lead", "difference"} & set(titles())
    with pytest.raises(UserError, match="The method 'lead' cannot be judged; choose from shapley"):
        choose_methods(classifier, ["lead"])


def test_the_page_offers_a_method_of_two_models_where_there_are_two(registered, classifier):
    models = {kind: LitTextClassifier(classifier(kind)) for kind in ("bert", "gpt2")}
    interpreter = lit_interpreters(models)[LEAD.title]
    assert interpreter.is_compatible(models["bert"], None)
    assert interpreter.config_spec()["second"].vocab == ["bert", "gpt2"]
    alone = lit_interpreters({"bert": models["bert"]})[LEAD.title]
    assert not alone.is_compatible(models["bert"], None)
    (shown,) = interpreter.run([{"sentence": TEXT}], models["bert"], None)
    (expected,) = explain(models["bert"].classifier, [TEXT], LEAD, second=models["gpt2"].classifier)
    words, caption = shown.items()
    assert words[1].salience == expected.scores.tolist()
    assert f" minus gpt2's = {expected.output:.3f}, base 0.000" in caption[0]
    with pytest.raises(UserError, match="second is 'bert'; give another model .* such as gpt2"):
        interpreter.run([{"sentence": TEXT}], models["bert"], None, config={"second": "bert"})


def test_the_command_line_asks_for_the_second_model(registered, capsys):
    arguments = ["explain", TEXT, "--model", "sentiment-bow", "--method", "lead"]
    assert main(arguments) == 2
    assert "The option second is missing; give --second a model." in capsys.readouterr().err
    assert main([*arguments, "--second", "sentiment-bow"]) == 0
    assert "0.000" in capsys.readouterr().out
