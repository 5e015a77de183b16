"""Counterfactual methods as LIT's generators, for this package's models and others."""

import json
import math

import pytest
from lit_nlp import app as lit_app
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types
from werkzeug.test import Client

from lit_plugins.counterfactual import METHODS
from lit_plugins.errors import UserError
from lit_plugins.lit.build import CLIENT_ROOT
from lit_plugins.lit.dataset import lit_dataset_of
from lit_plugins.lit.generators.counterfactuals import CounterfactualGenerator
from lit_plugins.lit.generators.registry import lit_generators
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import LANGUAGE_MODEL
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.progress import Runs
from lit_plugins.text.encoded import find_words
from tests.explain.toys import toy
from tests.lit.conftest import TEXTS, a_table

NAMES = ("negative", "positive")
DATASET = lit_dataset_of(a_table(), NAMES)
WEIGHTS = {"great": 2.0, "dull": -1.5, "fun": 0.7}


class Stars(lit_model.BatchedModel):
    """Weighs words, and the price is of weight too."""

    def __init__(self):
        self.seen = []

    def input_spec(self):
        return {
            "review": lit_types.TextSegment(),
            "price": lit_types.Scalar(),
            "words": lit_types.Tokens(parent="review", required=False),
            "gold": lit_types.CategoryLabel(vocab=["bad", "good"], required=False),
        }

    def output_spec(self):
        return {"verdict": lit_types.MulticlassPreds(vocab=["bad", "good"], parent="gold")}

    def predict_minibatch(self, inputs):
        for example in inputs:
            assert "words" not in example  # they would not be the changed text's
            self.seen.append(example["review"])
            yield {"verdict": self.verdict(example["review"], example["price"])}

    def verdict(self, review, price):
        words = [review[start:end].lower() for start, end in find_words(review)]
        good = 1 / (1 + math.exp(price - sum(WEIGHTS.get(word, 0.0) for word in words)))
        return [1 - good, good]


class Points(lit_model.BatchedModel):
    """Gives a score and no class."""

    def input_spec(self):
        return {"sentence": lit_types.TextSegment()}

    def output_spec(self):
        return {"score": lit_types.RegressionScore()}

    def predict_minibatch(self, inputs):
        return [{"score": 0.0} for _ in inputs]


@pytest.fixture(scope="module")
def models(named_classifier, classifier):
    return {
        "bert": LitTextClassifier(named_classifier("bert")),
        "gpt2": LitTextClassifier(named_classifier("gpt2")),
        "three": LitTextClassifier(classifier("bert", 3), label_field=None),
        "points": Points(),
    }


def ablation(models):
    return CounterfactualGenerator(METHODS["ablation"], models)


def generated(generator, asked, texts, **config):
    examples = [{**DATASET.examples[0], "sentence": text, "_id": text} for text in texts]
    return generator.generate_all(examples, asked, DATASET, config)


def test_the_form_offers_every_model_that_classifies_and_every_class(models):
    form = ablation(models).config_spec()
    assert form["model"].vocab == ["bert", "gpt2", "three"]
    assert form["target"].vocab == ["any other", "negative", "positive", *models_labels(models)]
    assert not any(field.required for field in form.values())
    assert {"max_edits", "limit", "evaluations"} <= set(form)


def models_labels(models):
    return [label for label in models["three"].classifier.labels if label not in NAMES]


def test_a_page_cannot_choose_the_language_model(models):
    generator = CounterfactualGenerator(METHODS["infill"], models, "nowhere/at-all")
    (option,) = [each.name for each in METHODS["infill"].options if each.loads == LANGUAGE_MODEL]
    assert option not in generator.config_spec()
    with pytest.raises(UserError, match="nowhere/at-all"):
        generated(generator, models["bert"], TEXTS[:1], **{option: "/etc/passwd"})


@pytest.mark.parametrize("name", ["bert", "gpt2"])
def test_results_flip_the_chosen_model(models, name):
    made = generated(ablation(models), models["bert"], TEXTS, model_name="bert")
    other = generated(ablation(models), models["bert"], TEXTS, model=name)
    assert any(other)
    classifier = models[name].classifier
    for text, children in zip(TEXTS, other, strict=True):
        for child in children:
            before, after = classifier.predict([text, child["sentence"]]).probabilities
            assert before.argmax() != after.argmax()
            assert child["_meta"] == {
                "model": name,
                "prediction": f"{NAMES[before.argmax()]} {before.max():.3f} → "
                f"{NAMES[after.argmax()]} {after.max():.3f}",
                "edit_size": len(find_words(text)) - len(find_words(child["sentence"])),
            }
            assert "left out" in child["edit"]
            assert set(child) == {*DATASET.spec(), "_meta"}
            assert child["label"] == DATASET.examples[0]["label"]
    assert (made == other) == (name == "bert")


def test_a_target_of_three(models):
    labels = models["three"].classifier.labels
    for target in labels:
        made = generated(ablation(models), models["three"], TEXTS, target=target)
        for text, children in zip(TEXTS, made, strict=True):
            texts = [text, *(child["sentence"] for child in children)]
            before, *after = models["three"].classifier.predict(texts).logits.argmax(-1)
            assert all(labels[label] == target for label in after)
            assert not (children and labels[before] == target)


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"model": "nobody"}, "The option model is 'nobody'; give one of bert, gpt2, three."),
        ({"model": ["bert"]}, r"The option model is \['bert'\]; give one of bert, gpt2, three."),
        ({"model": "points"}, "The option model is 'points'; give one of bert, gpt2, three."),
        ({"max_edits": "many"}, "The option max_edits is 'many'; give a whole number"),
        ({"evaluations": "0"}, "The option evaluations is '0'; give a whole number"),
        ({"model": "three", "target": "positive"}, "The class 'positive' is none of this model's"),
    ],
    ids=str,
)
def test_a_users_mistake_is_one_sentence(models, config, sentence):
    with pytest.raises(UserError, match=f"^{sentence}"):
        generated(ablation(models), models["bert"], TEXTS, **config)


def test_a_model_without_classes_is_refused_in_one_sentence(models):
    generator = ablation(models)
    assert not generator.is_compatible(models["points"], DATASET)
    with pytest.raises(UserError, match="does not suit this model"):
        generated(generator, models["points"], TEXTS)


def test_progress_and_what_was_not_found_are_told(models):
    runs = Runs()
    toys = {"toy": LitTextClassifier(toy())}
    with runs.running("mine"):
        made = generated(ablation(toys), toys["toy"], ["", "?", "zzz"])
    assert made == [[], [], []]
    assert runs.get("mine") == {
        "done": 3,
        "total": 3,
        "notes": ["Nothing was found within these options for 3 of 3 texts."],
    }


def test_a_run_that_is_given_up_stops(models):
    with cancellation.stopping_when(lambda: True), pytest.raises(cancellation.Stopped):
        generated(ablation(models), models["bert"], TEXTS)


@pytest.mark.parametrize(
    ("rule", "text", "new_text", "label"),
    [
        ("negation_added", "The film is good.", "The film is not good.", "negative"),
        ("antonym", "The film is good.", "The film is bad.", "negative"),
        # A change of one of several things may leave the rest to decide.
        ("antonym", "A good film but a sad one.", "A bad film but a sad one.", "positive"),
        ("closing_mark", "The film is good.", "The film is good", "positive"),
    ],
)
def test_the_label_is_the_parents_unless_a_rule_turns_the_meaning(
    models, rule, text, new_text, label
):
    generator = CounterfactualGenerator(METHODS["lexical"], models)
    (made,) = generated(generator, models["bert"], [text], rule=rule, flips_only=False)
    (child,) = [each for each in made if each["sentence"] == new_text]
    assert child["label"] == label
    assert child["edit"].endswith(f" ({rule})")


def test_another_librarys_model_in_lits_own_app():
    models = {"theirs": Stars()}
    examples = [
        {"review": "Great fun", "price": 0.5, "words": ["Great", "fun"], "gold": "good"},
        {"review": "Great fun", "price": 1.5, "words": ["Great", "fun"], "gold": "good"},
        {"review": "", "price": 0.0, "words": [], "gold": "bad"},
    ]
    app = lit_app.LitApp(
        models=models,
        datasets={
            "reviews": lit_dataset.Dataset(spec=models["theirs"].input_spec(), examples=examples)
        },
        generators=lit_generators(models),
        client_root=str(CLIENT_ROOT),
    )
    client = Client(app)
    offered = client.post("/get_info", data="{}").get_json()["models"]["theirs"]["generators"]
    assert offered == [
        *(method.title for method in METHODS.values() if method.black_box),
        "Word Replacer",
        "Scrambler",
    ]
    inputs = client.post("/get_dataset?dataset_name=reviews", data="{}").get_json()
    answer = client.post(
        "/get_generated?dataset_name=reviews&model=theirs&generator=Ablation",
        data=json.dumps({"inputs": [each["id"] for each in inputs], "config": {"max_edits": 1}}),
    )
    assert answer.status_code == 200
    dear, dearer, empty = answer.get_json()
    # 2.7 - 0.5 without "Great" is 0.2, still good; 2.7 - 1.5 without it is -0.8.
    assert dear == []
    assert [each["data"]["review"] for each in dearer] == ["Fun"]
    assert {name for name in dearer[0]["data"] if name[0] != "_"} == {"review", "price", "gold"}
    assert dearer[0]["data"]["price"] == 1.5
    assert empty == []


def test_a_foreign_model_is_run_as_often_as_it_says(models):
    model = Stars()
    parent = {"review": "a great fun film", "price": 1.5}
    dataset = lit_dataset.Dataset(spec=model.input_spec(), examples=[])
    made = ablation({"theirs": model}).generate(parent, model, dataset, {"evaluations": 4})
    assert [each["review"] for each in made] == ["a fun film"]
    assert len(model.seen) <= 1 + 4
