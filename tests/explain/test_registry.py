from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from lit_plugins import TextClassifier
from lit_plugins.errors import UserError
from lit_plugins.explain import METHODS, explain, explain_each
from lit_plugins.models.task import ExclusiveClasses
from lit_plugins.options import CLASSIFIER
from lit_plugins.testing import check_explanations, check_method
from lit_plugins.testing.methods import same
from tests.checkpoints import KINDS, MORE_KINDS, TEXTS
from tests.explain.toys import VOCABULARY, toy, toy_model, toy_tokenizer
from tests.visiting import a_visitor

ALL = pytest.mark.parametrize("method", list(METHODS))
FEW = {
    "shapley": {"evaluations": 64},
    "integrated_gradients": {"max_steps": 32},
    "gradient_shap": {"samples": 8},
    "lime": {"evaluations": 64},
}


def options_of(method):
    """The method's options by name."""
    return {option.name: option for option in METHODS[method].options}


def few(method, other):
    """Options for little work, and a second classifier where a method asks for one."""
    asked = [name for name, option in options_of(method).items() if option.loads == CLASSIFIER]
    return {**FEW.get(method, {}), **dict.fromkeys(asked, other)}


def silent(**options):
    """A toy to which all texts are the same, so that a difference from it is the other's own."""
    model = toy_model()
    with torch.no_grad():
        model.head.weight.zero_()
    return TextClassifier(model, toy_tokenizer(), **options)


def explain_toy(method, texts, target=None, *, classifier=None, **options):
    """As `explain`, of a toy, with a second one where the method asks for it."""
    return explain(classifier or toy(), texts, method, target, **few(method, silent()), **options)


@ALL
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_architecture_adds_up_and_neither_order_nor_batch_matters(classifier, kind, method):
    model = classifier(kind, 3)
    options = few(method, classifier("bert", 3))
    texts = ["...", *TEXTS[1:4], "", "a  film\n\n"]
    explanations = check_explanations(METHODS[method], model, texts, **options)
    if METHODS[method].compares:
        return
    predictions = model.predict(texts)
    for index, explanation in enumerate(explanations):
        table = predictions.logits if explanation.unit == "logit" else predictions.probabilities
        assert explanation.output == table[index, explanation.target]


@ALL
@pytest.mark.parametrize("kind", list(MORE_KINDS))
def test_an_architecture_that_lacks_what_a_method_needs_is_refused(classifier, kind, method):
    model = classifier(kind, 3)
    options = few(method, classifier("bert", 3))
    if METHODS[method].suits(model):
        check_explanations(METHODS[method], model, TEXTS[1:3], **options)
        return
    with pytest.raises(UserError, match=r"^The model \w+ (has no|does not take) .*; use .*\.$"):
        explain(model, TEXTS[:1], method, **options)


@ALL
def test_every_method_keeps_its_contract(classifier, method):
    check_method(METHODS[method], toy(), **few(method, silent()))
    other = classifier("bert", 3)
    check_method(METHODS[method], classifier("distilbert", 3), TEXTS, **few(method, other))


def test_methods_know_which_models_suit_them(classifier):
    def suited(model):
        return {name for name, method in METHODS.items() if method.suits(model)}

    black_boxes = {name for name, method in METHODS.items() if method.black_box}
    assert {"shapley", "occlusion", "lime"} <= black_boxes < set(METHODS)
    assert suited(classifier("bert", 3)) == set(METHODS)
    assert suited(classifier("bart", 3)) == {*black_boxes, "attention_rollout"}
    assert suited(classifier("funnel", 3)) == set(METHODS) - {"attention_rollout"}
    assert suited(BlackBox()) == black_boxes


class BlackBox:
    """A toy of which only what `Predictor` names is to be had."""

    def __init__(self):
        classifier = toy()
        for name in ("task", "mask_id", "batch_tokens", "encode", "logits"):
            setattr(self, name, getattr(classifier, name))


@pytest.mark.parametrize("method", [name for name, each in METHODS.items() if each.black_box])
def test_a_black_box_method_needs_no_more_than_a_predictor(method):
    (one,) = explain_toy(method, ["not a good film"], classifier=BlackBox())
    (other,) = explain_toy(method, ["not a good film"])
    assert same(one, other)


@pytest.mark.parametrize("method", [name for name, each in METHODS.items() if not each.black_box])
def test_a_method_that_looks_inside_says_that_a_predictor_is_not_enough(method):
    with pytest.raises(UserError, match=r"needs a TextClassifier; choose from shapley, .*\.$"):
        explain(BlackBox(), ["not a good film"], method)


def test_the_difference_from_a_model_without_names_is_by_index(classifier):
    named = classifier("bert").with_labels(("negative", "positive"))
    options = {"other": classifier("distilbert"), "evaluations": 32}
    (one,) = explain(named, ["a film"], "difference", "positive", **options)
    (other,) = explain(classifier("bert"), ["a film"], "difference", 1, **options)
    np.testing.assert_array_equal(one.scores, other.scores)
    with pytest.raises(UserError, match="is none of this model's: LABEL_0, LABEL_1, LABEL_2"):
        explain(named, ["a film"], "difference", other=classifier("bert", 3))


class WithoutProbabilities(ExclusiveClasses):
    units = ("logit",)


def test_a_unit_that_a_models_outputs_do_not_have_is_refused():
    model = BlackBox()
    model.task = WithoutProbabilities(model.task.labels)
    with pytest.raises(
        UserError, match="output is 'probability', which is not a unit .* from logit"
    ):
        explain(model, ["not a good film"], "occlusion")
    (found,) = explain(model, ["not a good film"], "occlusion", output="logit")
    assert found.unit == "logit"


def bases(model, texts):
    methods = ("shapley", "occlusion", "lime", "integrated_gradients", "gradient_shap")
    explained = [
        explain(model, texts, method, 1, output="logit", **few(method, model)) for method in methods
    ]
    return [[explanation.base_value for explanation in each] for each in explained]


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_methods_that_mask_start_from_the_same_text_without_words(classifier, kind):
    first, *others = bases(classifier(kind, 3), TEXTS[:4])
    for other in others:
        np.testing.assert_allclose(first, other, rtol=1e-4, atol=1e-4)


def test_a_mask_token_that_is_the_padding_token_does_not_end_a_decoders_text(checkpoint):
    folder = checkpoint("gpt2")
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.pad_token = tokenizer.eos_token
    model.config.pad_token_id = tokenizer.pad_token_id
    padded = TextClassifier(model, tokenizer)
    assert padded.mask_id == padded.pad_id
    first, *others = bases(padded, TEXTS[:4])
    for other in others:
        np.testing.assert_allclose(first, other, rtol=1e-4, atol=1e-4)
    alone = [bases(padded, [text])[0][0] for text in TEXTS[:4]]
    np.testing.assert_allclose(first, alone, rtol=1e-4, atol=1e-4)


@ALL
def test_the_target_is_a_label_an_index_the_prediction_or_one_of_each(method):
    classifier = toy(labels=("bad", "so-so", "good"))
    text = "not a good film"

    def explained(texts, target):
        return explain(
            classifier, texts, method, target, **few(method, silent(labels=classifier.labels))
        )

    by_index = [explained([text], index)[0] for index in range(3)]
    by_label = [explained([text], label)[0] for label in classifier.labels]
    for index, (one, other) in enumerate(zip(by_index, by_label, strict=True)):
        assert one.target == other.target == index
        assert one.target_label == other.target_label == classifier.labels[index]
        np.testing.assert_array_equal(one.scores, other.scores)
    predicted = int(classifier.predict([text]).logits[0].argmax())
    assert explained([text], None)[0].target == predicted
    mixed = explained([text] * 4, ["good", np.int64(0), None, 1])
    assert [explanation.target for explanation in mixed] == [2, 0, predicted, 1]
    for explanation in mixed:
        assert same(explanation, by_index[explanation.target])


@ALL
def test_classes_in_another_order_have_the_same_scores(method):
    order = [2, 0, 1]
    model = toy_model()
    with torch.no_grad():
        model.head.weight.copy_(model.head.weight[order])
        model.head.bias.copy_(model.head.bias[order])
    permuted = TextClassifier(model, toy_tokenizer())
    for new, old in enumerate(order):
        (one,) = explain_toy(method, ["not a good film"], new, classifier=permuted)
        (other,) = explain_toy(method, ["not a good film"], old)
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)


@pytest.mark.parametrize("method", [name for name in METHODS if "seed" in options_of(name)])
def test_a_seed_settles_the_draw_for_each_text_by_itself(classifier, method):
    model = classifier("distilbert", 3)
    options = few(method, classifier("bert", 3))
    first, again, other = (
        explain(model, TEXTS[5:], method, **options, seed=seed)[0] for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first.scores, again.scores)
    assert (first.scores != other.scores).any()
    beside = explain(model, [*TEXTS[:3], *TEXTS[5:]], method, **options, seed=5)[-1]
    assert same(beside, first)
    assert (first.error > 0).all()
    assert (np.abs(first.scores - other.scores) < 6 * (first.error + other.error)).all()


@ALL
def test_the_callers_model_and_tokenizer_stay_as_they_are(method):
    model, tokenizer = toy_model().train(), toy_tokenizer()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    explain_toy(method, ["a good film", "bad"], classifier=TextClassifier(model, tokenizer))
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
    (explanation,) = explain_toy(method, ["the plot of a good film"], 1, classifier=classifier)
    assert explanation.top(1)[0][0] == "good"
    assert explanation.scores[4] > 0
    if not METHODS[method].signed:
        assert (explanation.scores >= 0).all()


@ALL
def test_a_word_that_was_cut_has_nothing(method):
    text = "good bad film plot good cast"
    options = few(method, silent(max_length=6))
    (explanation,) = explain(toy(max_length=6), [text], method, 0, **options)
    assert explanation.truncated
    assert explanation.seen == (0, text.index(" good cast"))
    assert explanation.scores[:4].all()
    assert not explanation.scores[4:].any()
    if explanation.error is not None:
        assert not explanation.error[4:].any()


@ALL
def test_each_piece_has_a_score_of_its_own(classifier, method):
    model = classifier("bert", 3)
    options = few(method, classifier("distilbert", 3))
    text = "unforgettable, well-made"
    (words,) = explain(model, [text], method, 1, **options)
    (pieces,) = explain(model, [text], method, 1, pieces=True, **options)
    assert words.words == ("unforgettable", ",", "well-made")
    assert len(pieces.words) == len(model.encode([text])[0].tokens) - 2  # [CLS] and [SEP]
    assert "".join(pieces.words) == text.replace(" ", "")
    assert pieces.output == words.output
    if words.tokens is None:
        return
    np.testing.assert_array_equal(pieces.token_scores, words.token_scores)
    np.testing.assert_allclose(pieces.scores, pieces.token_scores[1:-1])
    assert pieces.scores.sum() == pytest.approx(words.scores.sum())


@ALL
def test_progress_is_told_and_what_it_raises_stops_the_work(method):
    texts = ["a good film", "", "bad", "the cast"]
    calls = []
    explain_toy(method, texts, progress=lambda done, of: calls.append((done, of)))
    assert calls[-1] == (4, 4)
    assert calls == sorted(calls)

    def stop(done, of):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        explain_toy(method, texts, progress=stop)


@ALL
def test_no_text_is_explained_before_it_is_asked_for(method, monkeypatch):
    two_at_once = replace(METHODS[method], texts_at_once=2)
    classifier, other = toy(), silent()
    texts = ["good", "bad", "film", "plot", "cast"]
    rows = []
    logits = classifier.logits
    monkeypatch.setattr(classifier, "logits", lambda some: rows.extend(some) or logits(some))
    lazily = explain_each(classifier, texts, two_at_once, 0, **few(method, other))
    assert rows == []
    first = next(lazily)
    (encoded,) = classifier.encode(["film"])
    assert encoded.row not in rows
    rest = list(lazily)
    assert [explanation.text for explanation in (first, *rest)] == texts
    for one, explanation in zip(explain_toy(method, texts, 0), (first, *rest), strict=True):
        assert same(one, explanation)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"method": "shaply"}, "method 'shaply' is not known; choose from shapley, "),
        ({"steps": 5}, "option 'steps' is not known; choose from evaluations, "),
        ({"evaluations": 31}, "evaluations is 31; give a whole number from 32 to "),
        ({"evaluations": "many"}, "evaluations is 'many'; give a whole number"),
        ({"evaluations": 200001}, "evaluations is 200001; give"),
        ({"output": "odds"}, "output is 'odds'; give one of logit, probability"),
        ({"seed": -1}, "seed is -1; give a whole number from 0 to 9223372036854775807"),
        ({"target": "superb"}, "class 'superb' is none of this model's"),
        ({"target": 3}, "class 3 is none of this model's"),
        ({"target": [0]}, "There are 1 targets for 2 texts; give one, or one per text"),
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
            {"method": "integrated_gradients", "baseline_text": 3},
            "baseline_text is 3; give a text",
        ),
        (
            {"method": "gradient_shap", "baseline_text": " \n"},
            "baseline_text is ' \\n', in which the model sees no word; give a text with words, or",
        ),
        (
            {"method": "gradient_shap", "samples": 1},
            "samples is 1; give a whole number from 2 to 4096",
        ),
        (
            {"method": "lime", "kernel_width": 0},
            "kernel_width is 0; give a number from 1.0 to 1000.0",
        ),
        (
            {"method": "attention_rollout", "output": "logit"},
            "option 'output' is not known; choose from pieces",
        ),
        (
            {"method": "integrated_gradients", "evaluations": 50},
            "option 'evaluations' is not known; choose from baseline, baseline_text, max_steps, t",
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


@ALL
def test_a_model_whose_logits_are_no_numbers_is_refused_in_one_sentence(method):
    classifier = toy()
    weight = classifier.network.copies.whole.head.weight
    weight.data = torch.full_like(weight, float("nan"))
    with pytest.raises(UserError, match="gives a logit that is not a number"):
        explain_toy(method, ["a good film"], classifier=classifier)


@ALL
def test_a_visitor_computes_nothing_out_of_turn(method):
    options = few(method, silent())
    if "baseline_text" in options_of(method):
        options["baseline_text"] = "dull plot"
    ask = partial(explain, toy(), ["good film"], method, **options)
    with a_visitor():
        (of_visitor,) = ask()
    assert same(of_visitor, ask()[0])


def test_texts_come_from_a_series_an_array_and_a_table():
    texts = ["a good film", "dull"]
    frame = pd.DataFrame({"text": texts, "stars": [4, 1]})
    for given in (pd.Series(texts), np.array(texts), iter(texts), frame):
        explanations = explain(toy(), given, "occlusion", progress=lambda done, total: None)
        assert [explanation.text for explanation in explanations] == texts
    with pytest.raises(UserError, match="Text 1 is None, which is not a string"):
        explain(toy(), ["a", None])
