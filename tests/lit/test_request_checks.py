import pytest
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import types as lit_types
from lit_nlp.lib import caching

from lit_plugins.errors import TooLarge, UserError
from lit_plugins.lit import request_checks
from lit_plugins.lit.request_checks import checked_data, checked_options


@pytest.fixture(scope="module")
def dataset():
    spec = {
        "sentence": lit_types.TextSegment(),
        "tokens": lit_types.Tokens(),
        "stars": lit_types.Scalar(),
    }
    plain = lit_dataset.Dataset(
        spec=spec, examples=[{"sentence": "good", "tokens": [], "stars": 1}]
    )
    return lit_dataset.IndexedDataset(base=plain, id_fn=caching.input_hash)


def new(**data):
    return {"id": "", "data": data, "meta": {"added": True}}


def test_ids_become_the_datasets_own_examples(dataset):
    (example,) = dataset.indexed_examples
    checked = checked_data({"inputs": [example["id"]]}, dataset)
    assert checked == {"inputs": [example], "config": None}


def test_an_empty_body_asks_for_nothing(dataset):
    assert checked_data(None, dataset) == {"inputs": [], "config": None}


def test_a_new_example_is_taken_as_it_is(dataset):
    example = new(sentence="bad", tokens=["bad"], stars=2.5, unknown={"kept": True})
    assert checked_data({"inputs": [example]}, dataset)["inputs"] == [example]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([], "The request's body is not a JSON object"),
        ("text", "The request's body is not a JSON object"),
        ({"inputs": 3}, "The request's inputs are not a list"),
        ({"inputs": {"0": "a"}}, "The request's inputs are not a list"),
        ({"config": []}, "The request's config is not a JSON object"),
        ({"inputs": ["nobody"]}, "There is no example 'nobody' in the dataset"),
        ({"inputs": [None]}, "Example 0 of the request has no data"),
        ({"inputs": [{"id": "x"}]}, "Example 0 of the request has no data"),
        ({"inputs": [{"data": {}, "meta": 1}]}, "The meta of example 0 is not a JSON object"),
        ({"inputs": [{"data": {"_id": "b"}, "id": "a"}]}, "Example 0 of the request has two ids"),
        ({"inputs": [{"data": {}, "id": 3}]}, "Example 0 of the request has two ids"),
        ({"inputs": [new(sentence=3)]}, "The field 'sentence' of example 0 is not a text"),
        ({"inputs": [new(sentence=["a"])]}, "The field 'sentence' of example 0 is not a text"),
        ({"inputs": [new(stars=1)]}, "Example 0 of the request has no 'sentence'"),
        (
            {"inputs": [new(sentence="", tokens="a")]},
            "The field 'tokens' of example 0 is not a list",
        ),
        (
            {"inputs": [new(sentence="", tokens=[{}])]},
            "The field 'tokens' of example 0 is not a list",
        ),
        (
            {"inputs": [new(sentence="", stars={})]},
            "The field 'stars' of example 0 is not a number",
        ),
    ],
)
def test_what_is_no_request_is_refused_in_a_sentence(dataset, body, sentence):
    with pytest.raises(UserError) as refused:
        checked_data(body, dataset)
    assert str(refused.value).startswith(sentence)
    assert str(refused.value).endswith(".")


def test_examples_need_a_dataset():
    with pytest.raises(UserError, match="names no dataset_name; add it"):
        checked_data({"inputs": ["a"]}, None)


def test_too_much_is_told_apart(dataset, monkeypatch):
    monkeypatch.setattr(request_checks, "MOST_EXAMPLES", 3)
    monkeypatch.setattr(request_checks, "MOST_NEW_EXAMPLES", 2)
    monkeypatch.setattr(request_checks, "LONGEST_TEXT", 5)
    with pytest.raises(TooLarge, match="has 4 examples; send at most 3"):
        checked_data({"inputs": ["a"] * 4}, dataset)
    with pytest.raises(TooLarge, match="has 3 new examples; send at most 2"):
        checked_data({"inputs": [new(sentence="a")] * 3}, dataset)
    with pytest.raises(TooLarge, match="'sentence' of example 1 has 6 characters; send at most 5"):
        checked_data({"inputs": [new(sentence="short"), new(sentence="longer")]}, dataset)
    monkeypatch.setattr(request_checks, "MOST_CHARACTERS", 9)
    with pytest.raises(TooLarge, match="new examples have 10 characters; send at most 9"):
        checked_data({"inputs": [new(sentence="short")] * 2}, dataset)


NAMES = {"model": ["bert", "gpt2"], "metrics": None}


def test_only_options_that_mean_something_are_taken():
    query = {"model": "bert", "metrics": "", "self": "x", "data": "y"}
    assert checked_options(query, NAMES, ["model"]) == {"model": "bert", "metrics": ""}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "The request names no model; add it to the address."),
        ({"model": ""}, "The request names no model; add it to the address."),
        ({"model": "x" * 99}, f"There is no model '{'x' * 60}'; choose from bert, gpt2."),
    ],
)
def test_options_that_are_missing_or_unknown_are_named(query, sentence):
    with pytest.raises(UserError) as refused:
        checked_options(query, NAMES, ["model"])
    assert str(refused.value) == sentence
