"""Models that are not this package's, explained through their text."""

import itertools
import json
import math

import numpy as np
import pytest
from lit_nlp import app as lit_app
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from werkzeug.test import Client

from lit_plugins import explain
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS
from lit_plugins.lit.build import CLIENT_ROOT
from lit_plugins.lit.interpreters.registry import lit_interpreters
from lit_plugins.lit.models.any_classifier import (
    LitPredictor,
    TextFields,
    predictor_of,
    text_fields,
)
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import CLASSIFIER
from lit_plugins.text.encoded import find_words
from tests.random_texts import check_tokens, random_texts

WEIGHTS = {"great": 2.0, "dull": -1.5, "fun": 0.7, "?": -0.3}
TEXTS = ["Great fun, never dull ", "not great: dull?", "", "fun"]


class Stars(lit_model.BatchedModel):
    """Weighs words; "not" turns what follows around, and the price is of weight too."""

    def __init__(self, mask: str | None = None, sign: float = 1.0):
        self.mask = mask
        self.sign = sign
        self.seen: list[str] = []

    def input_spec(self):
        spec = {"review": lit_types.TextSegment(), "price": lit_types.Scalar()}
        if self.mask is not None:
            spec["words"] = lit_types.Tokens(parent="review", mask_token=self.mask, required=False)
        spec["gold"] = lit_types.CategoryLabel(vocab=["bad", "good"], required=False)
        return spec

    def output_spec(self):
        return {
            "rating": lit_types.RegressionScore(),
            "verdict": lit_types.MulticlassPreds(vocab=["bad", "good"], parent="gold"),
        }

    def predict_minibatch(self, inputs):
        for example in inputs:
            assert "words" not in example  # they would not be the changed text's
            self.seen.append(example["review"])
            yield {"rating": 0.0, "verdict": self.verdict(example["review"], example["price"])}

    def verdict(self, review, price):
        score, sign = -price, self.sign
        for start, end in find_words(review):
            word = review[start:end].lower()
            sign = -sign if word == "not" else sign
            score += sign * WEIGHTS.get(word, 0.0)
        good = 1 / (1 + math.exp(-score))
        return [1 - good, good]


EXAMPLES = [{"review": text, "price": 0.1 * at, "gold": "bad"} for at, text in enumerate(TEXTS)]


def shapley_by_hand(words, value):
    """By the definition: over all orders, what each word adds when it joins those before it."""
    scores = np.zeros(len(words))
    orders = list(itertools.permutations(range(len(words))))
    for order in orders:
        for at, word in enumerate(order):
            scores[word] += value({*order[: at + 1]}) - value({*order[:at]})
    return scores / len(orders)


def by_hand(model, example):
    text = example["review"]
    words = find_words(text)
    edges = [0, *(end for _, end in words)]

    def value(kept):
        parts = []
        for at, (_, end) in enumerate(words):
            if at in kept:
                parts.append(text[edges[at] : end])
            elif model.mask:
                parts.append(f" {model.mask}" if parts else model.mask)
        return model.verdict("".join(parts) + text[edges[-1] :], example["price"])[1]

    return [text[start:end] for start, end in words], shapley_by_hand(words, value)


@pytest.fixture(scope="module")
def models():
    return {"theirs": Stars(), "opposite": Stars(sign=-1.0)}


@pytest.fixture(scope="module")
def client(models):
    dataset = lit_dataset.Dataset(spec=Stars().input_spec(), examples=EXAMPLES)
    app = lit_app.LitApp(
        models=models,
        datasets={"reviews": dataset},
        interpreters=lit_interpreters(models),
        client_root=str(CLIENT_ROOT),
    )
    return Client(app)


def ask(client, interpreter, config):
    inputs = client.post("/get_dataset?dataset_name=reviews", data="{}").get_json()
    answer = client.post(
        f"/get_interpretations?dataset_name=reviews&model=theirs&interpreter={interpreter}",
        data=json.dumps({"inputs": [each["id"] for each in inputs], "config": config}),
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def test_lits_own_app_offers_the_methods_that_need_answers_only(client):
    info = client.post("/get_info", data="{}").get_json()
    for model in ("theirs", "opposite"):
        offered = info["models"][model]["interpreters"]
        for method in METHODS.values():
            assert (method.title in offered) == method.black_box


def test_its_shapley_values_are_those_by_hand(client, models):
    config = {"Class to explain": {"field": "verdict", "index": 1}}
    for shown, example in zip(ask(client, "SHAP", config), EXAMPLES, strict=True):
        words, scores = by_hand(models["theirs"], example)
        assert shown[""]["tokens"] == words
        np.testing.assert_allclose(shown[""]["salience"], scores, atol=1e-6)
    # The page asks again with the class as the gold label: the same examples to the cache.
    models["theirs"].seen.clear()
    ask(client, "SHAP", config)
    assert models["theirs"].seen == []


def test_two_such_models_are_compared(client, models):
    config = {"Class to explain": {"field": "verdict", "index": 1}, "other": "opposite"}
    shown = ask(client, METHODS["difference"].title, config)
    for each, example in zip(shown, EXAMPLES, strict=True):
        _, ours = by_hand(models["theirs"], example)
        _, theirs = by_hand(models["opposite"], example)
        np.testing.assert_allclose(each[""]["salience"], ours - theirs, atol=1e-6)


def test_its_own_mask_token_stands_for_a_missing_word():
    model = Stars(mask="___")
    fields = text_fields(model)
    assert fields == TextFields(
        "review", "verdict", ("bad", "good"), gold="gold", tokens=("words",), mask="___"
    )
    example = {**EXAMPLES[0], "words": ["Great"], "_id": "1"}
    (explained,) = explain(LitPredictor(model, fields, example), TEXTS[:1], target="good")
    words, scores = by_hand(model, example)
    assert list(explained.words) == words
    np.testing.assert_allclose(explained.scores, scores, atol=1e-6)
    assert TEXTS[0] in model.seen
    assert "___ ___ ___ ___ ___ " in model.seen
    assert explained.missing == "mask_per_token"


@pytest.mark.parametrize("missing", ["mask_per_token", "mask_per_word", "left_out"])
def test_a_model_without_a_mask_leaves_words_out_whatever_stands_for_them(missing):
    model = Stars()
    predictor = LitPredictor(model, text_fields(model), EXAMPLES[0])
    (explained,) = explain(predictor, TEXTS[:1], "occlusion", "good", missing=missing)
    assert explained.missing == "left_out"
    assert "Great fun, never " in model.seen


@pytest.mark.parametrize("name", [name for name, each in METHODS.items() if each.black_box])
@pytest.mark.parametrize("pieces", [False, True])
def test_every_such_method_answers(name, pieces):
    model, other = Stars(), Stars(sign=-1.0)
    fields = text_fields(model)
    options = {
        option.name: LitPredictor(other, fields, EXAMPLES[0])
        for option in METHODS[name].options
        if option.loads == CLASSIFIER
    }
    predictor = LitPredictor(model, fields, EXAMPLES[0])
    for explained in explain(predictor, TEXTS, method=name, pieces=pieces, **options):
        words = find_words(explained.text)
        assert explained.words == tuple(explained.text[start:end] for start, end in words)
        assert np.isfinite(explained.scores).all()


def test_any_text_is_read_and_written_back_as_it_was():
    model = Stars()
    predictor = LitPredictor(model, text_fields(model), EXAMPLES[0])
    texts = [*TEXTS, *random_texts(3, 200)]
    encoded = predictor.encode(texts)
    for each in encoded:
        check_tokens(each)
    logits = predictor.logits([each.row for each in encoded])
    assert sorted(model.seen) == sorted(texts)
    expected = [model.verdict(text, EXAMPLES[0]["price"]) for text in texts]
    np.testing.assert_allclose(np.exp(logits), expected, rtol=1e-5)


def test_classes_by_label_or_index():
    predictor = LitPredictor(Stars(), text_fields(Stars()), EXAMPLES[0])
    assert predictor.task.target_index("good") == predictor.task.target_index(1) == 1
    for wrong in ("great", 2, -1):
        with pytest.raises(UserError, match="none of this model's: bad, good; give one of them"):
            predictor.task.target_index(wrong)


def test_certain_models_have_logits_too():
    class Certain(Stars):
        def verdict(self, review, price):
            return [0.0, 1.0]

    predictor = LitPredictor(Certain(), text_fields(Stars()), EXAMPLES[0])
    (encoded,) = predictor.encode(["fun"])
    assert np.isfinite(predictor.logits([encoded.row])).all()


def test_models_without_a_text_or_without_classes_are_not_explained():
    class NoText(Stars):
        def input_spec(self):
            return {"price": lit_types.Scalar()}

    class NoClasses(Stars):
        def output_spec(self):
            return {"rating": lit_types.RegressionScore()}

    assert text_fields(NoText()) is None
    assert text_fields(NoClasses()) is None
    for name, interpreter in lit_interpreters().items():
        explains = name not in ("thresholder", "curves")  # these need no text
        if type(interpreter).__module__.startswith("lit_plugins") and explains:
            assert not interpreter.is_compatible(NoText(), None)
            assert not interpreter.is_compatible(NoClasses(), None)


def test_this_packages_models_are_explained_through_their_tokenizer(named_classifier):
    model = LitTextClassifier(named_classifier("bert"))
    assert predictor_of(model, text_fields(model), {}) is model.classifier
