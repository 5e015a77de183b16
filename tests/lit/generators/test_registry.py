"""Generators through the app, as the page asks for them."""

import json
import threading

import pytest
from transformers import AutoModelForMaskedLM

from lit_plugins import models
from lit_plugins.counterfactual import METHODS
from lit_plugins.lit.build import build_app
from lit_plugins.runtime.progress import tell
from tests.checkpoints import save_checkpoint
from tests.lit.conftest import TEXTS, a_table
from tests.serving import client_of

TITLES = [method.title for method in METHODS.values()]


@pytest.fixture(scope="module")
def app(named_classifier, tmp_path_factory):
    filler = save_checkpoint("bert", tmp_path_factory.mktemp("filler"), auto=AutoModelForMaskedLM)
    models = {kind: named_classifier(kind) for kind in ("bert", "gpt2")}
    return build_app(models, {"texts": a_table()}, filler=str(filler))


@pytest.fixture(scope="module")
def client(app):
    return client_of(app)


@pytest.fixture(scope="module")
def examples(client):
    return client.post("/get_dataset?dataset_name=texts", data="{}").get_json()


@pytest.fixture(scope="module")
def generate(client):
    info = client.post("/get_info", data="{}").get_json()["generators"]

    def default(field):
        return field["vocab"][0] if field.get("vocab") else field["default"]

    def run(generator, inputs, **config):
        # The page sends every field of a form, and the two that it fills in itself.
        form = {name: default(field) for name, field in info[generator]["configSpec"].items()}
        form |= {"model_name": "bert", "dataset_name": "texts"} | config
        query = f"dataset_name=texts&model=bert&generator={generator}"
        body = json.dumps({"inputs": inputs, "config": form})
        return client.post(f"/get_generated?{query}", data=body)

    return run


def ids(examples):
    return [example["id"] for example in examples]


def children_of(answer, parents):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    made = answer.get_json()
    assert len(made) == len(parents)
    for parent, children in zip(parents, made, strict=True):
        assert len({each["id"] for each in children} | {parent["id"]}) == len(children) + 1
        for child in children:
            assert child["meta"]["parentId"] == parent["id"]
            assert child["meta"]["added"]
            assert set(child["data"]) == set(parent["data"])
            assert child["data"]["domain"] == parent["data"]["domain"]
            assert child["data"]["edit"]
            assert child["data"]["sentence"] != parent["data"]["sentence"]
    return made


@pytest.mark.parametrize("asked", ["bert", "gpt2"])
@pytest.mark.parametrize("title", TITLES)
def test_each_method_flips_the_model_that_the_form_names(app, examples, generate, title, asked):
    answer = generate(title, ids(examples), model=asked)
    made = children_of(answer, examples)
    assert any(made) or title == "Rules"
    classifier = app.models[asked].classifier
    for parent, children in zip(examples, made, strict=True):
        texts = [parent["data"]["sentence"], *(each["data"]["sentence"] for each in children)]
        before, *after = classifier.predict(texts).logits.argmax(-1)
        assert all(label != before for label in after)


def test_word_replacer_and_scrambler(examples, generate):
    fields = {"Fields to replace": ["sentence"], "Fields to scramble": ["sentence"]}
    rules = "wonderful -> dreadful"
    made = children_of(
        generate("Word Replacer", ids(examples), Substitutions=rules, **fields), examples
    )
    assert [len(children) for children in made] == [1, 0, 0, 0, 0, 1]
    assert made[0][0]["data"]["sentence"] == TEXTS[0].replace("wonderful", "dreadful")
    made = children_of(generate("Scrambler", ids(examples), **fields), examples)
    assert [len(children) for children in made] == [1, 1, 1, 0, 1, 1]


def test_a_child_can_be_a_parent(client, examples, generate):
    config = {"Fields to replace": ["sentence"]}
    there = generate("Word Replacer", ids(examples)[:1], Substitutions="film -> book", **config)
    (child,) = children_of(there, examples[:1])[0]
    # The page has the server make the id of what it adds.
    body = json.dumps({"inputs": [child]})
    (added,) = client.post("/annotate_new_data?dataset_name=texts", data=body).get_json()
    back = generate("Word Replacer", [added], Substitutions="book -> film", **config)
    (grandchild,) = children_of(back, [added])[0]
    # Its text is that of the first again; its edit makes it another datapoint.
    assert grandchild["data"]["sentence"] == TEXTS[0]
    assert grandchild["id"] not in (examples[0]["id"], added["id"])


def test_one_text_made_twice_is_two_datapoints_unless_the_edit_is_the_same(examples, generate):
    config = {"Fields to replace": ["sentence"]}
    answers = [
        generate("Word Replacer", ids(examples)[:1], Substitutions=rule, **config)
        for rule in ("film -> book", "FILM -> book", "moving film -> moving book")
    ]
    (one,), (same,), (other,) = (children_of(answer, examples[:1])[0] for answer in answers)
    assert one["data"]["sentence"] == same["data"]["sentence"] == other["data"]["sentence"]
    assert one["id"] == same["id"] != other["id"]


@pytest.mark.parametrize(
    ("generator", "config", "sentence"),
    [
        ("Ablation", {"limit": "none"}, "The option limit is 'none'; "),
        ("Infill", {"model": "nobody"}, "The option model is 'nobody'; "),
        ("HotFlip", {"target": "neutral"}, "The class 'neutral' is none of this model's"),
        ("Word Replacer", {"Substitutions": "great"}, "A rule of Substitutions is 'great'; "),
        ("Scrambler", {"seed": "-1"}, "The option seed is '-1'; "),
    ],
)
def test_a_users_mistake_is_answered_with_its_sentence(
    examples, generate, generator, config, sentence
):
    answer = generate(generator, ids(examples), **config)
    assert answer.status_code == 400
    text = answer.get_json()["error"]
    assert text.startswith(sentence)
    assert text.endswith(".")
    assert "\n" not in text


def test_the_page_can_ask_how_far_a_run_is(app, client, examples, generate, monkeypatch):
    assert client.post("/get_progress?run=mine").get_json() is None
    assert client.post("/get_progress").get_json() is None
    half, asked = threading.Event(), threading.Event()

    def telling(done, total):
        tell(done, total)
        if done == 3:
            half.set()
            assert asked.wait(60)

    monkeypatch.setattr("lit_plugins.lit.generators.counterfactuals.tell", telling)
    thread = threading.Thread(
        target=generate, args=("Ablation", ids(examples)), kwargs={"run": "mine"}
    )
    thread.start()
    try:
        assert half.wait(60)
        during = client.post("/get_progress?run=mine").get_json()
    finally:
        asked.set()
        thread.join(60)
    assert during == {"done": 3, "total": 6, "notes": []}
    assert client.post("/get_progress?run=mine").get_json()["done"] == 6


def test_why_the_words_are_what_they_are_is_told(client, examples, generate, monkeypatch):
    noted = "The words come from a small model."
    used = models.load_filler

    def small(name):
        model = used(name)
        monkeypatch.setattr(model, "note", noted)
        return model

    monkeypatch.setattr("lit_plugins.lit.generators.counterfactuals.load_filler", small)
    generate("Infill", ids(examples)[:1], run="infill")
    assert noted in client.post("/get_progress?run=infill").get_json()["notes"]
