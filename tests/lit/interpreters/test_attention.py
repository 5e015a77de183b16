import base64
import json
import math

import numpy as np
import pytest

from lit_plugins.errors import UserError
from lit_plugins.explain import explain
from lit_plugins.explain.methods.attention_rollout import rollout_matrix
from lit_plugins.lit.build import build_app
from lit_plugins.lit.interpreters.attention import AttentionInterpreter, head_figures, picture
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.lit.models.outputs import Caches
from tests.lit.conftest import TEXTS, a_table
from tests.lit.models.test_any_classifier import Stars
from tests.lit.models.test_outputs import CountedCalls
from tests.serving import client_of

TEXT = TEXTS[0]


@pytest.fixture(params=["bert", "gpt2", "bart"])
def model(request, classifier):
    return LitTextClassifier(classifier(request.param, 3))


def ask(model, text=TEXT, /, **config):
    (answer,) = AttentionInterpreter().run([{"sentence": text}], model, None, None, config)
    return answer


def matrix(model, text=TEXT, /, **config):
    weights = np.frombuffer(base64.b64decode(ask(model, text, **config)["weights"]), "<f4")
    side = math.isqrt(len(weights))
    return weights.reshape(side, side)


def exact(model, text=TEXT):
    (row,) = model.classifier.rows([text])
    return model.classifier.attention([row])[0]


def test_a_head_is_the_classifiers(model):
    expected = exact(model)
    for layer in (1, 2):
        for head in (1, 2):
            found = matrix(model, view="head", layer=layer, head=head)
            np.testing.assert_allclose(found, expected[layer - 1, head - 1], atol=1e-6)


def test_the_mean_is_over_a_layers_heads(model):
    np.testing.assert_allclose(
        matrix(model, view="mean", layer=2), exact(model)[1].mean(0), atol=1e-6
    )


def test_rollout_is_the_engines_where_the_head_reads(model):
    found = matrix(model, view="rollout", layer=2)
    reads = ask(model)["reads"]
    row = found.mean(0) if reads is None else found[reads]
    (explanation,) = explain(model.classifier, [TEXT], "attention_rollout", 0)
    np.testing.assert_allclose(row, explanation.token_scores, atol=1e-6)
    np.testing.assert_allclose(
        matrix(model, view="rollout", layer=1), rollout_matrix(exact(model)[:1]), atol=1e-6
    )


def test_the_overview_has_every_head(model):
    found = ask(model, view="overview")
    expected = exact(model)
    layers, heads, tokens, _ = expected.shape
    assert (found["layers"], found["heads"], len(found["tokens"])) == (layers, heads, tokens)
    assert found == ask(model)
    pictures = np.frombuffer(base64.b64decode(found["pictures"]), np.uint8)
    np.testing.assert_array_equal(
        pictures.reshape(layers, heads, found["size"], found["size"]), picture(expected, 24)
    )
    special = np.array(found["special"])
    for at, layer in enumerate(expected):
        figures = head_figures(layer, special)
        for name, values in found["figures"].items():
            assert values[at] == pytest.approx(figures[name], abs=1e-5)


def test_what_is_said_of_tokens(named_classifier):
    bert = ask(LitTextClassifier(named_classifier("bert")), "great fun 😀 and well-made")
    assert bert["labels"][0] == "[CLS]"
    assert bert["labels"][-1] == "[SEP]"
    assert bert["special"] == [True, *[False] * (len(bert["labels"]) - 2), True]
    assert (bert["reads"], bert["causal"], bert["truncated"]) == (0, False, False)

    gpt2 = ask(LitTextClassifier(named_classifier("gpt2")), "Crème brûlée at the café")
    # Its own names are bytes in disguise; a piece that goes on with a word begins with ##.
    shown = "".join(each.removeprefix("##") for each in dict.fromkeys(gpt2["labels"]))
    assert {"è", "û", "é"} <= set(shown)
    assert not any("Ġ" in each for each in gpt2["labels"])
    assert not any(gpt2["special"])
    assert gpt2["reads"] == len(gpt2["tokens"]) - 1
    assert gpt2["causal"]
    assert gpt2["figures"]["next"] == [[0, 0], [0, 0]]
    assert gpt2["figures"]["special"] == [[None, None], [None, None]]


def test_given_tokens_are_run_in_place_of_the_text(named_classifier):
    model = LitTextClassifier(named_classifier("bert"))
    plain = ask(model, "word")
    example = {"sentence": "something else", "tokens": plain["tokens"]}
    (given,) = AttentionInterpreter().run([example], model, None, None, {})
    assert given["tokens"] == given["labels"] == plain["tokens"]
    assert given["special"] == plain["special"]
    assert given["pictures"] == plain["pictures"]


def test_a_text_that_was_cut_says_so(model):
    found = ask(model, "word " * 200)
    assert found["truncated"]
    assert found["size"] == 24
    assert len(found["tokens"]) == model.classifier.max_length


def test_an_empty_text_has_figures_of_its_one_or_two_tokens(model):
    found = ask(model, "")
    for values in found["figures"].values():
        for value in sum(values, []):
            assert value is None or math.isfinite(value)


def test_pictures_keep_the_largest_of_what_they_pool():
    weights = np.zeros((1, 5, 5))
    weights[0, 4, 1] = 1
    weights[0, 0, 0] = 0.2
    # Tokens 0 and 1 share a cell, and so do 2, 3 and 4.
    np.testing.assert_array_equal(picture(weights, 2), [[[51, 0], [255, 0]]])
    np.testing.assert_array_equal(picture(weights, 5), np.rint(weights * 255))


def test_a_diagonal_stays_one_in_small():
    small = picture(np.eye(500), 24)
    np.testing.assert_array_equal(small, 255 * np.eye(24))


def test_figures_of_heads_made_by_hand():
    uniform = np.full((4, 4), 0.25)
    itself = np.eye(4)
    previous = np.eye(4, k=-1)
    previous[0, 0] = 1
    half = np.array([[0.5, 0.5, 0, 0]] * 4)
    special = np.array([True, False, False, True])
    figures = head_figures(np.stack([uniform, itself, previous, half]), special)
    assert figures == {
        "entropy": pytest.approx([2, 0, 0, 1]),
        "itself": pytest.approx([0.25, 1, 0.25, 0.25]),
        "previous": pytest.approx([0.25, 0, 1, 1 / 3]),
        "next": pytest.approx([0.25, 0, 0, 1 / 6]),
        "special": pytest.approx([0.5, 0.5, 0.5, 0.5]),
    }
    alone = head_figures(np.ones((1, 1, 1)), np.array([False]))
    assert alone == {
        "entropy": [0], "itself": [1], "previous": [None], "next": [None], "special": [None],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"view": "all"}, "The view is 'all'; choose from overview, head, mean, rollout."),
        ({"view": ["head"]}, "The view is ['head']; choose from overview, head, mean, rollout."),
        ({"view": "mean"}, "The layer is None; give a number from 1 to 2."),
        ({"view": "mean", "layer": 0}, "The layer is 0; give a number from 1 to 2."),
        ({"view": "rollout", "layer": 3}, "The layer is 3; give a number from 1 to 2."),
        ({"view": "head", "layer": 1, "head": 3}, "The head is 3; give a number from 1 to 2."),
        ({"view": "head", "layer": 1, "head": "1"}, "The head is '1'; give a number from 1 to 2."),
        ({"view": "head", "layer": True}, "The layer is True; give a number from 1 to 2."),
    ],
)
def test_bad_requests_are_one_sentence(named_classifier, config, sentence):
    with pytest.raises(UserError) as raised:
        ask(LitTextClassifier(named_classifier("bert")), **config)
    assert str(raised.value) == sentence


def test_one_text_at_a_time(named_classifier):
    model = LitTextClassifier(named_classifier("bert"))
    assert AttentionInterpreter().run([], model, None) == []
    with pytest.raises(UserError, match="one text at a time, and 2 are given"):
        AttentionInterpreter().run([{"sentence": "word"}] * 2, model, None)


def test_models_without_such_weights_are_left_out(named_classifier):
    attention = AttentionInterpreter()
    assert attention.is_compatible(LitTextClassifier(named_classifier("bert")), None)
    assert not attention.is_compatible(LitTextClassifier(named_classifier("longformer")), None)
    assert not attention.is_compatible(Stars(), None)


def all_views(model, text=TEXT):
    ask(model, text)
    for layer in (1, 2):
        for head in (1, 2):
            ask(model, text, view="head", layer=layer, head=head)
        ask(model, text, view="mean", layer=layer)
    ask(model, text, view="rollout", layer=2)


def test_going_from_head_to_head_computes_nothing_again(model, monkeypatch):
    calls = CountedCalls(monkeypatch, model.classifier)
    all_views(model)
    assert calls.rows["attention"] == 1


def test_a_text_too_large_for_the_cache_is_computed_once_a_request(named_classifier, monkeypatch):
    classifier = named_classifier("bert")
    text = "word " * 20
    one_layer = exact(LitTextClassifier(classifier), text)[0].nbytes
    # Half is for what is computed on demand: room for one of the two layers.
    caches = Caches(3 * one_layer)
    model = LitTextClassifier(classifier, caches=caches)
    calls = CountedCalls(monkeypatch, classifier)
    ask(model, text)
    assert calls.rows["attention"] == 1
    for head in (1, 2, 1):
        ask(model, text, view="head", layer=1, head=head)
    assert calls.rows["attention"] == 2
    ask(model, text, view="rollout", layer=2)
    assert calls.rows["attention"] == 3
    assert caches.on_demand.bytes <= 1.5 * one_layer


def test_the_page_is_answered_without_predictions_and_in_strict_json(named_classifier):
    client = client_of(build_app({"bert": named_classifier("bert")}, {"texts": a_table()}))
    (first, *_) = client.post("/get_dataset?dataset_name=texts", data="{}").get_json()
    query = "dataset_name=texts&model=bert&interpreter=attention&do_predict=0"

    def answer(**config):
        data = json.dumps({"inputs": [first["id"]], "config": config})
        return client.post(f"/get_interpretations?{query}", data=data)

    text = answer(view="overview").get_data(as_text=True)
    (found,) = json.loads(text, parse_constant=pytest.fail)
    assert found["heads"] == 2
    refused = answer(view="head", layer=9, head=1)
    assert refused.status_code == 400
    assert refused.get_json()["error"] == "The layer is 9; give a number from 1 to 2."
