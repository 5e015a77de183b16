import pytest

from lit_plugins import TextClassifier, explain
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, PIECES
from lit_plugins.lit.forms import config_fields
from lit_plugins.lit.interpreters import explanation_request
from lit_plugins.lit.interpreters.explanation_cache import Explanations
from lit_plugins.lit.interpreters.explanation_request import TARGET
from lit_plugins.lit.interpreters.salience import ExplanationInterpreter
from lit_plugins.lit.models.classifier import LitTextClassifier
from lit_plugins.options import CLASSIFIER
from tests.lit.conftest import TEXTS

EXAMPLES = [{"sentence": text} for text in TEXTS]


@pytest.fixture(scope="module")
def models(named_classifier):
    return {kind: LitTextClassifier(named_classifier(kind)) for kind in ("bert", "gpt2")}


@pytest.fixture(scope="module")
def model(models):
    return models["bert"]


@pytest.fixture
def interpreter(models):
    """A method's interpreter, with an empty cache."""

    def make(name, **options):
        return ExplanationInterpreter(METHODS[name], Explanations(), models, **options)

    return make


def test_the_caption_names_what_stands_for_a_missing_word_and_the_page_chooses_no_path(models):
    row = ExplanationInterpreter(METHODS["occlusion"], Explanations(filler="review-filler"), models)
    assert "infill_model" not in {option.name for option in row.options}
    assert "infill_model" not in row.config_spec()
    config = {"missing": "infill", "infill_model": "/etc", TARGET: {"index": 1}}
    (shown,) = row.run(EXAMPLES[:1], models["bert"], None, config=config)
    words, said = shown.items()
    assert "; missing words: infill; The missing words are written by review-filler." in said[0]
    (expected,) = explain(
        *(models["bert"].classifier, TEXTS[:1], "occlusion", 1),
        **{"missing": "infill", "infill_model": "review-filler"},
    )
    assert words[1].salience == expected.scores.tolist()
    (default,) = row.run(EXAMPLES[:1], models["bert"], None, config={TARGET: {"index": 1}})
    assert "; missing words: mask per token" in list(default)[1]


def others(name, models):
    """What the method compares the model with, if it does."""
    return {
        option.name: models["gpt2"].classifier
        for option in METHODS[name].options
        if option.loads == CLASSIFIER
    }


@pytest.mark.parametrize("name", METHODS)
def test_the_words_and_scores_are_the_engines(models, model, interpreter, name):
    shown = interpreter(name).run(
        EXAMPLES, model, None, config={TARGET: {"field": "probas", "index": 1}}
    )
    expected = explain(model.classifier, TEXTS, method=name, target=1, **others(name, models))
    for each, explanation in zip(shown, expected, strict=True):
        words, caption = each.items()
        assert words[0] == ""  # the page shows no heading over them
        assert words[1].tokens == list(explanation.words)
        assert words[1].salience == explanation.scores.tolist()
        assert words[1].unit == explanation.unit
        if words[1].error is not None:
            assert words[1].error == explanation.error.tolist()
        assert caption[0].startswith(("P(positive)", "logit(positive)"))
        assert f"{explanation.output:.3f}" in caption[0]
        assert "nan" not in caption[0]
        assert caption[1].tokens == []


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("config", [None, {}, {TARGET: None}, {TARGET: {"field": "probas"}}])
def test_without_a_class_the_predicted_one_is_explained(model, interpreter, name, config):
    (shown,) = interpreter(name).run(EXAMPLES[:1], model, None, config=config)
    logits = model.classifier.predict(TEXTS[:1]).logits[0]
    _, caption = shown
    assert f"({model.classifier.labels[int(logits.argmax())]})" in caption


@pytest.mark.parametrize("name", METHODS)
def test_forms_send_options_as_text_and_all_are_optional(models, model, interpreter, name):
    fields = config_fields((*METHODS[name].options, PIECES), ["gpt2"])
    assert set(fields) == {option.name for option in METHODS[name].options} | {"pieces"}
    assert not any(field.required for field in fields.values())
    # A dropdown has no default: its first entry is what the page sends.
    sent = {
        field: kind.vocab[0] if getattr(kind, "vocab", None) else kind.default
        for field, kind in fields.items()
    }
    made = interpreter(name)
    assert made.run(EXAMPLES[:2], model, None, config=sent) == made.run(EXAMPLES[:2], model, None)


@pytest.mark.parametrize("name", METHODS)
def test_pieces_have_scores_of_their_own(models, model, interpreter, name):
    (shown,) = interpreter(name).run(EXAMPLES[:1], model, None, config={"pieces": True})
    (encoded,) = model.classifier.encode(TEXTS[:1])
    pieces = encoded.in_pieces().word_texts
    assert len(pieces) > len(encoded.words)
    assert shown[""].tokens == list(pieces)


@pytest.mark.parametrize("name", METHODS)
def test_salience_clustering_gets_the_words_alone(model, interpreter, name):
    (shown,) = interpreter(name, caption=False).run(EXAMPLES[:1], model, None)
    assert list(shown) == ["words"]


@pytest.mark.parametrize("name", METHODS)
def test_the_page_is_told_whether_scores_have_signs(interpreter, name):
    (kind,) = interpreter(name).meta_spec().values()
    assert kind.signed == METHODS[name].signed
    assert not kind.autorun


def test_attention_has_no_signs():
    assert not METHODS["attention_rollout"].signed


def test_a_text_that_was_cut_says_so(checkpoint, interpreter):
    short = LitTextClassifier(TextClassifier.from_pretrained(checkpoint("bert"), max_length=6))
    (shown,) = interpreter("shapley").run([{"sentence": TEXTS[0]}], short, None)
    _, caption = shown
    assert "longer than the model reads" in caption


def test_the_strongest_pairs_of_words_are_told(model, interpreter):
    config = {"interactions": "true"}
    (shown,) = interpreter("shapley").run(EXAMPLES[:1], model, None, config=config)
    _, caption = shown
    (explanation,) = explain(model.classifier, TEXTS[:1], interactions=True)
    (first, second, _), *_ = explanation.top_pairs(1)
    assert f"words that act together most: {first} × {second} " in caption


def test_methods_that_need_gradients_or_attention_suit_models_that_have_them(
    models, model, interpreter, monkeypatch
):
    suits = {name: interpreter(name).is_compatible(model, None) for name in METHODS}
    assert all(suits.values())
    monkeypatch.setattr(model.classifier.network, "takes_embeddings", False)
    assert interpreter("shapley").is_compatible(model, None)
    assert interpreter("attention_rollout").is_compatible(model, None)
    assert not interpreter("integrated_gradients").is_compatible(model, None)
    monkeypatch.setattr(model.classifier.network, "attention_layers", 0)
    assert not interpreter("attention_rollout").is_compatible(model, None)


def test_the_other_model_is_chosen_by_name(named_classifier):
    models = {kind: LitTextClassifier(named_classifier(kind)) for kind in ("bert", "gpt2", "xlnet")}
    interpreter = ExplanationInterpreter(METHODS["difference"], Explanations(), models)
    assert interpreter.config_spec()["other"].vocab == list(models)
    for name, config in (("xlnet", {"other": "xlnet"}), ("gpt2", {"other": "gpt2"}), ("gpt2", {})):
        (shown,) = interpreter.run(EXAMPLES[:1], models["bert"], None, config=config)
        (expected,) = explain(
            models["bert"].classifier,
            TEXTS[:1],
            method="difference",
            other=models[name].classifier,
        )
        assert shown[""].salience == expected.scores.tolist()
        assert f" minus {name}'s = {expected.output:.3f}, base" in list(shown)[1]


@pytest.mark.parametrize("name", ["bert", "nobody"])
def test_no_model_is_compared_with_itself_or_with_one_that_is_not_there(model, interpreter, name):
    with pytest.raises(UserError, match=f"other is '{name}'; give another model .* such as gpt2"):
        interpreter("difference").run(EXAMPLES[:1], model, None, config={"other": name})


def test_models_are_compared_where_there_are_two_with_the_same_classes(models, classifier):
    def suits(among):
        made = ExplanationInterpreter(METHODS["difference"], Explanations(), among)
        return made.is_compatible(models["bert"], None)

    three = LitTextClassifier(classifier("bert", 3))
    assert suits(models)
    assert not suits({"bert": models["bert"]})
    assert not suits({"bert": models["bert"], "three": three})


def count_runs(monkeypatch):
    ran = []
    explain_each = explanation_request.explain_each

    def spy(classifier, texts, *arguments, **options):
        ran.append(tuple(texts))
        return explain_each(classifier, texts, *arguments, **options)

    monkeypatch.setattr(explanation_request, "explain_each", spy)
    return ran


def test_what_was_explained_is_not_computed_again(models, model, monkeypatch):
    ran = count_runs(monkeypatch)
    kept = Explanations()
    row, mapper = (
        ExplanationInterpreter(METHODS["shapley"], kept, models, caption=caption)
        for caption in (True, False)
    )
    (first,) = row.run(EXAMPLES[:1], model, None)
    logits = model.classifier.predict(TEXTS[:1]).logits[0]
    target = {"field": "probas", "index": int(logits.argmax())}
    (again,) = row.run(EXAMPLES[:1], model, None, config={TARGET: target, "evaluations": "500"})
    clustered = mapper.run(EXAMPLES[:3], model, None)
    assert first == again
    assert clustered[0]["words"] == first[""]
    assert ran == [TEXTS[:1], TEXTS[1:3]]


@pytest.mark.parametrize(
    "config",
    [
        {"evaluations": 64},
        {"seed": 1},
        {"output": "logit"},
        {"pieces": True},
        {TARGET: {"field": "probas", "index": 0}},
        {TARGET: {"field": "probas", "index": 1}},
    ],
)
def test_what_differs_in_any_way_is_computed(models, model, interpreter, monkeypatch, config):
    made = interpreter("shapley")
    made.run(EXAMPLES[:1], model, None, config={"evaluations": 96})
    made.run(EXAMPLES[:1], models["gpt2"], None, config={"evaluations": 96})
    ran = count_runs(monkeypatch)
    made.run(EXAMPLES[:1], model, None, config=config)
    made.run(EXAMPLES[:1], models["gpt2"], None, config=config)
    assert len(ran) == 2


def test_a_refused_option_is_a_users_mistake(model, interpreter):
    with pytest.raises(UserError, match="The option evaluations is '5'; give a whole number"):
        interpreter("shapley").run(EXAMPLES[:1], model, None, config={"evaluations": "5"})


def test_no_examples_no_explanations(model, interpreter):
    assert interpreter("shapley").run([], model, None) == []


def test_the_class_that_the_page_names_is_an_index_whatever_the_labels(model, interpreter):
    digits = LitTextClassifier(model.classifier.with_labels(("1", "2")))
    for index, label in enumerate(digits.classifier.labels):
        config = {TARGET: {"field": "probas", "index": index}}
        (shown,) = interpreter("occlusion").run(EXAMPLES[:1], digits, None, config=config)
        assert f"({label})" in list(shown)[1]
