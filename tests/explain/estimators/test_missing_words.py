"""What stands for a missing word, beside ids made by hand for a plain model and tokenizer."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from lit_plugins import UserError
from lit_plugins.explain import METHODS, explain
from lit_plugins.explain.estimators.missing_words import Missing
from lit_plugins.text.encoded import find_words
from tests.explain.toys import toy, weights

KINDS = ("bert", "roberta", "xlm-roberta", "albert", "deberta-v2", "gpt2", "llama")
MASKING = [name for name, method in METHODS.items() if method.masks and not method.compares]
WAYS = ("mask_per_token", "mask_per_word", "left_out")
TEXT = "unforgettable films were overpriced"
COPYIST = "film"
"""The word that `Copyist` writes everywhere."""


class Copyist:
    """An infill model that writes one word, and says so."""

    name = "copyist"
    note = "It knows one word."

    def propose(self, *arguments):
        raise NotImplementedError

    def fill(self, texts, spans):
        return [rewritten(text, parts) for text, parts in zip(texts, spans, strict=True)]


def rewritten(text: str, spans) -> str:
    for start, end in reversed(spans):
        text = text[:start] + COPYIST + text[end:]
    return text


def by_hand(tokenizer, mask_id: int, gone, missing: str) -> list[int]:
    """Token ids of `TEXT` without some words, from nothing but the tokenizer's ids and offsets."""
    encoded = tokenizer(TEXT, return_offsets_mapping=True)
    ids, masked = [], set()
    for token_id, (start, end) in zip(encoded["input_ids"], encoded["offset_mapping"], strict=True):
        inside = [word for word in gone if max(start, word[0]) < min(end, word[1])]
        if not inside:
            ids.append(token_id)
        elif missing == "mask_per_token" or (
            missing == "mask_per_word" and inside[0] not in masked
        ):
            ids.append(mask_id)
            masked.add(inside[0])
    return ids


def logits(model, ids: list[int]) -> np.ndarray:
    with torch.inference_mode():
        row = torch.tensor([ids])
        return model(input_ids=row, attention_mask=torch.ones_like(row)).logits[0].numpy()


@pytest.mark.parametrize("missing", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_word_is_what_the_plain_tokenizers_ids_say(
    classifier, plain, checkpoint, kind, missing
):
    ours, model = classifier(kind), plain(kind)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint(kind))
    mask_id = tokenizer.mask_token_id
    if mask_id is None:
        mask_id = tokenizer.unk_token_id
    words = find_words(TEXT)
    (found,) = explain(ours, [TEXT], "occlusion", 1, output="logit", missing=missing)
    whole = logits(model, tokenizer(TEXT)["input_ids"])[1]
    without = [logits(model, by_hand(tokenizer, mask_id, [word], missing))[1] for word in words]
    np.testing.assert_allclose(found.scores, whole - np.array(without), atol=1e-4)
    nothing = by_hand(tokenizer, mask_id, words, missing) or [tokenizer.bos_token_id]
    assert found.base_value == pytest.approx(logits(model, nothing)[1], abs=1e-4)
    assert found.missing == missing
    assert len(tokenizer(TEXT)["input_ids"]) > len(words) + 2  # words of several tokens


@pytest.mark.parametrize("kind", ["bert", "roberta", "xlm-roberta", "gpt2"])
def test_an_infilled_word_is_read_as_the_new_text_is(classifier, plain, checkpoint, kind):
    tokenizer, model = AutoTokenizer.from_pretrained(checkpoint(kind)), plain(kind)
    words = find_words(TEXT)
    (found,) = explain(
        classifier(kind),
        *([TEXT], "occlusion", 1),
        **{"output": "logit", "missing": "infill", "infill_model": Copyist()},
    )
    values = [
        logits(model, tokenizer(text)["input_ids"])[1]
        for text in (TEXT, rewritten(TEXT, words), *(rewritten(TEXT, [word]) for word in words))
    ]
    assert found.base_value == pytest.approx(values[1], abs=1e-4)
    np.testing.assert_allclose(found.scores, values[0] - np.array(values[2:]), atol=1e-4)
    assert found.missing == "infill"
    assert "The missing words are written by copyist. It knows one word." in found.note


@pytest.mark.parametrize("name", MASKING)
def test_every_masking_method_has_the_words_that_a_sum_of_weights_has(name):
    text = "good film and a bad plot"
    own = weights(text.split(), 0)
    stand_in = {
        "mask_per_token": weights(["[MASK]"], 0),
        "mask_per_word": weights(["[MASK]"], 0),
        "left_out": 0.0,
        "infill": weights([COPYIST], 0),
    }
    for missing, expected in stand_in.items():
        (found,) = explain(
            toy(),
            *([text], name, 0),
            **{"output": "logit", "missing": missing, "infill_model": Copyist()},
        )
        assert found.to_dict()["missing"] == missing
        if name != "lime":  # its ridge penalty shrinks
            np.testing.assert_allclose(found.scores, own - expected, atol=1e-5)


def test_the_default_is_a_mask_for_each_token(classifier):
    bert = classifier("bert")
    for name in MASKING:
        (default,) = explain(bert, [TEXT], name)
        (named,) = explain(bert, [TEXT], name, missing="mask_per_token")
        (other,) = explain(bert, [TEXT], name, missing="mask_per_word")
        np.testing.assert_array_equal(default.scores, named.scores)
        assert default.missing == "mask_per_token"
        assert np.abs(default.scores - other.scores).max() > 1e-3
    (gradients,) = explain(bert, [TEXT], "input_x_gradient")
    assert gradients.missing is None


@pytest.mark.parametrize("missing", [*WAYS, "infill"])
def test_the_difference_of_two_models_is_that_of_their_shapley_values(classifier, missing):
    bert, gpt2 = classifier("bert"), classifier("gpt2")
    options = {"missing": missing, "infill_model": Copyist()}
    (found,) = explain(bert, [TEXT], "difference", 1, other=gpt2, **options)
    (first,) = explain(bert, [TEXT], "shapley", 1, **options)
    (second,) = explain(gpt2, [TEXT], "shapley", 1, **options)
    np.testing.assert_allclose(found.scores, first.scores - second.scores, atol=1e-6)
    assert found.missing == missing


def test_pieces_are_words_of_one_token_and_are_never_infilled(classifier):
    bert = classifier("bert")
    (one,) = explain(bert, [TEXT], "occlusion", pieces=True, missing="mask_per_word")
    (other,) = explain(bert, [TEXT], "occlusion", pieces=True, missing="mask_per_token")
    np.testing.assert_array_equal(one.scores, other.scores)
    with pytest.raises(UserError, match="writes whole words; leave out pieces"):
        explain(bert, [TEXT], "occlusion", pieces=True, missing="infill")


def test_words_beyond_what_the_model_reads_stay_out_of_an_infilled_text():
    short = toy(max_length=5)
    (encoded,) = short.encode(["good film and a bad plot"])
    keep = np.array([[True] * 5, [True, False, True, True, True]])
    texts = Missing("infill", Copyist()).written(encoded, keep)
    assert texts == ["good film and", "film film and"]


def test_a_stand_in_for_the_mask_token_is_named(classifier):
    assert explain(classifier("bert"), [TEXT], "occlusion")[0].note == ""
    gpt2 = classifier("gpt2")
    (found,) = explain(gpt2, [TEXT], "occlusion")
    assert found.note == (
        "The model has no mask token, so its token <|endoftext|> stands for a missing word."
    )
    assert explain(gpt2, [TEXT], "occlusion", missing="left_out")[0].note == ""
    # Nothing is left of a text whose tokenizer adds no token, so the model reads an empty text.
    (empty,) = explain(gpt2, [""], "occlusion")
    (found,) = explain(gpt2, [TEXT], "occlusion", found.target, missing="left_out")
    assert found.base_value == pytest.approx(
        empty.output if empty.target == found.target else 1 - empty.output, abs=1e-6
    )


def test_an_unknown_stand_in_is_refused(classifier):
    with pytest.raises(UserError, match="give one of mask_per_token, mask_per_word, left_out"):
        explain(classifier("bert"), [TEXT], missing="blank")
    with pytest.raises(UserError, match="The option missing is 'blank'"):
        Missing("blank")
