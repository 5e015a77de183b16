import json
import math

import numpy as np
import pytest
from lit_nlp.api import types as lit_types

from lit_plugins import evaluate
from lit_plugins.errors import UserError
from lit_plugins.lit.build import build_app
from lit_plugins.lit.interpreters.model_columns import ColumnsInterpreter
from lit_plugins.lit.models.classifier import LitTextClassifier
from tests.lit.conftest import LABELS, TEXTS, a_table
from tests.lit.models.test_any_classifier import Stars
from tests.serving import client_of

EXAMPLES = [{"sentence": text, "label": label} for text, label in zip(TEXTS, LABELS, strict=True)]
PAIR = "bert vs gpt2"


@pytest.fixture(scope="module")
def models(named_classifier):
    return {kind: LitTextClassifier(named_classifier(kind)) for kind in ("bert", "gpt2")}


def columns(models, examples=EXAMPLES, names=("bert", "gpt2")):
    interpreter = ColumnsInterpreter(models)
    found = interpreter.run(examples, models[names[0]], None, config={"models": list(names)})
    assert all(len(column["values"]) == len(examples) for column in found)
    return {column["name"]: column["values"] for column in found}


def test_values_are_the_engines(models):
    shown = columns(models)
    classifiers = {name: model.classifier for name, model in models.items()}
    expected = evaluate.by_text(classifiers, a_table())
    for name in classifiers:
        for what in ("confidence", "entropy"):
            np.testing.assert_allclose(
                shown[f"{name}:{what}"], expected[f"{name} {what}"], atol=1e-6
            )
    for what in ("difference", "divergence"):
        np.testing.assert_allclose(
            shown[f"{PAIR}:{what}"], expected[f"bert-gpt2 {what}"], atol=1e-6
        )
    for what in ("agree", "right"):
        assert shown[f"{PAIR}:{what}"] == expected[f"bert-gpt2 {what}"].tolist()


def test_texts_that_a_model_cuts_have_a_column_of_their_own(models):
    assert not [name for name in columns(models) if name.endswith(":cut")]
    long = " ".join(TEXTS) * 600
    shown = columns(models, [*EXAMPLES, {"sentence": long}], ("bert", "gpt2"))
    for name, model in models.items():
        cut = model.classifier.predict([*TEXTS, long]).truncated
        assert shown[f"{name}:cut"] == list(cut) == [False] * len(TEXTS) + [True]


def test_kinds_are_those_that_the_page_slices_by(models):
    found = ColumnsInterpreter(models).run(
        EXAMPLES[:1], models["bert"], None, config={"models": ["bert", "gpt2"]}
    )
    kinds = {column["name"].partition(":")[2]: column["type"] for column in found}
    assert isinstance(kinds["agree"], lit_types.BooleanLitType)
    assert kinds["right"].vocab == ["both", "bert", "gpt2", "neither"]
    for name in ("confidence", "entropy", "difference", "divergence"):
        assert isinstance(kinds[name], lit_types.Scalar)


def test_every_pair_is_compared_in_the_pages_order(named_classifier):
    kinds = ("bert", "gpt2", "xlnet")
    models = {kind: LitTextClassifier(named_classifier(kind)) for kind in kinds}
    shown = columns(models, names=("xlnet", "bert", "gpt2"))
    pairs = [name.partition(":")[0] for name in shown if name.endswith(":agree")]
    assert pairs == ["xlnet vs bert", "xlnet vs gpt2", "bert vs gpt2"]


def test_one_model_alone_is_compared_with_none(models):
    assert list(columns(models, names=("gpt2",))) == ["gpt2:confidence", "gpt2:entropy"]
    by_default = ColumnsInterpreter(models).run(EXAMPLES, models["gpt2"], None)
    assert [each["name"] for each in by_default] == ["gpt2:confidence", "gpt2:entropy"]


def test_without_a_label_nobody_is_right(models):
    shown = columns(models, [{"sentence": text, "label": None} for text in TEXTS])
    assert shown[f"{PAIR}:right"] == [None] * len(TEXTS)
    assert all(map(math.isfinite, shown[f"{PAIR}:difference"]))


def test_models_of_other_classes_are_not_compared(models, classifier):
    three = {"bert": models["bert"], "three": LitTextClassifier(classifier("bert", 3))}
    shown = columns(three, names=("bert", "three"))
    assert list(shown) == [
        "bert:confidence",
        "bert:entropy",
        "three:confidence",
        "three:entropy",
    ]


def test_models_that_are_not_this_packages_have_columns_too():
    models = {"theirs": Stars(), "opposite": Stars(sign=-1.0)}
    examples = [{"review": "great fun", "price": 0.0, "gold": "good"}]
    shown = columns(models, examples, ("theirs", "opposite"))
    assert shown["theirs vs opposite:right"] == ["theirs"]
    assert shown["theirs vs opposite:agree"] == [False]
    good = 1 / (1 + math.exp(-2.7))
    assert shown["theirs vs opposite:difference"] == [pytest.approx(2 * good - 1)]


def test_predictions_that_are_known_cost_nothing(models, monkeypatch):
    columns(models)
    for model in models.values():
        monkeypatch.setattr(model.classifier, "infer", lambda rows, **_: refuse(rows))
    columns(models)


def refuse(rows):
    assert not rows
    return np.empty((0, 2)), np.empty((0, 2))


def test_no_examples_no_values(models):
    assert set(map(tuple, columns(models, []).values())) == {()}


def test_a_model_that_is_not_there_is_one_sentence(models):
    with pytest.raises(UserError, match="no model 'nobody'; choose from bert, gpt2"):
        columns(models, names=("bert", "nobody"))


@pytest.mark.parametrize("names", [5, "bert", [{}], [[]], [None], True, {"bert": 1}])
def test_what_is_no_list_of_models_is_one_sentence(models, names):
    with pytest.raises(UserError, match="The config's models are not a list of names"):
        ColumnsInterpreter(models).run([], models["bert"], None, config={"models": names})


def test_the_page_gets_strict_json(named_classifier):
    models = {kind: named_classifier(kind) for kind in ("bert", "gpt2")}
    client = client_of(build_app(models, {"texts": a_table((None,) * len(TEXTS))}))
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    answer = client.post(
        "/get_interpretations?dataset_name=texts&model=bert&interpreter=columns&do_predict=0",
        data=json.dumps(
            {"inputs": [each["id"] for each in examples], "config": {"models": ["bert", "gpt2"]}}
        ),
    )
    found = json.loads(answer.get_data(as_text=True), parse_constant=pytest.fail)
    assert {column["type"]["__class__"] for column in found} == {"LitType"}
