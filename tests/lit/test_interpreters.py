import numpy as np
import pytest

from lit_plugins import explain
from lit_plugins.explain import METHODS
from lit_plugins.lit.forms import form
from lit_plugins.lit.interpreters import TARGET, ExplanationInterpreter, ModelMaskLime
from lit_plugins.lit.model import LitTextClassifier
from tests.lit.conftest import TEXTS

EXAMPLES = [{"sentence": text} for text in TEXTS]


@pytest.fixture(scope="module")
def model(named_classifier):
    return LitTextClassifier(named_classifier("bert"))


@pytest.mark.parametrize("name", METHODS)
def test_the_words_and_scores_are_the_engines(model, name):
    interpreter = ExplanationInterpreter(METHODS[name])
    shown = interpreter.run(EXAMPLES, model, None, config={TARGET: {"field": "probas", "index": 1}})
    expected = explain(model.classifier, TEXTS, method=name, target=1)
    for each, explanation in zip(shown, expected, strict=True):
        assert each["words"].tokens == list(explanation.words)
        scale = max(1.0, np.abs(explanation.scores).max())
        np.testing.assert_allclose(each["words"].salience, explanation.scores / scale)
        assert max(map(abs, each["words"].salience)) <= 1
        _, caption = each
        assert caption.startswith(("P(positive)", "logit(positive)"))
        assert f"{explanation.output:.3f}" in caption
        assert ("divided by" in caption) == (scale > 1)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("config", [None, {}, {TARGET: None}, {TARGET: {"field": "probas"}}])
def test_without_a_class_the_predicted_one_is_explained(model, name, config):
    (shown,) = ExplanationInterpreter(METHODS[name]).run(EXAMPLES[:1], model, None, config=config)
    logits = model.classifier.predict(TEXTS[:1]).logits[0]
    _, caption = shown
    assert f"({model.classifier.labels[int(logits.argmax())]})" in caption


@pytest.mark.parametrize("name", METHODS)
def test_forms_send_options_as_text_and_all_are_optional(model, name):
    fields = form(METHODS[name].options)
    assert set(fields) == {option.name for option in METHODS[name].options}
    assert not any(field.required for field in fields.values())
    # A dropdown has no default: its first entry is what the page sends.
    sent = {
        field: getattr(kind, "vocab", None) and kind.vocab[0] or kind.default
        for field, kind in fields.items()
    }
    interpreter = ExplanationInterpreter(METHODS[name])
    assert interpreter.run(EXAMPLES[:2], model, None, config=sent) == interpreter.run(
        EXAMPLES[:2], model, None
    )


@pytest.mark.parametrize("name", METHODS)
def test_salience_clustering_gets_the_words_alone(model, name):
    (shown,) = ExplanationInterpreter(METHODS[name], caption=False).run(EXAMPLES[:1], model, None)
    assert list(shown) == ["words"]


def test_a_text_that_was_cut_says_so(checkpoint):
    from lit_plugins import TextClassifier

    short = LitTextClassifier(TextClassifier.from_pretrained(checkpoint("bert"), max_length=6))
    interpreter = ExplanationInterpreter(METHODS["shapley"])
    (shown,) = interpreter.run([{"sentence": TEXTS[0]}], short, None)
    _, caption = shown
    assert "longer than the model reads" in caption


def test_lime_masks_with_the_models_own_token(named_classifier, monkeypatch):
    seen = []
    model = LitTextClassifier(named_classifier("roberta"))
    predict = model.predict

    def spy(inputs, *arguments, **options):
        inputs = list(inputs)
        seen.extend(example["sentence"] for example in inputs)
        return predict(inputs, *arguments, **options)

    monkeypatch.setattr(model, "predict", spy)
    ModelMaskLime().run(EXAMPLES[:1], model, None)
    assert any("<mask>" in text for text in seen)
    assert not any("[MASK]" in text for text in seen)
