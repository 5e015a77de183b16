"""Words for a place in a text, from masked language models of each kind of tokenizer."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import (
    AutoModel,
    AutoModelForMaskedLM,
    AutoTokenizer,
    PreTrainedTokenizerFast,
)

from lit_plugins import UserError
from lit_plugins.embedded import EMBEDDED_FILLER
from lit_plugins.models import MaskedLanguageModel
from lit_plugins.runtime import cancellation
from tests.checkpoints import CORPUS
from tests.models.fillers import KINDS, MORE_KINDS, TEXT, spans_of


def token_at(tokenizer: PreTrainedTokenizerFast, text: str, start: int, end: int) -> int:
    """The one token that writes those characters."""
    encoded = tokenizer(text)
    (position,) = {encoded.char_to_token(at) for at in range(start, end)}
    return encoded["input_ids"][position]


@pytest.mark.parametrize("kind", [*KINDS, *MORE_KINDS])
def test_words_have_the_probabilities_that_the_pipeline_gives(filler, pipe, kind):
    ours, theirs = filler(kind), pipe(kind)
    spans = spans_of(TEXT, "food", "cold", "good", "the", "and so")
    every = ours.propose([TEXT] * len(spans), spans, 1000)
    for (start, end), found in zip(spans, every, strict=True):
        before, after = TEXT[:start], TEXT[end:]
        answers = theirs(before + theirs.tokenizer.mask_token + after)
        expected = {answer["token"]: answer["score"] for answer in answers}
        ids = [
            token_at(theirs.tokenizer, before + word + after, start, start + len(word))
            for word, _ in found
        ]
        scores = np.array([score for _, score in found])
        assert len(set(ids)) >= 3
        assert (np.diff(scores) <= 0).all()
        np.testing.assert_allclose(np.exp(scores), [expected[one] for one in ids], atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_place_has_the_likeliest_word_that_the_pipeline_gives(filler, pipe, kind):
    ours, theirs = filler(kind), pipe(kind)
    (filled,) = ours.fill([TEXT], [spans_of(TEXT, "cold")])
    start, end = spans_of(TEXT, "cold")[0]
    assert filled.startswith(TEXT[:start])
    assert filled.endswith(TEXT[end:])
    word = filled[start : len(filled) - len(TEXT) + end]
    answers = theirs(TEXT[:start] + theirs.tokenizer.mask_token + TEXT[end:])
    expected = {answer["token"]: answer["score"] for answer in answers}
    (known,) = ours.propose([TEXT], [(start, end)], 1000)
    before, after = TEXT[:start], TEXT[end:]
    chances = [
        expected[token_at(theirs.tokenizer, before + one + after, start, start + len(one))]
        for one in [word, *(one for one, _ in known)]
    ]
    assert chances[0] == pytest.approx(max(chances), abs=1e-6)


@pytest.mark.parametrize("kind", [*KINDS, *MORE_KINDS])
def test_filled_places_do_not_know_each_other_and_texts_do_not_either(filler, kind):
    ours = filler(kind)
    places = spans_of(TEXT, "food", "cold", "good")
    texts = ours.fill([TEXT, "good", TEXT], [places, [], places[1:]])
    assert texts[1] == "good"
    assert texts[0] == ours.fill([TEXT], [places])[0]
    assert texts[2] == ours.fill([TEXT], [places[1:]])[0]
    words = texts[0].split()
    assert [words[at] for at in (0, 2, 4, 5)] == ["the", "was", "and", "not"]


def test_a_mark_is_filled_by_a_mark_and_a_long_text_piece_by_piece():
    ours = MaskedLanguageModel.from_pretrained(EMBEDDED_FILLER)
    text = "The food was cold, and the film was dull."
    (filled,) = ours.fill([text], [[(17, 18), (40, 41)]])
    assert filled[:17] + filled[18:40] == text[:17] + text[18:40]
    assert not filled[17].isalnum()
    assert not filled[-1].isalnum()
    long = " ".join([text] * 80)
    places = [(at * 42 + 4, at * 42 + 8) for at in range(80)]
    (filled,) = ours.fill([long], [places])
    assert len(filled.split()) == len(long.split())
    assert filled.split()[2:9] == text.split()[2:]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("word", ["The", "WAS", "the"])
def test_the_word_that_stands_there_is_not_proposed(filler, kind, word):
    text = f"{word} film"
    (found,) = filler(kind).propose([text], [(0, len(word))], 1000)
    words = {one for one, _ in found}
    assert words
    assert word.lower() not in {one.lower() for one in words}


@pytest.mark.parametrize("kind", KINDS)
def test_the_best_are_the_first_of_all(filler, kind):
    spans = spans_of(TEXT, "food", "good")
    every = filler(kind).propose([TEXT] * 2, spans, 1000)
    for count in (1, 3):
        some = filler(kind).propose([TEXT] * 2, spans, count)
        for few, all_of_them in zip(some, every, strict=True):
            assert [word for word, _ in few] == [word for word, _ in all_of_them[:count]]


@pytest.mark.parametrize("kind", [*KINDS, *MORE_KINDS])
def test_batches_and_padding_change_nothing(filler, kind):
    ours = filler(kind)
    texts = [*CORPUS[:7], TEXT, "food", ""]
    spans = [(len(text) // 2, len(text)) for text in texts]
    together = ours.propose(texts, spans, 5)
    scored = ours.log_probabilities(texts, spans)
    for index, (text, span) in enumerate(zip(texts, spans, strict=True)):
        (alone,) = ours.propose([text], [span], 5)
        np.testing.assert_allclose(
            [score for _, score in together[index]], [score for _, score in alone], rtol=1e-4
        )
        np.testing.assert_allclose(
            scored[index], ours.log_probabilities([text], [span])[0], rtol=1e-4
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_is_as_likely_as_it_was_when_proposed(filler, kind):
    ours = filler(kind)
    start, end = spans_of(TEXT, "cold")[0]
    (found,) = ours.propose([TEXT], [(start, end)], 8)
    texts = [TEXT[:start] + word + TEXT[end:] for word, _ in found]
    spans = [(start, start + len(word)) for word, _ in found]
    scores = ours.log_probabilities(texts, spans)
    assert scores.dtype == np.float64
    np.testing.assert_allclose(scores, [score for _, score in found], atol=1e-4)


@pytest.mark.parametrize("kind", ["bert", "roberta", "albert"])
def test_a_span_of_some_tokens_has_the_mean_with_all_of_them_masked(filler, folder, kind):
    tokenizer = AutoTokenizer.from_pretrained(folder(kind))
    model = AutoModelForMaskedLM.from_pretrained(folder(kind)).eval()
    span = spans_of(TEXT, "cold and not")[0]
    encoded = tokenizer(TEXT, return_offsets_mapping=True, return_tensors="pt")
    inside = [
        at
        for at, (start, end) in enumerate(encoded.pop("offset_mapping")[0].tolist())
        if start < end and span[0] < end and start < span[1] and end > span[0]
    ]
    ids = encoded["input_ids"].clone()
    encoded["input_ids"][0, inside] = tokenizer.mask_token_id
    with torch.no_grad():
        scores = model(**encoded).logits[0].log_softmax(-1)
    expected = np.mean([scores[at, ids[0, at]].item() for at in inside])
    assert len(inside) > 2
    assert filler(kind).log_probabilities([TEXT], [span])[0] == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_nothing_and_of_one_word(filler, kind):
    ours = filler(kind)
    texts = ["", "food", "   ", "!!!", "[MASK] <mask> </s> [SEP]", "😀"]
    spans = [(0, 0), (0, 4), (1, 2), (0, 3), (0, 0), (0, 1)]
    found = ours.propose(texts, spans, 3)
    assert [len(words) for words in found] == [3] * len(texts)
    scores = ours.log_probabilities(texts, spans)
    assert np.isnan(scores).tolist() == [True, False, True, False, True, False]
    assert ours.propose([], [], 3) == []
    assert ours.log_probabilities([], []).shape == (0,)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_span_is_a_place_between_words(filler, kind):
    ours = filler(kind)
    (instead,) = ours.propose(["the xx food"], [(4, 6)], 1000)
    for place in (3, 4):
        (between,) = ours.propose(["the food"], [(place, place)], 1000)
        assert dict(between) == pytest.approx(dict(instead), rel=1e-4)


@pytest.mark.parametrize("kind", [*KINDS, "modernbert"])
def test_of_a_long_text_the_model_sees_the_part_around_the_place(filler, kind):
    ours = filler(kind)
    words = TEXT.split()[:8] * 625
    text = " ".join(words)
    assert len(words) == 5000
    starts = [0, text.index("cold", len(text) // 2), text.rindex("good")]
    spans = [(start, start + 3) for start in starts]
    found = ours.propose([text] * 3, spans, 4)
    assert [len(one) for one in found] == [4, 4, 4]
    assert np.isfinite(ours.log_probabilities([text] * 3, spans)).all()
    assert np.isfinite(ours.log_probabilities([text], [(0, len(text))])).all()
    # What is far from the place is not looked at.
    (start, end) = spans[1]
    other = f"was {text[:start]}" + text[start:]
    (again,) = ours.propose([other], [(start + 4, end + 4)], 4)
    assert [word for word, _ in again] == [word for word, _ in found[1]]


def test_threads_find_the_same(filler):
    ours = filler("roberta")
    spans = spans_of(TEXT, "food", "cold", "good", "the")
    texts = [TEXT] * len(spans)
    expected = ours.propose(texts, spans, 5)
    results: list[list[list[tuple[str, float]]]] = []
    threads = [
        threading.Thread(target=lambda: results.append(ours.propose(texts, spans, 5)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_nobody_waits_any_more(filler):
    with cancellation.stopping_when(lambda: True), pytest.raises(cancellation.Stopped):
        filler("bert").propose([TEXT], [(0, 3)], 1)


@pytest.mark.parametrize(
    ("texts", "spans", "count", "sentence"),
    [
        ("film", [(0, 4)], 1, "texts is one string, 'film'; give a list of strings."),
        (["film"], [], 1, "There are 1 texts and 0 spans; give one span a text."),
        (
            ["film"],
            [(0, 5)],
            1,
            "Span 0 is (0, 5); give (start, end) within the 4 characters of its text.",
        ),
        (
            ["film"],
            [(3, 1)],
            1,
            "Span 0 is (3, 1); give (start, end) within the 4 characters of its text.",
        ),
        (
            ["film"],
            [7],
            1,
            "Span 0 is 7; give (start, end) within the 4 characters of its text.",
        ),
        (["film"], [(0, 4)], 0, "count is 0; give a number of words above 0."),
        (["film"], [(0, 4)], 1.5, "count is 1.5; give a number of words above 0."),
    ],
)
def test_what_cannot_be_filled_gives_one_sentence(filler, texts, spans, count, sentence):
    with pytest.raises(UserError) as caught:
        filler("bert").propose(texts, spans, count)
    assert str(caught.value) == sentence


def refused(name: object) -> str:
    with pytest.raises(UserError) as caught:
        MaskedLanguageModel.from_pretrained(str(name))
    return str(caught.value)


def test_a_classifier_fills_no_masks(checkpoint):
    path = checkpoint("bert")
    assert refused(path) == (
        f"The checkpoint {str(path)!r} has no weights for cls.predictions.bias and 5 more, so its "
        "masked-language-model head would be random; give a model that was trained to fill masks."
    )


def test_an_encoder_without_a_head_fills_no_masks(folder, tmp_path):
    shutil.copytree(folder("roberta"), tmp_path / "model")
    AutoModel.from_pretrained(tmp_path / "model").save_pretrained(tmp_path / "model")
    assert " so its masked-language-model head would be random; " in refused(tmp_path / "model")


@pytest.mark.parametrize("kind", ["gpt2", "llama"])
def test_a_kind_of_model_that_fills_no_masks(checkpoint, kind):
    path = checkpoint(kind)
    assert refused(path) == (
        f"The model {str(path)!r} is of a kind that has no masked language model; "
        "give a fill-mask model."
    )


def test_a_batch_of_no_tokens(folder):
    model = AutoModelForMaskedLM.from_pretrained(folder("bert"))
    tokenizer = AutoTokenizer.from_pretrained(folder("bert"))
    with pytest.raises(UserError, match="batch_tokens is 0; give a number of tokens above 0."):
        MaskedLanguageModel(model, tokenizer, batch_tokens=0)


def test_a_tokenizer_without_a_mask_token(folder, tmp_path):
    path = Path(shutil.copytree(folder("bert"), tmp_path / "model"))
    settings = json.loads((path / "tokenizer_config.json").read_text())
    settings["mask_token"] = None
    settings["tokenizer_class"] = "PreTrainedTokenizerFast"
    (path / "tokenizer_config.json").write_text(json.dumps(settings))
    assert refused(path) == (
        f"The tokenizer of {str(path)!r} has no mask token; give a fill-mask model."
    )


def test_a_folder_that_is_not_there():
    assert refused("./nowhere") == (
        "There is no folder './nowhere'; give a folder with a saved model, a name on the hub, or "
        f"{EMBEDDED_FILLER}."
    )


def test_a_model_of_the_hub_that_is_not_in_the_cache():
    assert refused("someone/model") == (
        "The model 'someone/model' is not in the local cache and HF_HUB_OFFLINE is set; "
        "unset it, or give a folder."
    )


def test_logits_that_are_no_numbers(folder):
    model = AutoModelForMaskedLM.from_pretrained(folder("bert"))
    ours = MaskedLanguageModel(model, AutoTokenizer.from_pretrained(folder("bert")), name="broken")
    with torch.no_grad():
        model.get_output_embeddings().weight.fill_(torch.nan)
    with pytest.raises(UserError, match="'broken' gives a logit that is not a number; check"):
        ours.propose([TEXT], [(0, 3)], 1)
