"""Work of each kind that a request can ask for stops once its client has gone."""

import pytest

from lit_plugins.lit.build import build_app
from lit_plugins.runtime.cancellation import Stopped, held, stopping_when
from lit_plugins.runtime.turns import given_by
from tests.lit.conftest import a_table

LONG = "a wonderful film that never feels dull . " * 500
OTHER = "a film that nobody should miss ! " * 500
ROWS = "sentence,label\n" + "good,positive\nbad,negative\n" * 100
BOTH = {"model": "bert", "dataset_name": "texts"}


def example(text):
    return {"data": {"sentence": text}, "id": "", "meta": {}}


WORK = {
    "annotations": ("/annotate_new_data", {}, {"inputs": [example("good")]}),
    "encoding": ("/get_preds", {}, {"inputs": [example(LONG), example(OTHER)]}),
    "difference": (
        "/get_interpretations",
        {"interpreter": "text difference", "do_predict": "0"},
        {"inputs": [example(LONG), example(OTHER)]},
    ),
    "upload": ("/load_datapoints", {}, {"config": {"name": "a.csv", "text": ROWS}}),
}
PROJECTION = (
    "/get_interpretations",
    {**BOTH, "interpreter": "umap", "do_predict": "0"},
    {"inputs": [], "config": {"field_name": "pooled"}},
)


@pytest.fixture
def app(named_classifier, tmp_path):
    return build_app({"bert": named_classifier("bert")}, {"texts": a_table()}, data_dir=tmp_path)


@pytest.mark.parametrize("kind", WORK)
def test_a_client_that_goes_stops_it(app, kind):
    route, query, body = WORK[kind]
    with stopping_when(lambda: True), pytest.raises(Stopped):
        app.answer(route, {**BOTH, **query}, body)


@pytest.mark.parametrize("kind", ["annotations", "encoding", "difference"])
def test_long_texts_take_turns(app, kind):
    route, query, body = WORK[kind]
    turns = []

    def give(work):
        turns.append(True)
        return work()

    with given_by(give):
        app.answer(route, {**BOTH, **query}, {"inputs": [example(LONG), example(OTHER)]})
    assert len(turns) > 1 or kind == "difference"
    assert turns


def test_an_address_with_many_examples_is_looked_up_until_its_client_goes(app, monkeypatch):
    gone = False

    def annotated(dataset, examples):
        nonlocal gone
        gone = True
        return examples

    monkeypatch.setattr(app, "_annotated", annotated)
    body = {"inputs": [{**example("good"), "meta": {"source": "url"}}]}
    with stopping_when(lambda: gone), pytest.raises(Stopped):
        app.answer("/annotate_new_data", BOTH, body)


def test_who_waits_for_anothers_projection_may_go(app):
    with (
        held(app.interpreters["umap"]._lock),
        stopping_when(lambda: True),
        pytest.raises(Stopped),
    ):
        app.answer(*PROJECTION)
