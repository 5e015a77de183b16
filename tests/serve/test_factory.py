import logging

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from datasets import Dataset, DatasetDict
from transformers import AutoTokenizer
from werkzeug.test import Client

from lit_plugins import TextClassifier, UserError, evaluate
from lit_plugins.data import load_table
from lit_plugins.serve import create_app, factory
from lit_plugins.serve.arguments import Columns, classifiers_of, tables_of
from lit_plugins.serve.factory import _default_filler
from tests.serve.test_log import Log

TEXTS = ["a wonderful film", "The food was cold", "not good, not bad"]
TOKEN = "0123456789abcdefghijklmnopqrstuv-wxyz"
HOST = {"HTTP_HOST": "lit.example.org", "REMOTE_ADDR": "203.0.113.7"}
HERE = {"HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture(autouse=True)
def no_token(monkeypatch):
    monkeypatch.delenv("LIT_PLUGINS_TOKEN", raising=False)


@pytest.fixture
def model(classifier) -> TextClassifier:
    return classifier("bert").with_labels(("negative", "positive"))


@pytest.fixture
def served(model):
    """Clients of apps over a tiny model, made with options."""

    def make(models=None, **options) -> Client:
        given = {"tiny": model} if models is None else models
        return Client(create_app(given, {"some": TEXTS}, log=None, **options), use_cookies=False)

    return make


def ask(client, path, body=None, **environ):
    return client.post(path, json=body or {}, environ_overrides={**HERE, **environ})


def test_it_answers_what_the_page_asks(served):
    client = served()
    page = client.get("/", environ_overrides=HERE)
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    info = ask(client, "/get_info").json
    assert list(info["models"]) == ["tiny"]
    assert "some" in info["datasets"]
    examples = ask(client, "/get_dataset?dataset_name=some").json
    inputs = [each["id"] for each in examples]
    answer = ask(client, "/get_preds?model=tiny&dataset_name=some", {"inputs": inputs})
    assert len(answer.json) == 3
    assert client.get("/healthz").data == b"ok"


def test_all_answers_carry_the_headers_that_keep_others_out(served):
    client = served(path_prefix="/lit")
    for path in ("/nowhere", "/lit", "/lit/", "/healthz", "/lit/healthz", "/lit/nowhere"):
        headers = client.get(path, environ_overrides=HERE).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path


def test_without_a_token_only_this_machine_is_answered(served):
    client = served()
    for environ in (HOST, {**HERE, "REMOTE_ADDR": "203.0.113.7"}, {**HERE, "HTTP_HOST": "evil"}):
        assert ask(client, "/get_info", **environ).status_code == 403
        assert client.get("/", environ_overrides=environ).status_code == 403
        assert client.get("/healthz", environ_overrides=environ).status_code == 200


@pytest.mark.parametrize("from_environment", [True, False])
def test_with_a_token_named_hosts_are_answered(served, monkeypatch, from_environment):
    if from_environment:
        monkeypatch.setenv("LIT_PLUGINS_TOKEN", TOKEN)
    options = {} if from_environment else {"token": TOKEN}
    client = served(allowed_hosts=["lit.example.org"], **options)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
    assert ask(client, "/get_info", **HOST).status_code == 401
    assert ask(client, "/get_info", **HOST, **bearer).status_code == 200
    assert ask(client, "/get_info", **{**HOST, "HTTP_HOST": "x.org"}, **bearer).status_code == 403


def test_a_visitor_of_one_worker_is_let_in_by_another(served):
    options = {"token": TOKEN, "allowed_hosts": ["lit.example.org"]}
    one, other = served(**options), served(**options)
    answer = one.get(f"/?token={TOKEN}", environ_overrides=HOST, headers={"Accept": "text/html"})
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert TOKEN not in cookie
    assert ask(other, "/get_info", **HOST, HTTP_COOKIE=cookie).status_code == 200
    assert ask(other, "/get_info", **HOST).status_code == 401


def test_below_a_prefix_is_all_there_is(served):
    client = served(path_prefix="/tools/lit", token=TOKEN)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
    assert ask(client, "/tools/lit/get_info", **bearer).status_code == 200
    assert ask(client, "/get_info", **bearer).status_code == 404
    assert client.get("/main.js", environ_overrides={**HERE, **bearer}).status_code == 404
    for path in ("/healthz", "/tools/lit/healthz"):
        assert client.get(path).data == b"ok"
    entered = client.get(
        f"/tools/lit/?token={TOKEN}", environ_overrides=HERE, headers={"Accept": "text/html"}
    )
    assert "; Path=/tools/lit;" in entered.headers["Set-Cookie"]


def test_two_models_open_side_by_side_whatever_their_names(served, model):
    client = served({"één": model, "二 2": model})
    answer = client.get("/", environ_overrides=HERE)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "./?models=%C3%A9%C3%A9n,%E4%BA%8C-2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layout": "wide"}, "no layout 'wide'; choose from debug"),
        ({"log": "all"}, "no log 'all'; choose from errors, requests"),
        ({"path_prefix": "lit"}, "The path prefix 'lit'"),
        ({"allowed_hosts": ["lit.example.org"]}, "needs a token"),
        ({"token": "short"}, "The token has 5 characters"),
        ({"models": {}}, "There is no model; give one"),
        ({"datasets": []}, "There is no dataset; give one"),
    ],
)
def test_mistakes_are_named(model, options, message):
    given = {"models": {"tiny": model}, "datasets": {"some": TEXTS}, "log": None, **options}
    with pytest.raises(UserError, match=message):
        create_app(**given)


def test_a_file_is_no_data_folder(model, tmp_path):
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(UserError, match="notes' is a file; name a folder"):
        create_app({"tiny": model}, {"some": TEXTS}, data_dir=tmp_path / "notes", log=None)


def test_a_folder_that_nobody_may_write_to_is_no_data_folder(model, tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(UserError, match="Nothing can be written in the data folder"):
        create_app({"tiny": model}, {"some": TEXTS}, data_dir=tmp_path, log=None)


def test_what_users_should_know_is_said(model):
    said = []
    long = "word " * 300
    create_app({"tiny": model}, {"some": [*TEXTS, long]}, log=None, say=said.append)
    assert said[0].startswith("Dataset some: 1 of 4 texts are longer than the")


def test_what_was_left_out_of_a_file_is_said_once(model, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("text;mood\nfine;1\ndull;0\nso so;1\nodd\n")
    said = []
    create_app({"tiny": model}, {"some": str(file)}, log=None, say=said.append)
    assert said == [
        "Dataset some: 1 row is malformed and was left out: 1 with 1 field instead of 2 (line 5).",
        "Dataset some: The fields were read as separated by semicolons.",
        "Dataset some: No column of labels was found; candidates: 'mood'.",
    ]
    said.clear()
    create_app({"tiny": model}, {"some": load_table(str(file))}, log=None, say=said.append)
    assert said == []


@pytest.fixture
def labelled(tmp_path):
    """A file of three texts, each with a label."""
    file = tmp_path / "labelled.csv"
    labels = ("positive", "negative", "negative")
    lines = [f'"{text}",{label}' for text, label in zip(TEXTS, labels, strict=True)]
    file.write_text("\n".join(["text,label", *lines]) + "\n")
    return str(file)


def gold_labels(models, dataset, **options):
    """Gold labels of the page's examples, which models are judged by them, and what is said."""
    said = []
    client = Client(create_app(models, {"some": dataset}, log=None, say=said.append, **options))
    examples = ask(client, "/get_dataset?dataset_name=some").json
    inputs = {"inputs": [each["id"] for each in examples]}
    judged = {}
    for name in models:
        query = f"model={name}&dataset_name=some&interpreter=classification"
        answer = ask(client, f"/get_interpretations?{query}", inputs).json
        judged[name] = all(each["probas"]["correct"] is not None for each in answer)
    return [each["data"].get("label") for each in examples], judged, said


@pytest.mark.parametrize("as_frame", [False, True])
def test_a_labelled_file_has_gold_labels_in_either_order_of_models(
    model, classifier, labelled, as_frame
):
    models = {"numbered": classifier("gpt2"), "named": model}
    dataset = pd.read_csv(labelled) if as_frame else labelled
    for some in (models, dict(reversed(models.items()))):
        labels, judged, said = gold_labels(some, dataset)
        assert labels == ["positive", "negative", "negative"]
        assert judged == {"numbered": True, "named": True}
        assert said == []


def test_models_and_tables_without_gold_labels_are_told(model, classifier, labelled):
    models = {"three": classifier("bert", 3), "named": model}
    for some in (models, dict(reversed(models.items()))):
        labels, judged, said = gold_labels(some, labelled)
        assert labels == ["positive", "negative", "negative"]
        assert judged == {"three": False, "named": True}
        (sentence,) = said
        assert sentence.startswith("Model three: its classes (LABEL_0, LABEL_1, LABEL_2) have")
    labels, judged, said = gold_labels({"named": model}, evaluate.texts(["good"], [1]))
    assert (labels, judged) == ([None], {"named": False})
    assert said == [
        "Dataset some: its labels (1) are not among the classes of the models (negative, "
        "positive), so it opens without gold labels; load it with label_names set to these classes."
    ]


def test_numbers_are_no_gold_labels_of_models_that_order_their_classes_differently(model, tmp_path):
    models = {"one": model, "two": model.with_labels(("positive", "negative"))}
    file = tmp_path / "numbers.csv"
    file.write_text("text,label\nfine,1\nawful,0\n")
    for some in (models, dict(reversed(models.items()))):
        with pytest.raises(UserError, match="No label .* is one of negative, positive"):
            create_app(some, str(file), log=None)


def test_models_come_in_many_forms(checkpoint, plain, model):
    folder = checkpoint("bert")
    pair = (plain("bert"), AutoTokenizer.from_pretrained(folder))
    name = folder.name
    found = classifiers_of([folder, f"mine={folder}", pair, model, model])
    assert list(found) == [name, "mine", f"{name}-2", f"{name}-3", f"{name}-4"]
    assert all(isinstance(each, TextClassifier) for each in found.values())
    assert list(classifiers_of({"a b": str(folder)})) == ["a-b"]
    assert classifiers_of(model) == {name: model}
    assert list(classifiers_of(pair)) == [name]


def test_datasets_come_in_many_forms(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("text,label\nfine,positive\n")
    frame = pd.DataFrame({"text": ["dull"], "label": ["negative"]})
    labels = ("negative", "positive")
    found = tables_of([file, f"named={file}", frame, TEXTS, evaluate.texts(["x"])], labels)
    assert list(found) == ["mine.csv", "named", "dataset", "dataset-2", "texts"]
    assert [len(table.texts) for table in found.values()] == [1, 1, 1, 3, 1]
    assert tables_of(frame, labels)["dataset"].labels == ("negative",)
    assert tables_of({"my texts": TEXTS}, labels)["my-texts"].texts == tuple(TEXTS)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (3, "type int is not a dataset; give a name, a file, a DataFrame"),
        ([3], "type int is not a dataset"),
        ([["a b", 3]], "Text 1 is 3, which is not a string"),
        (["a b", None], "Text 1 is None, which is not a string"),
        (pd.Series(["a b", None]), "Text 1 is None|Text 1 is nan"),
        (np.array("a b"), "texts is one string, 'a b'; give a list"),
        ({"x": []}, "A list of texts is empty"),
        ({"x": ["a.csv", "b.csv"]}, "'a.csv' is a file in a list of texts; give each file as its"),
        ("A fine film.", r"is no file: give texts as a list, such as \['A fine film.'\], and a"),
        ("great", r"such as \['great'\], and a dataset on the hub as OWNER/NAME"),
        ({"x": "A fine film."}, r"such as \['A fine film.'\]"),
        (["great", "awful"], "'great' may be a text: give texts as a dataset with a name, such as"),
        (["A fine film.", "a.csv"], "'A fine film.' may be a text"),
        (["reviews", "great"], "'great' may be a text"),
    ],
)
def test_what_is_no_dataset_is_refused_and_no_text_is_looked_up(monkeypatch, given, said):
    monkeypatch.setattr("lit_plugins.data.sources.read_hub", None)
    with pytest.raises(UserError, match=said):
        tables_of(given, ())


@pytest.mark.parametrize(
    "texts",
    [
        TEXTS,
        tuple(TEXTS),
        iter(TEXTS),
        pd.Series(TEXTS, index=[7, 3, 5]),
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        pa.array(TEXTS),
        Dataset.from_dict({"text": TEXTS})["text"],
    ],
    ids=lambda texts: type(texts).__name__,
)
def test_texts_come_in_many_forms(texts):
    (name, table) = next(iter(tables_of(texts, ()).items()))
    assert (name, table.texts) == ("texts", tuple(TEXTS))


def test_tables_come_in_many_forms():
    frame = pd.DataFrame({"first": TEXTS, "stars": ["neg", "pos", "neg"], "note": ["a", "b", "c"]})
    dataset = Dataset.from_pandas(frame)
    columns = Columns("first", "stars")
    labels = ("negative", "positive")
    for given in (frame, dataset, {"dataset": DatasetDict({"train": dataset})}):
        said = []
        (table,) = tables_of(given, labels, columns, said.append).values()
        assert table.texts == tuple(TEXTS)
        assert table.labels == ("negative", "positive", "negative")
        assert "Dataset dataset: The labels neg, pos of" in said[-1]
    assert list(tables_of(DatasetDict({"one": dataset}), labels, columns)) == ["one"]
    with pytest.raises(UserError, match="choose one of first, stars, note"):
        tables_of(frame, labels)


def test_a_tables_labels_are_read_as_the_models_classes():
    said = []
    tables = {"x": evaluate.texts(["good", "bad"], [1, 0])}
    (table,) = tables_of(tables, ("negative", "positive"), say=said.append).values()
    assert (table.labels, table.label_names) == (("positive", "negative"), ("negative", "positive"))
    (table,) = tables_of({"x": evaluate.texts(["a", "b"], [1, 2])}, ("no", "yes")).values()
    assert table.labels == ("1", "2")


@pytest.mark.parametrize("given", [[3], {"x": ("a", "b")}])
def test_what_is_no_model_is_refused(given):
    with pytest.raises(UserError, match="is not a model; give a name, a folder, a TextClassifier"):
        classifiers_of(given)


def test_nothing_is_fetched_for_what_is_embedded(model):
    assert _default_filler({"x": model}) == "auto"
    assert _default_filler(classifiers_of(None)) == "review-filler"


def test_neither_texts_nor_tokens_get_into_the_log(model, monkeypatch, tmp_path):
    """Every route is asked with both, of a model that fails and says so."""
    text, secret = "Unmistakable Text Of Somebody", TOKEN
    log = Log()

    def write_log(messages):
        assert not messages
        logging.getLogger("lit_plugins.requests").setLevel(logging.INFO)

    def fail(*arguments, **options):
        raise RuntimeError(f"cannot read {text!r} with {secret}")

    def build_app(*arguments, **options):
        made.append(built(*arguments, **options))
        return made[-1]

    made, built = [], factory.build_app
    monkeypatch.setattr(factory, "build_app", build_app)
    monkeypatch.setattr(factory, "write_log", write_log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(log.handler)
    root.setLevel(logging.DEBUG)
    try:
        application = create_app(
            {"tiny": model},
            {"some": [text, *TEXTS]},
            data_dir=tmp_path / "data",
            log="requests",
            token=secret,
        )
        client = Client(application, use_cookies=False)
        bearer = {**HERE, "HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_COOKIE": f"x={secret}"}
        routes = made[0].routes
        assert len(routes) == 15
        monkeypatch.setattr(model.network, "run", fail)
        statuses = set()
        for path in [*routes, f"/{text}", f"/{secret}"]:
            for inputs in ([{"id": "", "data": {"sentence": text}, "meta": {}}], text, [text]):
                query = {
                    "dataset_name": "some",
                    "model": "tiny",
                    "interpreter": "Integrated gradients",
                    "generator": "Ablation",
                    "token": secret,
                    "x": text,
                }
                body = {"inputs": inputs, "config": {text: text}}
                options = {"query_string": query, "environ_overrides": bearer, "buffered": True}
                statuses.add(client.post(path, json=body, **options).status_code)
                statuses.add(client.get(path, **options).status_code)
    finally:
        root.removeHandler(log.handler)
        root.setLevel(level)
    assert {200, 400, 404, 500} <= statuses
    assert any(line.get("error", {}).get("type") == "RuntimeError" for line in log.lines)
    assert len(log.of("lit_plugins.requests")) >= 6 * len(routes)
    for part in ("nmistakable", "Somebody", secret, secret[:12]):
        assert part not in log.text
