import json

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from lit_plugins import TextClassifier
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, explain
from tests.checkpoints import KINDS, TEXTS
from tests.explain.toys import VOCABULARY, toy, toy_model, toy_tokenizer

ALL = pytest.mark.parametrize("method", list(METHODS))
FEW = {"shapley": {"evaluations": 64}, "integrated_gradients": {"max_steps": 32}}


def same(one, other, tolerance=1e-5):
    scale = max(1.0, np.abs(one.scores).max(initial=0.0))
    np.testing.assert_allclose(one.scores, other.scores, atol=tolerance * scale)
    assert one.target == other.target
    assert one.output == pytest.approx(other.output, abs=tolerance * scale)
    assert one.base_value == pytest.approx(other.base_value, abs=tolerance * scale)


@ALL
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_architecture_adds_up_and_neither_order_nor_batch_matters(classifier, kind, method):
    model = classifier(kind, 3)
    texts = ["...", *TEXTS[1:4], "", "a  film\n\n"]
    explanations = explain(model, texts, method, **FEW[method])
    predictions = model.predict(texts)
    for text, explanation in zip(texts, explanations, strict=True):
        assert explanation.text == text
        assert [text[start:end] for start, end in explanation.offsets] == list(explanation.words)
        assert explanation.scores.shape == (len(explanation.words),)
        assert np.isfinite(explanation.scores).all()
        left = explanation.output - explanation.base_value - explanation.scores.sum()
        assert left == pytest.approx(explanation.delta, abs=1e-9)
        missed = abs(left) / max(abs(explanation.output - explanation.base_value), 1e-3)
        assert explanation.converged == (missed <= 0.01) == (not explanation.note)
        json.dumps(explanation.to_dict(), allow_nan=False)
    for index, explanation in enumerate(explanations):
        table = predictions.logits if explanation.unit == "logit" else predictions.probabilities
        assert explanation.output == table[index, explanation.target]
    backwards = explain(model, texts[::-1], method, **FEW[method])[::-1]
    alone = [explain(model, [text], method, **FEW[method])[0] for text in texts[:2]]
    for one, other in zip(explanations, backwards, strict=True):
        same(one, other)
    for one, other in zip(explanations[:2], alone, strict=True):
        same(one, other)


def bases(model, texts):
    shapley = explain(model, texts, target=1, output="logit", evaluations=32)
    gradients = explain(model, texts, "integrated_gradients", 1, max_steps=2)
    return [[explanation.base_value for explanation in each] for each in (shapley, gradients)]


@pytest.mark.parametrize("kind", list(KINDS))
def test_both_methods_start_from_the_same_text_without_words(classifier, kind):
    one, other = bases(classifier(kind, 3), TEXTS[:4])
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_a_mask_token_that_is_the_padding_token_does_not_end_a_decoders_text(checkpoint):
    folder = checkpoint("gpt2")
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.pad_token = tokenizer.eos_token
    model.config.pad_token_id = tokenizer.pad_token_id
    padded = TextClassifier(model, tokenizer)
    assert padded.mask_id == padded.pad_id
    one, other = bases(padded, TEXTS[:4])
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)
    alone = [bases(padded, [text])[0][0] for text in TEXTS[:4]]
    np.testing.assert_allclose(one, alone, rtol=1e-4, atol=1e-4)


@ALL
def test_the_target_is_a_label_an_index_the_prediction_or_one_of_each(method):
    classifier = toy(labels=("bad", "so-so", "good"))
    text = "not a good film"
    by_index = [explain(classifier, [text], method, index)[0] for index in range(3)]
    by_label = [explain(classifier, [text], method, label)[0] for label in classifier.labels]
    for index, (one, other) in enumerate(zip(by_index, by_label, strict=True)):
        assert one.target == other.target == index
        assert one.target_label == other.target_label == classifier.labels[index]
        np.testing.assert_array_equal(one.scores, other.scores)
    predicted = int(classifier.predict([text]).logits[0].argmax())
    assert explain(classifier, [text], method)[0].target == predicted
    mixed = explain(classifier, [text] * 4, method, ["good", np.int64(0), None, 1])
    assert [explanation.target for explanation in mixed] == [2, 0, predicted, 1]
    for explanation in mixed:
        same(explanation, by_index[explanation.target])


@ALL
def test_classes_in_another_order_have_the_same_scores(method):
    order = [2, 0, 1]
    classifier = toy()
    model = toy_model()
    with torch.no_grad():
        model.head.weight.copy_(model.head.weight[order])
        model.head.bias.copy_(model.head.bias[order])
    permuted = TextClassifier(model, toy_tokenizer())
    for new, old in enumerate(order):
        (one,) = explain(permuted, ["not a good film"], method, new)
        (other,) = explain(classifier, ["not a good film"], method, old)
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)


@ALL
def test_the_same_call_gives_the_same_scores_whatever_the_global_seed(classifier, method):
    model = classifier("distilbert", 3)
    torch.manual_seed(1)
    np.random.seed(1)
    (first,) = explain(model, TEXTS[5:], method, **FEW[method])
    torch.manual_seed(2)
    np.random.seed(2)
    (second,) = explain(model, TEXTS[5:], method, **FEW[method])
    np.testing.assert_array_equal(first.scores, second.scores)


@ALL
def test_the_callers_model_and_tokenizer_stay_as_they_are(method):
    model, tokenizer = toy_model().train(), toy_tokenizer()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    explain(TextClassifier(model, tokenizer), ["a good film", "bad"], method)
    assert model.training
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])
    for parameter in model.parameters():
        assert parameter.requires_grad
        assert parameter.grad is None
    assert not tokenizer.backend_tokenizer.truncation
    assert not tokenizer.backend_tokenizer.padding


@ALL
def test_the_word_that_decides_has_the_largest_score(method):
    model = toy_model()
    with torch.no_grad():
        against = model.head.weight[0] + model.head.weight[2]
        model.table.weight[VOCABULARY.index("good")] = 10 * model.head.weight[1] - 5 * against
    classifier = TextClassifier(model, toy_tokenizer())
    (explanation,) = explain(classifier, ["the plot of a good film"], method, 1)
    assert explanation.top(1)[0][0] == "good"
    assert explanation.scores[4] > 0


@ALL
def test_no_texts_have_no_explanations(method):
    assert explain(toy(), [], method) == []


@ALL
def test_options_come_as_forms_send_them_and_their_defaults_are_allowed(method):
    options = METHODS[method].options
    for option in options:
        assert option.check(option.default) == option.default
        assert option.help.endswith(".")
    given = {option.name: str(option.default) for option in options}
    (one,) = explain(toy(), ["a good film"], method, **given)
    (other,) = explain(toy(), ["a good film"], method)
    np.testing.assert_array_equal(one.scores, other.scores)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"method": "shaply"}, "method 'shaply' is not known; choose from shapley, integrated_"),
        ({"steps": 5}, "option 'steps' is not known; choose from evaluations, output, seed"),
        ({"evaluations": 31}, "evaluations is 31; give a whole number from 32 to 20000"),
        ({"evaluations": "many"}, "evaluations is 'many'; give a whole number"),
        ({"evaluations": 20001}, "evaluations is 20001; give"),
        ({"output": "odds"}, "output is 'odds'; give one of logit, probability"),
        ({"seed": -1}, "seed is -1; give a whole number of at least 0"),
        ({"target": "superb"}, "class 'superb' is none of this model's"),
        ({"target": 3}, "class 3 is none of this model's"),
        ({"target": [0]}, "There are 1 targets for 2 texts; give one, or one a text"),
        ({"target": [0, "x"]}, "class 'x' is none of this model's"),
        (
            {"method": "integrated_gradients", "baseline": "none"},
            "baseline is 'none'; give one of mask, pad, zero",
        ),
        (
            {"method": "integrated_gradients", "max_steps": 1},
            "max_steps is 1; give a whole number from 2 to 4096",
        ),
        (
            {"method": "integrated_gradients", "tolerance": 0},
            "tolerance is 0; give a number from 1e-06 to 1",
        ),
        (
            {"method": "integrated_gradients", "evaluations": 50},
            "option 'evaluations' is not known; choose from baseline, max_steps, tolerance, output",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments, said):
    with pytest.raises(UserError) as caught:
        explain(toy(), ["a good film", "bad"], **arguments)
    assert said in str(caught.value)
    assert str(caught.value).endswith(".")


def test_one_string_is_not_a_list_of_texts():
    with pytest.raises(UserError, match="give a list of strings"):
        explain(toy(), "a good film")


def test_only_methods_that_need_no_more_than_outputs_are_black_boxes():
    assert METHODS["shapley"].black_box
    assert not METHODS["integrated_gradients"].black_box
