import numpy as np
import pytest
import torch
from captum.attr import IntegratedGradients
from transformers import AutoModelForSequenceClassification

from lit_plugins.errors import UserError
from lit_plugins.explain import explain
from tests.explain.toys import toy, weights

TEXT = "not a very good film"
METHOD = "integrated_gradients"


def differences(target, baseline="mask", classes=3):
    """What each word of TEXT adds to the target's logit of a toy before any bend."""
    start = {"mask": ["[MASK]"], "pad": ["[PAD]"], "zero": []}[baseline]
    return weights(TEXT.split(), target, classes) - weights(start, target, classes).sum()


@pytest.mark.parametrize("baseline", ["mask", "pad", "zero"])
def test_a_sum_of_weights_gives_each_word_its_weight_less_the_baselines(baseline):
    classifier = toy()
    for target in range(3):
        (explanation,) = explain(
            classifier, [TEXT], METHOD, target, baseline=baseline, output="logit"
        )
        expected = differences(target, baseline)
        np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
        assert abs(explanation.delta) < 1e-5
        assert explanation.converged
        assert explanation.note == ""
        assert explanation.evaluations == 2 + 12


def test_a_bent_sum_shares_out_the_bent_difference():
    # On f(sum of w x), the gradient is the same for all tokens at every point of the path.
    classifier = toy(bend=True)
    (explanation,) = explain(classifier, [TEXT], METHOD, 1, tolerance=1e-5)
    shares = differences(1)
    expected = shares / shares.sum() * (explanation.output - explanation.base_value)
    np.testing.assert_allclose(explanation.scores, expected, rtol=1e-3)


def test_a_probability_of_two_classes_is_a_bent_difference_of_logits():
    classifier = toy(classes=2)
    (explanation,) = explain(classifier, [TEXT], METHOD, 0, output="probability", tolerance=1e-4)
    shares = differences(0, classes=2) - differences(1, classes=2)
    expected = shares / shares.sum() * (explanation.output - explanation.base_value)
    np.testing.assert_allclose(explanation.scores, expected, atol=1e-4)
    assert explanation.unit == "probability"
    assert explanation.output == classifier.predict([TEXT]).probabilities[0, 0]


def captums(checkpoint, bert, text, **how):
    """The scores of a text's tokens for class 2 by captum and the plain model."""
    (encoded,) = bert.encode([text])
    model = AutoModelForSequenceClassification.from_pretrained(checkpoint("bert", 3))
    ids = torch.tensor([encoded.row.input_ids])
    special = torch.tensor([[word is None for word in encoded.token_words]])
    start = torch.where(special, ids, torch.full_like(ids, bert.mask_id))
    table = model.get_input_embeddings()
    scores = IntegratedGradients(lambda x: model(inputs_embeds=x).logits).attribute(
        table(ids), table(start), target=2, **how
    )
    return scores[0].sum(-1).detach().numpy()


def test_captum_called_directly_at_many_steps_gives_the_same(classifier, checkpoint):
    bert = classifier("bert", 3)
    text = "Not good, not bad: WELL-made!!!"
    (encoded,) = bert.encode([text])
    (explanation,) = explain(bert, [text], METHOD, 2, tolerance=1e-4)
    theirs = captums(checkpoint, bert, text, n_steps=300, method="gausslegendre")
    largest = np.abs(theirs).max()
    np.testing.assert_allclose(explanation.token_scores, theirs, atol=1e-3 * largest)
    np.testing.assert_allclose(explanation.scores, encoded.sum_by_word(theirs), atol=2e-3 * largest)


def test_delta_is_what_the_words_miss_and_special_tokens_have_nothing(classifier):
    bert = classifier("bert", 3)
    (explanation,) = explain(bert, [TEXT], METHOD)
    assert explanation.tokens is not None
    assert explanation.tokens[0] == "[CLS]"
    assert explanation.token_scores is not None
    assert explanation.token_scores[0] == explanation.token_scores[-1] == 0
    assert explanation.scores.sum() == pytest.approx(explanation.token_scores.sum())
    assert explanation.output - explanation.base_value == pytest.approx(
        explanation.scores.sum() + explanation.delta
    )
    assert explanation.error is None


def test_steps_grow_for_the_texts_that_need_more_and_a_limit_that_is_met_is_said():
    classifier = toy(bend=True)
    texts = ["", TEXT]
    few = explain(classifier, texts, METHOD, 1, max_steps=35, tolerance=1e-6)
    more = explain(classifier, texts, METHOD, 1, max_steps=200, tolerance=1e-3)
    assert [explanation.evaluations for explanation in few] == [2 + 12, 2 + 12]
    assert [explanation.converged for explanation in few] == [True, False]
    assert more[0].evaluations == 2 + 12
    assert more[1].evaluations in (2 + 36, 2 + 108)
    assert abs(more[1].delta) < abs(few[1].delta)
    assert more[1].converged
    relative = abs(few[1].delta / (few[1].output - few[1].base_value))
    assert few[1].note == (
        f"The relative completeness error is {100 * relative:.3g} %, "
        "above the tolerance of 0.0001 %, at 12 steps."
    )


def test_no_more_steps_are_done_than_may_be():
    for most, steps in ((3, 3), (12, 12), (40, 36), (108, 108)):
        (explanation,) = explain(toy(bend=True), [TEXT], METHOD, 1, max_steps=most, tolerance=1e-6)
        assert explanation.evaluations == 2 + steps


@pytest.mark.parametrize("steps", [5, 12, 36, 108])
def test_the_steps_are_the_midpoints_that_captum_takes(classifier, checkpoint, steps):
    bert = classifier("bert", 3)
    (found,) = explain(bert, [TEXT], METHOD, 2, max_steps=steps, tolerance=1e-6)
    theirs = captums(checkpoint, bert, TEXT, n_steps=steps, method="riemann_middle")
    largest = np.abs(theirs).max()
    np.testing.assert_allclose(found.token_scores, theirs, atol=1e-5 * largest)


def test_a_path_cannot_start_from_a_token_that_the_model_does_not_have(classifier, monkeypatch):
    gpt2 = classifier("gpt2")
    for pad_id in (None, 10**6):  # a tokenizer's own addition is beyond the model's table
        monkeypatch.setattr(gpt2, "pad_id", pad_id)
        with pytest.raises(UserError, match="'pad' and the model has no such token; give another"):
            explain(gpt2, [TEXT], METHOD, baseline="pad")


@pytest.mark.parametrize(
    ("start", "filler", "tokens"),
    [
        ("bad plot", "mask", ["bad", "plot", "[MASK]", "[MASK]", "[MASK]"]),
        ("bad plot", "pad", ["bad", "plot", "[PAD]", "[PAD]", "[PAD]"]),
        ("bad plot", "zero", ["bad", "plot"]),
        (TEXT, "mask", TEXT.split()),
        ("the cast and the plot of a film", "mask", ["the", "cast", "and", "the", "plot"]),
    ],
)
def test_a_given_text_stands_where_the_words_do_and_is_filled_up_or_cut(start, filler, tokens):
    (explanation,) = explain(toy(), [TEXT], METHOD, 1, baseline_text=start, baseline=filler)
    expected = weights(TEXT.split(), 1)
    expected[: len(tokens)] -= weights(tokens, 1)
    np.testing.assert_allclose(explanation.scores, expected, atol=1e-5)
    assert abs(explanation.delta) < 1e-5
    assert explanation.converged


def test_the_base_value_is_what_the_model_says_of_a_given_text_of_equal_length(classifier):
    text, start = "the food was cold", "cold was the food"
    model = classifier("bert", 3)
    assert len({len(encoded.tokens) for encoded in model.encode([text, start])}) == 1
    (explanation,) = explain(model, [text], METHOD, 2, baseline_text=start)
    assert explanation.base_value == pytest.approx(model.predict([start]).logits[0, 2], rel=1e-4)


def test_short_and_long_texts_start_from_a_given_text_together_as_alone(classifier):
    bert = classifier("bert", 3)
    texts = [TEXT, "word", "", "the food was cold and the service was even worse"]
    together = explain(bert, texts, METHOD, 1, baseline_text="a wonderful film")
    for text, one in zip(texts, together, strict=True):
        (alone,) = explain(bert, [text], METHOD, 1, baseline_text="a wonderful film")
        np.testing.assert_allclose(one.scores, alone.scores, atol=1e-4)
        assert one.token_scores is not None
        assert one.token_scores[0] == one.token_scores[-1] == 0


def test_a_given_text_must_have_words():
    for start in (" ", "\n\t"):
        with pytest.raises(UserError, match="in which the model sees no word; give a text with"):
            explain(toy(), [TEXT], METHOD, baseline_text=start)
    (none,) = explain(toy(), [TEXT], METHOD, 1, baseline_text="")
    (plain,) = explain(toy(), [TEXT], METHOD, 1)
    np.testing.assert_array_equal(none.scores, plain.scores)


def test_a_model_that_bears_no_padding_gets_rows_of_one_length(classifier, monkeypatch):
    bert = classifier("bert", 3)
    texts = [TEXT, "the food was cold", "word", "the service was worse", ""]
    padded = explain(bert, texts, METHOD)
    monkeypatch.setattr(type(bert.network), "padding", "none")
    for one, other in zip(padded, explain(bert, texts, METHOD), strict=True):
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-4)


def test_words_that_the_model_does_not_see_have_nothing():
    (explanation,) = explain(toy(max_length=6), ["good bad film plot good cast"], METHOD, 0)
    assert explanation.truncated
    assert explanation.scores[:4].all()
    assert not explanation.scores[4:].any()


def test_what_does_not_fit_in_memory_is_done_in_smaller_parts(classifier, monkeypatch):
    bert = classifier("bert", 3)
    texts = [TEXT, "the food was cold", "the service was even worse"]
    roomy = explain(bert, texts, METHOD)
    run = bert.network.run

    def cramped(batch, embeddings=None, **options):
        if len(batch.ids) > 1:
            raise torch.OutOfMemoryError("out of memory")
        return run(batch, embeddings, **options)

    monkeypatch.setattr(bert.network, "run", cramped)
    for one, other in zip(roomy, explain(bert, texts, METHOD), strict=True):
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-4)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_gradients_are_taken_where_the_caller_has_switched_them_off(mode):
    classifier = toy()
    (expected,) = explain(classifier, [TEXT], METHOD, 0)
    with mode():
        (explanation,) = explain(classifier, [TEXT], METHOD, 0)
    np.testing.assert_array_equal(explanation.scores, expected.scores)
