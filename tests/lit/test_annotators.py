import json

import pytest
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types
from lit_nlp.lib import caching

from lit_plugins.lexicon.coverage import unknown_share
from lit_plugins.lexicon.phenomena import PHENOMENA
from lit_plugins.lit.annotators import lit_annotators
from tests.lit.conftest import TEXTS
from tests.serving import client_of


@pytest.fixture(scope="module")
def client(app):
    return client_of(app)


@pytest.fixture(scope="module")
def examples(client):
    return client.post("/get_dataset?dataset_name=texts", data="{}").get_json()


def annotate(examples, spec, models=None):
    dataset = lit_dataset.Dataset(spec=spec, examples=examples)
    written = [dict(example) for example in examples]
    found = dict(spec)
    for annotator in lit_annotators(models):
        annotator.annotate(written, dataset, found)
    return written, found


def test_each_example_says_which_phenomena_it_shows(app, examples):
    spec = app.datasets["texts"].spec()
    for name, phenomenon in PHENOMENA.items():
        assert spec[name].annotated
        assert not spec[name].required
        assert [each["data"][name] for each in examples] == list(map(phenomenon.find, TEXTS))


def test_kinds_are_those_that_the_page_slices_by(app):
    spec = app.datasets["texts"].spec()
    assert isinstance(spec["negation"], lit_types.BooleanLitType)
    assert isinstance(spec["length"], lit_types.Integer)
    assert isinstance(spec["length_band"], lit_types.CategoryLabel)
    assert spec["length_band"].vocab == list(PHENOMENA["length_band"].values)


def test_each_model_says_how_many_words_it_does_not_know(app, examples):
    for name, model in app.models.items():
        classifier = model.classifier
        expected = [
            unknown_share(text, classifier.unknown_token) for text in classifier.encode(TEXTS)
        ]
        assert [each["data"][f"unknown words {name}"] for each in examples] == expected


def test_a_datasets_own_field_stays_as_it_is():
    spec = {"text": lit_types.TextSegment(), "negation": lit_types.CategoryLabel()}
    written, found = annotate([{"text": "not bad", "negation": "mine"}], spec)
    assert written[0]["negation"] == "mine"
    assert written[0]["negation (automatic)"] is True
    assert not found["negation"].annotated
    assert found["negation (automatic)"].annotated


def test_what_was_copied_from_a_parent_is_written_over():
    spec = {"text": lit_types.TextSegment()}
    first, found = annotate([{"text": "not bad"}], spec)
    again, same = annotate([{**first[0], "text": "good"}], found)
    assert first[0]["negation"] is True
    assert again[0]["negation"] is False
    assert same == found


def test_a_dataset_without_texts_is_left_alone():
    spec = {"age": lit_types.Scalar()}
    assert annotate([{"age": 3}], spec) == ([{"age": 3}], spec)


def test_a_text_that_is_missing_is_empty():
    written, _ = annotate([{"text": None}], {"text": lit_types.TextSegment()})
    assert written[0]["length"] == 0


def add(client, data, source="manual", parent=""):
    meta = {"added": True, "source": source, "parentId": parent}
    body = {"inputs": [{"data": {**data, "_id": "", "_meta": meta}, "id": "", "meta": meta}]}
    answer = client.post("/annotate_new_data?dataset_name=texts", data=json.dumps(body))
    (added,) = answer.get_json()
    return added


def test_an_edited_text_is_annotated_anew_and_keeps_its_parent(client, examples):
    data = {**examples[0]["data"], "sentence": "Why is it NOT good?"}
    added = add(client, data, parent=examples[0]["id"])
    shown = [added["data"][name] for name in ("negation", "question", "all_caps", "length")]
    assert shown == [True, True, True, 5]
    own = {name: added["data"][name] for name in ("sentence", "edit", "label", "domain")}
    assert added["id"] == added["data"]["_id"] == caching.input_hash(own)
    assert added["meta"]["parentId"] == examples[0]["id"]
    assert added["data"]["_meta"] == added["meta"]


def test_one_text_has_one_id_whatever_it_was_made_from(client, examples):
    ids = set()
    for parent in (examples[0], examples[2]):
        data = {**parent["data"], "sentence": "not so", "label": "negative", "domain": "film"}
        ids.add(add(client, data)["id"])
    assert len(ids) == 1


def test_a_text_that_is_added_again_is_the_datasets_own(client, examples):
    added = add(client, examples[1]["data"], parent=examples[0]["id"])
    assert added["id"] == examples[1]["id"]


def test_a_text_from_the_address_is_the_datasets_where_that_has_it(client, examples):
    data = {**dict.fromkeys(examples[2]["data"]), "edit": ""}
    known = add(client, {**data, "sentence": TEXTS[2]}, source="url")
    assert known == examples[2]
    other = add(client, {**data, "sentence": TEXTS[2], "label": "positive"}, source="url")
    assert other["id"] != examples[2]["id"]
    assert other["data"]["label"] == "positive"
    new = add(client, {**data, "sentence": "Nobody wrote this."}, source="url")
    assert new["meta"]["source"] == "url"
    assert new["data"]["label"] is None


def test_generated_texts_are_annotated(client, examples):
    config = {"Substitutions": "not -> very", "Fields to replace": ["sentence"]}
    query = "generator=Word Replacer&model=bert&dataset_name=texts"
    body = json.dumps({"inputs": [examples[2]["id"]], "config": config})
    (made,) = client.post(f"/get_generated?{query}", data=body).get_json()
    assert made
    for each in made:
        find = PHENOMENA["negation"].find
        assert each["data"]["negation"] == find(each["data"]["sentence"])
        own = {name: each["data"][name] for name in ("sentence", "edit", "label", "domain")}
        assert each["id"] == caching.input_hash(own)
