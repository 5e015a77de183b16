"""LIT's own components, asked for what its server would do without end or for good."""

from __future__ import annotations

import numpy as np
import pytest
from lit_nlp.api.dataset import IndexedDataset

from lit_plugins import evaluate
from lit_plugins.embedded import EMBEDDED_FILLER
from lit_plugins.errors import UserError
from lit_plugins.lit.app import App
from lit_plugins.lit.build import build_app
from lit_plugins.lit.generators.word_replacer import WordReplacer
from lit_plugins.models import MaskedLanguageModel
from lit_plugins.runtime import cancellation
from tests.lit.conftest import a_table

FIT = {"model_name": "bert", "field_name": "pooled", "use_input": False}


@pytest.fixture
def dataset(app: App) -> IndexedDataset:
    return app.datasets["texts"]


def run(app, dataset, name, config, model="bert"):
    model = app.models[model]
    outputs = model.predict(dataset.examples)
    return app.interpreters[name].run(dataset.examples, model, dataset, outputs, config)


def places(points) -> np.ndarray:
    return np.array([point["z"] for point in points])


@pytest.fixture
def pca(app: App):
    """The projections, with none fitted."""
    projections = app.interpreters["pca"]
    projections._instances.clear()
    return projections


def test_a_projection_is_fitted_once_for_what_it_is_of(app, dataset, pca):
    config = {**FIT, "proj_kw": {"n_components": 3}}
    points = places(run(app, dataset, "pca", config))
    assert points.shape == (6, 3)
    # What else a request says makes no other one, and names no other model.
    for more in ({"x": 1}, {"model_name": "gpt2"}, {"dataset_name": [1, 2]}):
        assert (places(run(app, dataset, "pca", {**config, **more})) == points).all()
    assert len(pca._instances) == 1
    assert (places(run(app, dataset, "pca", config, "gpt2")) != points).any()
    assert len(pca._instances) == 2


@pytest.mark.parametrize("name", ["pca", "umap"])
@pytest.mark.parametrize("texts", [("one",), ("one",) * 3, ("one",) * 6, ("one", "two", "one")])
def test_few_or_equal_texts_have_places(named_classifier, name, texts):
    models = {"bert": named_classifier("bert")}
    app = build_app(models, {"texts": evaluate.texts(texts, column=range(len(texts)))})
    dataset = app.datasets["texts"]
    points = places(run(app, dataset, name, {**FIT, "proj_kw": {"n_components": 3}}))
    assert points.shape == (len(dataset), 3)
    assert np.isfinite(points).all()
    different = {example["sentence"] for example in dataset.examples}
    assert len({tuple(point) for point in points}) == len(different)


def test_only_so_many_projections_are_kept(app, dataset, pca):
    embeddings = ("pooled", "layer_0", "layer_1", "layer_2")
    for _ in range(3):
        for model in ("bert", "gpt2"):
            for field in embeddings:
                for components in (2, 3):
                    config = {"field_name": field, "proj_kw": {"n_components": components}}
                    run(app, dataset, "pca", config, model)
    assert 4 < len(pca._instances) <= 16


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"proj_kw": {"n_components": 10**9}}, "give a whole number from 2 to 3."),
        ({"proj_kw": {"n_components": "all"}}, "give a whole number from 2 to 3."),
        ({"proj_kw": {"n_components": 3, "n_epochs": 10**9}}, "give n_components only."),
        ({"proj_kw": [1]}, "give n_components only."),
        ({"field_name": "probas"}, "There is no embedding 'probas'; choose from pooled, layer_0"),
        ({"field_name": ["pooled"]}, "There is no embedding ['pooled'];"),
        ({"field_name": None}, "There is no embedding None;"),
    ],
)
@pytest.mark.parametrize("name", ["pca", "umap"])
def test_a_projector_is_not_what_a_request_describes(app, dataset, name, config, sentence):
    with pytest.raises(UserError) as caught:
        run(app, dataset, name, {**FIT, **config})
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "config",
    [
        {"Number of clusters": 10**12, "reuse_clustering": True},
        {"Number of clusters": 10**12},
        {"Number of clusters": "many"},
        {"Number of clusters": None},
        {"Clustering seed": -1},
        {"Clustering seed": 2**32},
    ],
)
def test_clusters_are_counted_to_a_bound(app, dataset, config):
    grad = {"Salience Mapper": "Grad L2 Norm"}
    run(app, dataset, "Salience Clustering", {**grad, "Number of clusters": 2})
    with pytest.raises(UserError, match="The option .* is .*; give a whole number from "):
        run(app, dataset, "Salience Clustering", {**grad, **config})


def test_thresholds_are_of_so_many_slices(app, dataset):
    facets = {str(number): {"data": []} for number in range(101)}
    with pytest.raises(UserError, match="has 101 slices for thresholds; send at most 100."):
        run(app, dataset, "thresholder", {"facets": facets})
    assert run(app, dataset, "thresholder", {"facets": {"0": {"data": []}}})


def test_thresholds_stop_when_nobody_waits_for_them(app, dataset):
    with cancellation.stopping_when(lambda: True), pytest.raises(cancellation.Stopped):
        app.interpreters["thresholder"].run(
            dataset.examples, app.models["bert"], dataset, [{}] * 6, {}
        )


def test_all_places_times_all_words_are_not_listed_before_they_are_wanted(dataset):
    rule = "a -> " + "|".join(map(str, range(2000)))
    parent = {**dataset.examples[0], "sentence": "a " * 50_000}
    (made,) = WordReplacer().generate_all([parent], None, dataset, {"Substitutions": rule})
    assert len(made) == 100


def test_rules_are_no_longer_than_a_bound_and_are_text(dataset):
    for rules, wanted in (("x" * 10_001, "give at most 10,000."), (3, "give a text.")):
        with pytest.raises(UserError, match=wanted):
            WordReplacer().generate_all([], None, dataset, {"Substitutions": rules})


@pytest.mark.parametrize("name", ["Scrambler", "Word Replacer"])
def test_what_is_ticked_is_a_list(app, dataset, name):
    generator = next(
        each for title, each in app.generators.items() if title.lower() == name.lower()
    )
    ticked = "Fields to replace" if name == "Word Replacer" else "Fields to scramble"
    config = {ticked: 3, "Substitutions": "a -> b"}
    with pytest.raises(UserError, match="The fields are 3; give a list of names."):
        generator.generate_all(dataset.examples, None, dataset, config)


@pytest.mark.parametrize("methods", [3, [["SHAP"]], [{}], {"a": 1}])
def test_methods_are_named_by_their_titles(app, dataset, methods):
    metric = app.metrics["faithfulness"]
    config = {"asked": True, "methods": methods}
    with pytest.raises(UserError, match="There is no method "):
        metric.run(dataset.examples, app.models["bert"], dataset, None, config)


def test_no_request_names_a_language_model_to_load(named_classifier, monkeypatch, tmp_path):
    asked = []
    load = MaskedLanguageModel.from_pretrained
    monkeypatch.setattr(
        MaskedLanguageModel, "from_pretrained", lambda name: asked.append(name) or load(name)
    )
    models = {"bert": named_classifier("bert")}
    app = build_app(models, {"texts": a_table()}, filler=EMBEDDED_FILLER)
    model, dataset = app.models["bert"], app.datasets["texts"]
    for generator in app.generators.values():
        assert not any("model" in name and name != "model" for name in generator.config_spec())
        config = {"infill_model": str(tmp_path), "evaluations": 2, "Substitutions": "a -> b"}
        generator.generate_all(dataset.examples[:1], model, dataset, config)
    assert set(asked) <= {EMBEDDED_FILLER}
