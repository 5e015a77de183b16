"""A text for which a model gives no numbers does not keep the others from the page."""

import json

import pytest

from lit_plugins import TextClassifier, evaluate
from lit_plugins.errors import UserError
from lit_plugins.lit.build import build_app
from tests.broken_models import with_broken_word

TEXTS = ["a good film", "a dull film", "not bad at all", "how dull"]
QUERY = {"model": "broken", "dataset_name": "texts", "requested_types": "MulticlassPreds"}
SAID = "The model 'broken' gives logits that are no numbers for 2 texts of texts, left out: 2, 4."


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> TextClassifier:
    path = tmp_path_factory.mktemp("broken") / "model"
    return TextClassifier.from_pretrained(with_broken_word(path, "dull"))


@pytest.fixture
def app(broken):
    return build_app({"broken": broken}, {"texts": evaluate.texts(TEXTS)})


def inputs(app):
    return json.loads(app.answer("/get_dataset", {"dataset_name": "texts"}, None))


def predictions(app, examples):
    return json.loads(app.answer("/get_preds", QUERY, {"inputs": examples}))


def texts(examples):
    return [example["data"]["sentence"] for example in examples]


def test_it_is_named_by_row_and_the_page_goes_on_without(app):
    with pytest.raises(UserError) as caught:
        predictions(app, inputs(app))
    assert str(caught.value) == f"{SAID} Load the page again to go on without."
    left = inputs(app)
    assert texts(left) == ["a good film", "not bad at all"]
    assert len(predictions(app, left)) == 2


def test_a_start_that_predicts_before_names_it_at_once(app):
    assert app.warm(lambda *told: None) == [SAID]
    assert texts(inputs(app)) == ["a good film", "not bad at all"]


def test_an_added_text_is_counted(app):
    examples = inputs(app)
    query = {"dataset_name": "texts"}
    new = [{"data": {"sentence": "dull, dull"}, "meta": {}}]
    added = json.loads(app.answer("/annotate_new_data", query, {"inputs": new}))
    with pytest.raises(UserError, match=r"for 1 text of texts, left out: 1 added text\."):
        predictions(app, [examples[0], *added])


def test_a_model_that_gives_none_for_any_text_leaves_nothing_out(app):
    examples = inputs(app)
    with pytest.raises(UserError, match="load it in float32, or check its weights"):
        predictions(app, examples[1:2])
    assert inputs(app) == examples
