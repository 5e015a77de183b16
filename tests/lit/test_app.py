import json
import math

import pytest
from lit_nlp import app as lit_app
from lit_nlp.lib import caching
from werkzeug.test import Client

from lit_plugins import TextClassifier
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, explain
from lit_plugins.lit.annotators import lit_annotators
from lit_plugins.lit.build import CLIENT_ROOT, build_app
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.layouts import LAYOUTS
from tests.lit.conftest import LABELS, TEXTS, a_table
from tests.serving import client_of


@pytest.fixture(scope="session")
def client(app):
    return client_of(app)


@pytest.fixture(scope="session")
def examples(client):
    return client.post("/get_dataset?dataset_name=texts", data="{}").get_json()


def ask(client, path, inputs, config=None, **query):
    query = "&".join(f"{name}={value}" for name, value in query.items())
    answer = client.post(
        f"/{path}?dataset_name=texts&{query}", data=json.dumps({"inputs": inputs, "config": config})
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return json.loads(answer.get_data(as_text=True), parse_constant=pytest.fail)


def ids(examples):
    return [example["id"] for example in examples]


@pytest.fixture(scope="session")
def info(client):
    return client.post("/get_info", data="{}").get_json()


def test_no_folder_of_the_server_is_told(info):
    for name in ("bert", "gpt2"):
        assert info["models"][name]["description"].startswith(f"{name}: classes ")


def test_every_part_is_offered_for_every_model(info):
    for model in ("bert", "gpt2"):
        offered = info["models"][model]
        assert "texts" in offered["datasets"]
        assert set(offered["interpreters"]) >= {
            "classification",
            *(method.title for method in METHODS.values()),
            "Grad L2 Norm",
            "pca",
            "umap",
            "nearest neighbors",
            "curves",
            "thresholder",
            "tcav",
            "Salience Clustering",
        }
        assert offered["generators"] == [
            "Ablation",
            "HotFlip",
            "Infill",
            "Rules",
            "Word Replacer",
            "Scrambler",
        ]
        assert set(offered["metrics"]) >= {"multiclass", "paired", "calibration", "faithfulness"}


def test_names_are_ones_that_the_pages_addresses_can_hold(info):
    for part in ("models", "datasets", "interpreters", "generators", "metrics"):
        for name in info[part]:
            assert not set(name) & set("&#+:"), name


def test_the_first_load_runs_inference_only(app, client, examples, monkeypatch):
    model = app.models["bert"]
    for name in ("gradients", "attention", "layer_embeddings"):
        monkeypatch.setattr(
            model.classifier, name, lambda *_, name=name: pytest.fail(f"{name} was computed")
        )
    ask(client, "get_interpretations", ids(examples), model="bert", interpreter="classification")
    ask(client, "get_metrics", ids(examples), model="bert", metrics="multiclass,paired")
    config = {"field_name": "pooled", "use_input": False, "proj_kw": {"n_components": 3}}
    answer = ask(
        client, "get_interpretations", ids(examples), config, model="bert", interpreter="pca"
    )
    assert [len(point["z"]) for point in answer] == [3] * len(TEXTS)
    ask(client, "get_preds", ids(examples), model="bert", requested_types="MulticlassPreds")


def test_predictions_hold_the_fields_that_were_asked_for(client, examples):
    answer = ask(
        client,
        "get_preds",
        ids(examples)[:2],
        model="gpt2",
        requested_types="MulticlassPreds,Scalar",
        requested_fields="tokens",
    )
    assert [set(each) for each in answer] == [{"probas", "tokens"}] * 2
    everything = ask(client, "get_preds", ids(examples)[:1], model="gpt2")
    assert {"probas", "pooled", "token_gradients", "attention_1"} <= set(everything[0])


def test_classification_results_know_the_gold_label(app, client, examples):
    answer = ask(
        client, "get_interpretations", ids(examples), model="bert", interpreter="classification"
    )
    predicted = app.models["bert"].classifier.predict(TEXTS)
    for each, row, label in zip(answer, predicted.probabilities, LABELS, strict=True):
        assert each["probas"]["scores"] == pytest.approx(row.tolist(), abs=1e-6)
        assert each["probas"]["predicted_class"] == ("negative", "positive")[int(row.argmax())]
        assert each["probas"]["correct"] == (each["probas"]["predicted_class"] == label)


def test_nearest_neighbours_of_an_example_begin_with_itself(client, examples):
    config = {"embedding_name": "pooled", "num_neighbors": 3, "use_input": False}
    answer = ask(
        client,
        "get_interpretations",
        ids(examples)[:1],
        config,
        model="bert",
        interpreter="nearest neighbors",
    )
    assert answer[0]["nearest_neighbors"][0] == {"id": examples[0]["id"], "nn_distance": 0.0}


def test_lits_gradient_norm_answers(client, examples):
    answer = ask(
        client, "get_interpretations", ids(examples)[:2], model="bert", interpreter="Grad L2 Norm"
    )
    for each in answer:
        (salience,) = each.values()
        assert len(salience["tokens"]) == len(salience["salience"]) > 0
        assert all(math.isfinite(score) for score in salience["salience"])


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_every_method_answers_in_strict_json(client, examples, method):
    answer = ask(
        client, "get_interpretations", ids(examples)[:2], model="bert", interpreter=method.title
    )
    for each in answer:
        words, caption = each.values()
        assert len(words["tokens"]) == len(words["salience"]) > 0
        assert caption["tokens"] == []


def test_a_users_mistake_is_answered_with_its_sentence(app, client, examples):
    with pytest.raises(UserError) as refused:
        explain(app.models["bert"].classifier, TEXTS[:1], evaluations="5")
    answer = client.post(
        "/get_interpretations?dataset_name=texts&model=bert&interpreter=SHAP",
        data=json.dumps({"inputs": ids(examples)[:1], "config": {"evaluations": "5"}}),
    )
    assert answer.status_code == 400
    assert answer.get_json()["error"] == str(refused.value)


@pytest.mark.parametrize("mapper", ["Grad L2 Norm", "SHAP", "Integrated gradients"])
def test_salience_clustering_answers(client, examples, mapper):
    config = {
        "Salience Mapper": mapper,
        "Number of clusters": 2,
        "Number of top salient tokens to consider per data point": 5,
        "Number of tokens to display per cluster": 10,
        "Clustering seed": "0",
    }
    answer = ask(
        client,
        "get_interpretations",
        ids(examples),
        config,
        model="bert",
        interpreter="Salience Clustering",
    )
    (clusters,) = answer["cluster_ids"].values()
    assert len(clusters) == len(TEXTS)


def test_handlers_that_write_or_make_things_are_not_there(client):
    for path in ("save_datapoints", "load_datapoints", "create_model", "create_dataset"):
        assert client.post(f"/{path}?dataset_name=texts&path=x", data="{}").status_code == 404


def test_warming_predicts_everything_and_tells(named_classifier):
    app = build_app({"bert": named_classifier("bert")}, {"texts": a_table()})
    told = []
    app.warm(lambda *progress: told.append(progress))
    assert told[-1] == ("bert", "texts", 6, 6)


def gold_labels_and_rightness(models):
    """Gold labels of an app's examples, and for each model which texts it is right about."""
    client = client_of(build_app(models, {"texts": a_table()}))
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    right = {}
    for model in models:
        shown = ask(
            client, "get_interpretations", ids(examples), model=model, interpreter="classification"
        )
        right[model] = [each["probas"]["correct"] for each in shown]
        ask(client, "get_metrics", ids(examples), model=model, metrics="multiclass,paired")
    return [each["data"].get("label") for each in examples], right


@pytest.mark.parametrize("numbers", [None, ("0", "1"), ("NEGATIVE", "Positive")])
def test_gold_labels_are_there_in_either_order_of_models(named_classifier, classifier, numbers):
    other = classifier("gpt2")
    models = {
        "numbered": other if numbers is None else other.with_labels(numbers),
        "named": named_classifier("bert"),
    }
    for some in (models, dict(reversed(models.items()))):
        labels, right = gold_labels_and_rightness(some)
        assert labels == list(LABELS)
        for name, kind in (("numbered", "gpt2"), ("named", "bert")):
            predicted = classifier(kind).predict(TEXTS).probabilities.argmax(axis=1)
            assert right[name] == [
                ("negative", "positive")[index] == label
                for index, label in zip(predicted, LABELS, strict=True)
            ]


def test_classes_in_another_order_are_compared_by_name(named_classifier, classifier):
    models = {
        "plain": named_classifier("bert"),
        "turned": classifier("bert").with_labels(("positive", "negative")),
    }
    for some in (models, dict(reversed(models.items()))):
        labels, right = gold_labels_and_rightness(some)
        assert labels == list(LABELS)
        assert right["turned"] == [not correct for correct in right["plain"]]
    client = client_of(build_app(models, {"texts": a_table()}))
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    for interpreter in ("columns", "Difference of two models"):
        assert interpreter in client.post("/get_info", data="{}").get_json()["interpreters"]
    found = ask(
        client,
        "get_interpretations",
        ids(examples),
        {"models": list(models)},
        model="plain",
        interpreter="columns",
    )
    columns = {each["name"]: each["values"] for each in found}
    assert columns["plain vs turned:agree"] == [False] * len(TEXTS)
    assert set(columns["plain vs turned:right"]) <= {"plain", "turned"}


def test_models_of_other_classes_open_beside_each_other(named_classifier, classifier):
    models = {"two": named_classifier("bert"), "three": classifier("bert", 3)}
    client = client_of(build_app(models, {"texts": a_table()}))
    info = client.post("/get_info", data="{}").get_json()
    examples = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    for model, classes in (("two", 2), ("three", 3)):
        assert "texts" in info["models"][model]["datasets"]
        shown = ask(
            client, "get_interpretations", ids(examples), model=model, interpreter="classification"
        )
        assert all(len(each["probas"]["scores"]) == classes for each in shown)
        assert all((each["probas"]["correct"] is None) == (model == "three") for each in shown)
        ask(client, "get_metrics", ids(examples), model=model, metrics="multiclass,paired")


@pytest.fixture(scope="module")
def beside_lit():
    """Our app and LIT's own over one embedded model, one dataset and the same components."""
    app = build_app({"bow": TextClassifier.from_pretrained("sentiment-bow")}, {"texts": a_table()})
    annotators = lit_annotators(app.models)
    found = set(app.datasets["texts"].spec()) - {"sentence", "edit", "label", "domain"}
    of_whole, own = caching.input_hash, app.datasets["texts"].id_fn
    caching.input_hash = lambda example: own({k: v for k, v in example.items() if k not in found})
    try:
        theirs = lit_app.LitApp(
            models=dict(app.models),
            model_loaders={},
            datasets={"texts": lit_dataset_of(a_table(), ("negative", "positive"))},
            dataset_loaders={},
            generators=dict(app.generators),
            interpreters=dict(app.interpreters),
            annotators=annotators,
            metrics=dict(app.metrics),
            layouts=LAYOUTS,
            default_layout="debug",
            page_title="lit-plugins",
            client_root=str(CLIENT_ROOT),
        )
    finally:
        caching.input_hash = of_whole
    return app, Client(theirs)


@pytest.mark.parametrize(
    ("route", "query", "config"),
    [
        ("get_info", {}, None),
        ("get_dataset", {}, None),
        ("get_preds", {}, None),
        ("get_preds", {"requested_types": "MulticlassPreds", "requested_fields": "tokens"}, None),
        ("get_interpretations", {"interpreter": "classification"}, None),
        ("get_interpretations", {"interpreter": "Grad L2 Norm", "do_predict": "0"}, {}),
        ("get_interpretations", {"interpreter": "curves"}, {"Label": "positive", "run": "x"}),
        ("get_generated", {"generator": "Ablation"}, {}),
        ("get_generated", {"generator": "Word Replacer"}, {"Substitutions": "great -> dull"}),
        ("get_metrics", {"metrics": "multiclass,calibration"}, None),
        ("get_metrics", {}, {}),
    ],
)
def test_answers_are_those_of_lits_own_handlers(beside_lit, route, query, config):
    app, theirs = beside_lit
    query = {"dataset_name": "texts", "model": "bow", **query}
    inputs = list(app.datasets["texts"].index)
    body = None if route in ("get_info", "get_dataset") else {"inputs": inputs, "config": config}
    reference = theirs.post(f"/{route}", query_string=query, data=json.dumps(body)).get_json()
    answer = json.loads(app.answer(f"/{route}", query, body))
    if route == "get_info":
        assert answer.pop("savesDatapoints") is False  # ours alone, as are the options
        for kind in ("interpreters", "generators", "metrics"):
            for component in answer[kind].values():
                del component["options"]
    assert answer == reference


def test_added_texts_are_annotated_as_lit_annotates_them(beside_lit):
    app, theirs = beside_lit
    data = {"_id": "", "sentence": "What a dull film?"}
    body = {"inputs": [{"data": data, "id": "", "meta": {"source": "manual"}}]}
    address = "/annotate_new_data?dataset_name=texts"
    (reference,) = theirs.post(address, data=json.dumps(body)).get_json()
    (answer,) = json.loads(app.answer("/annotate_new_data", {"dataset_name": "texts"}, body))
    # Their ids are of the texts alone, ours of all fields that annotators did not add.
    for example in (reference, answer):
        del example["id"], example["data"]["_id"]
    assert answer["data"].pop("_meta") == answer["meta"] == reference["meta"]
    assert answer == reference
