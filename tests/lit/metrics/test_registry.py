import json
import math

import numpy as np
import pytest
from lit_nlp import app as lit_app
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types
from werkzeug.test import Client

from lit_plugins import evaluate
from lit_plugins.lit.annotators import lit_annotators
from lit_plugins.lit.build import CLIENT_ROOT, build_app
from lit_plugins.lit.metrics.on_demand import ASKED
from lit_plugins.lit.metrics.registry import CalibrationMetrics, lit_metrics
from tests.lit.conftest import TEXTS, a_table
from tests.lit.models.test_any_classifier import Stars
from tests.serving import client_of

VOCAB = ["negative", "positive"]


class Believer:
    """A LIT model of nothing but outputs."""

    def output_spec(self):
        return {"probas": lit_types.MulticlassPreds(vocab=VOCAB, parent="label")}


def calibration(probabilities, labels):
    return measured(CalibrationMetrics(), probabilities, labels)


def measured(metric, probabilities, labels):
    spec = {"label": lit_types.CategoryLabel(vocab=VOCAB, required=False)}
    examples = [{"label": label} for label in labels]
    dataset = lit_dataset.Dataset(spec=spec, examples=examples)
    outputs = [{"probas": np.array(row, dtype=np.float32)} for row in probabilities]
    (row,) = metric.run(examples, Believer(), dataset, outputs)
    assert row["pred_key"] == "probas"
    return row["metrics"]


def test_calibration_by_hand():
    found = calibration([(0.75, 0.25), (0.5, 0.5)], ("negative", "negative"))
    assert found["Brier"] == pytest.approx((2 * 0.25**2 + 2 * 0.5**2) / 2)
    # Each text is alone in its bin: right at 0.75, and right at 0.5 with the first of two equals.
    assert found["ECE"] == pytest.approx((0.25 + 0.5) / 2)
    assert found["NLL"] == pytest.approx(-(np.log(0.75) + np.log(0.5)) / 2)


def test_texts_without_a_label_are_left_out():
    some = calibration([(0.75, 0.25), (0.0, 1.0)], ("negative", None))
    assert some == pytest.approx(calibration([(0.75, 0.25)], ("negative",)))
    assert calibration([(0.75, 0.25)], (None,)) == {}


def test_lits_measures_are_of_the_texts_that_have_a_label():
    accuracy = lit_metrics()["multiclass"]
    rows = [(0.9, 0.1), (0.2, 0.8), (0.7, 0.3)]
    found = measured(accuracy, rows, (None, "positive", "positive"))
    assert found["accuracy"] == 0.5
    assert found["num_missing_labels"] == 1
    assert measured(accuracy, rows, (None, None, None)) == {"num_missing_labels": 3}
    assert "num_missing_labels" not in measured(accuracy, rows, ("positive",) * 3)


def test_calibration_is_the_engines(app):
    client = client_of(app)
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    for name, model in app.models.items():
        answer = client.post(
            f"/get_metrics?dataset_name=texts&model={name}&metrics=calibration",
            data=json.dumps({"inputs": [each["id"] for each in examples]}),
        )
        (row,) = answer.get_json()["calibration"]
        expected = evaluate.calibration(model.classifier, a_table()).iloc[0]
        for shown, column in (("Brier", "brier"), ("ECE", "ece"), ("NLL", "nll")):
            assert row["metrics"][shown] == pytest.approx(expected[column], abs=1e-5)


def test_what_takes_long_waits_to_be_asked(app, monkeypatch):
    client = client_of(app)
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    asked = [name for name, each in lit_metrics().items() if ASKED in each.config_spec()]
    own = ["faithfulness", "plausibility", "agreement", "contrast", "rules"]
    assert asked == [*own, "missing_words"]
    model = app.models["bert"]
    model.predict([each["data"] for each in examples])
    monkeypatch.setattr(model.classifier, "infer", refuse)
    monkeypatch.setattr(model.classifier, "logits", refuse)
    for config in (None, {}, {"probas": {"": {"margin": 0}}}):
        answer = client.post(
            "/get_metrics?dataset_name=texts&model=bert",
            data=json.dumps({"inputs": [each["id"] for each in examples], "config": config}),
        )
        found = answer.get_json()
        assert {name: found[name] for name in asked if name in found} == {
            name: [] for name in asked if name in found
        }
        assert found["multiclass"]


def refuse(rows, **options):
    assert not rows
    return np.empty((0, 2)), np.empty((0, 2))


def test_lits_own_app_takes_annotators_and_metrics_for_any_model():
    dataset = lit_dataset.Dataset(
        spec=Stars().input_spec(),
        examples=[
            {"review": "not great", "price": 0.0, "gold": "bad"},
            {"review": "fun", "price": 0.0, "gold": "bad"},
        ],
    )
    app = lit_app.LitApp(
        models={"theirs": Stars()},
        datasets={"reviews": dataset},
        annotators=lit_annotators(),
        metrics=lit_metrics(),
        client_root=str(CLIENT_ROOT),
    )
    client = Client(app)
    examples = client.post("/get_dataset?dataset_name=reviews", data="{}").get_json()
    assert [each["data"]["negation"] for each in examples] == [True, False]
    answer = client.post(
        "/get_metrics?dataset_name=reviews&model=theirs",
        data=json.dumps({"inputs": [each["id"] for each in examples]}),
    ).get_json()
    good = [1 / (1 + math.exp(2)), 1 / (1 + math.exp(-0.7))]
    assert answer["calibration"][0]["metrics"]["Brier"] == pytest.approx(
        2 * (good[0] ** 2 + good[1] ** 2) / 2
    )
    assert "faithfulness" not in app._info["models"]["theirs"]["metrics"]


def test_names_are_ones_that_the_page_can_split(app):
    for name, metric in lit_metrics().items():
        assert not set(name) & set(",:&#+")
        for measure in metric.meta_spec():
            assert not set(measure) & set(",:"), measure


def test_a_dataset_offers_what_it_has_the_columns_for(named_classifier):
    app = build_app({"bert": named_classifier("bert")}, {"texts": a_table()})
    assert app.info["models"]["bert"]["metrics"] == [
        "multiclass",
        "paired",
        "calibration",
        "faithfulness",
        "agreement",
        "rules",
        "missing_words",
    ]
    unlabelled = build_app(
        {"bert": named_classifier("bert")}, {"texts": a_table((None,) * len(TEXTS))}
    )
    offered = unlabelled.info["models"]["bert"]["metrics"]
    assert {"faithfulness", "agreement", "rules"} <= set(offered)
    assert not {"calibration", "contrast", "plausibility"} & set(offered)
