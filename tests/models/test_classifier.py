"""`TextClassifier` says what `transformers` says, whatever the text, the batch and the thread."""

from __future__ import annotations

import copy
import dataclasses
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Pipeline,
    PreTrainedModel,
    pipeline,
)

from lit_plugins import TextClassifier, UserError
from lit_plugins.models.forward import Forward
from lit_plugins.models.quiet import quiet_transformers
from lit_plugins.models.task import ExclusiveClasses
from lit_plugins.runtime.turns import given_by
from tests.checkpoints import KINDS, TEXTS

LONG = "I can't recommend this enough, don't miss it; 最高 " * 20
WRITTEN = [
    *TEXTS,
    "",
    "   ",
    "!!!",
    "…?!",
    "  two   words \n\n in\tlines\r\n",
    "👩‍👩‍👧 🇫🇷 👍🏽 ❤️",
    "e\u0301te\u0301 naïve ﬁne ㎏ İ",
    "한국어 नमस्ते می\u200cخواهم",
    "zero\u200bwidth and \x00 and \ufffd",
    "[SEP] </s> <s> [MASK] <mask>",
    LONG,
    LONG[:90],
]
OTHERS = ["bart", "longformer", "modernbert", "xlnet"]
CASES = [
    *((kind, classes) for kind in KINDS for classes in (2, 3)),
    *((kind, 3) for kind in OTHERS),
]

Load = Callable[..., TextClassifier]


Values = dict[str, np.ndarray]


def close(some: np.ndarray, others: np.ndarray) -> None:
    """Equal up to 1e-5 of the largest value, or of 1."""
    assert some.shape == others.shape
    scale = max(1.0, float(np.abs(others).max(initial=0)))
    np.testing.assert_allclose(some / scale, others / scale, rtol=0, atol=1e-5)


def all_close(some: list[Values], others: list[Values]) -> None:
    assert len(some) == len(others)
    for values, expected in zip(some, others, strict=True):
        assert values.keys() == expected.keys()
        for name in values:
            close(values[name], expected[name])


def batched(classifier: TextClassifier, batch_tokens: int) -> TextClassifier:
    other = copy.copy(classifier)
    other.batch_tokens = batch_tokens
    return other


def pipe_of(model: PreTrainedModel, folder: Any) -> Pipeline:
    return pipeline(
        "text-classification",
        model=model,
        tokenizer=AutoTokenizer.from_pretrained(folder),
        device="cpu",
    )


def scores(pipe: Pipeline, texts: list[str], labels: tuple[str, ...], **options: Any) -> np.ndarray:
    """The pipeline's probabilities, one text at a time, float [texts, classes]."""
    with quiet_transformers():
        found = [pipe(text, top_k=None, **options) for text in texts]
    by_label = [{each["label"]: each["score"] for each in one} for one in found]
    return np.array([[one[label] for label in labels] for one in by_label])


def everything(ours: TextClassifier, texts: list[str]) -> list[Values]:
    """All that a classifier gives for each text."""
    rows = [text.row for text in ours.encode(texts)]
    predictions = ours.predict(texts, embeddings=True)
    assert predictions.embeddings is not None
    gradients = ours.gradients(rows, [len(text) % len(ours.labels) for text in texts])
    attention = ours.attention(rows)
    layers = ours.layer_embeddings(rows)
    inputs = ours.input_embeddings(rows)
    return [
        {
            "row": np.array(rows[at].input_ids),
            "logits": predictions.logits[at],
            "pooled": predictions.embeddings[at],
            **{
                f"gradients.{name}": np.asarray(value)
                for name, value in dataclasses.asdict(gradients[at]).items()
            },
            "attention": attention[at],
            "layers": layers[at],
            "inputs": inputs[at],
        }
        for at in range(len(texts))
    ]


@pytest.mark.parametrize(("kind", "classes"), CASES)
def test_predictions_are_those_of_the_pipeline(checkpoint, classifier, plain, kind, classes):
    ours = classifier(kind, classes)
    pipe = pipe_of(plain(kind, classes), checkpoint(kind, classes))
    texts = [text for text in WRITTEN if text or kind != "gpt2"]  # its pipeline takes no ""
    expected = scores(pipe, texts, ours.labels, truncation=True, max_length=ours.max_length)
    predictions = ours.predict(texts)
    np.testing.assert_allclose(predictions.probabilities, expected, rtol=0, atol=1e-5)
    assert predictions.logits.std(axis=0).min() > 0.05
    cut = [len(ids) > ours.max_length for ids in pipe.tokenizer(texts)["input_ids"]]
    assert list(predictions.truncated) == ours.truncated(texts) == cut
    assert cut[texts.index(LONG)] == (kind != "xlnet")


@pytest.mark.parametrize("method", ["encode", "rows", "truncated"])
def test_long_texts_are_read_in_turns(classifier, method):
    turns = []

    def give(work):
        turns.append(work)
        return work()

    with given_by(give):
        found = getattr(classifier("bert", 2), method)(["food " * 5_000] * 3)
    assert len(found) == len(turns) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_the_softmax_of_logits(classifier, kind):
    predictions = classifier(kind, 3).predict(WRITTEN)
    assert predictions.logits.dtype == predictions.probabilities.dtype == np.float32
    expected = torch.from_numpy(predictions.logits).softmax(-1).numpy()
    np.testing.assert_allclose(predictions.probabilities, expected, atol=1e-6)
    assert predictions.embeddings is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", ["right", "left"])
def test_a_long_text_is_cut_as_the_pipeline_cuts_it(checkpoint, plain, kind, side):
    pipe = pipe_of(plain(kind), checkpoint(kind))
    pipe.tokenizer.truncation_side = side
    ours = TextClassifier.from_pipeline(pipe, max_length=11)
    expected = scores(pipe, [LONG, TEXTS[5]], ours.labels, truncation=True, max_length=11)
    predictions = ours.predict([LONG, TEXTS[5]])
    np.testing.assert_allclose(predictions.probabilities, expected, rtol=0, atol=1e-5)
    assert predictions.truncated == (True, True)
    assert all(len(text.row.input_ids) == 11 for text in ours.encode([LONG, TEXTS[5]]))


@pytest.mark.parametrize("kind", [*KINDS, "longformer"])
def test_the_longest_text_that_the_model_reads_is_read(classifier, kind):
    ours = classifier(kind, 3)
    (encoded,) = ours.encode([LONG])
    assert len(encoded.row.input_ids) == ours.max_length
    assert ours.max_length in (62, 63, 64)
    assert np.isfinite(ours.predict([LONG]).logits).all()


def state_of(pipe: Pipeline) -> dict[str, Any]:
    """All that a caller could find changed of a pipeline, weights aside."""
    model, backend = pipe.model, pipe.tokenizer.backend_tokenizer
    return {
        "modes": [module.training for module in model.modules()],
        "needs": [weight.requires_grad for weight in model.parameters()],
        "gradients": [weight.grad for weight in model.parameters()],
        "addresses": [weight.data_ptr() for weight in model.parameters()],
        "config": (model.config.to_dict(), model.config._attn_implementation),
        "hooks": [list(module._forward_hooks) for module in model.modules()],
        "backend": (backend.truncation, backend.padding, backend.to_str()),
        "tokenizer": (pipe.tokenizer.padding_side, pipe.tokenizer.init_kwargs),
    }


@pytest.mark.parametrize("kind", [*KINDS, "modernbert"])
def test_a_pipeline_stays_as_it_is(checkpoint, classifier, kind):
    with quiet_transformers():
        model = AutoModelForSequenceClassification.from_pretrained(checkpoint(kind))
    pipe = pipe_of(model, checkpoint(kind))
    if pipe.tokenizer.pad_token is None:
        pipe.tokenizer.pad_token = pipe.tokenizer.eos_token
    pipe.tokenizer(["a film", "a"], padding=True, truncation=True, max_length=7)
    model.train()
    next(model.parameters()).requires_grad_(False)
    before, weights = state_of(pipe), {key: w.clone() for key, w in model.state_dict().items()}
    ours = TextClassifier.from_pipeline(pipe)
    all_close(everything(ours, WRITTEN), everything(classifier(kind), WRITTEN))
    assert state_of(pipe) == before
    assert all(torch.equal(weights[key], weight) for key, weight in model.state_dict().items())


def test_a_pipeline_in_training_mode_predicts_without_dropout(checkpoint, classifier):
    with quiet_transformers():
        model = AutoModelForSequenceClassification.from_pretrained(
            checkpoint("bert"), hidden_dropout_prob=0.9
        )
    pipe = pipe_of(model, checkpoint("bert"))
    model.train()
    ours = TextClassifier.from_pipeline(pipe, name="mine", labels=["no", "yes"])
    close(ours.predict(TEXTS).logits, classifier("bert").predict(TEXTS).logits)
    assert model.training
    assert (ours.name, ours.labels) == ("mine", ("no", "yes"))


@pytest.mark.parametrize("kind", [*KINDS, "longformer", "modernbert"])
def test_padding_and_batching_change_nothing(classifier, kind):
    def ask(ours: TextClassifier, texts: list[str]) -> list[Values]:
        if kind != "longformer":
            return everything(ours, texts)
        embeddings = ours.predict(texts, embeddings=True).embeddings
        assert embeddings is not None
        return [{"pooled": each} for each in embeddings]  # no attention from each to each

    ours = classifier(kind)
    alone = {text: ask(ours, [text])[0] for text in WRITTEN}
    order = WRITTEN.copy()
    for batch_tokens in (1, 64, 4096):
        random.Random(batch_tokens).shuffle(order)
        all_close(ask(batched(ours, batch_tokens), order), [alone[text] for text in order])


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_memory_that_runs_out_changes_nothing(classifier, kind, monkeypatch):
    ours = batched(classifier(kind), 10**6)
    expected = everything(ours, WRITTEN)
    passes = Forward.__call__
    most = 2

    def runs_out(self: Forward, batch: Any, *args: Any, **options: Any) -> Any:
        if len(batch.ids) > most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB.")
        return passes(self, batch, *args, **options)

    monkeypatch.setattr(Forward, "__call__", runs_out)
    all_close(everything(ours, WRITTEN), expected)
    most = 0
    rows = [text.row for text in ours.encode(["word"])]
    for ask in (
        lambda: ours.predict(["word"]),
        lambda: ours.gradients(rows, [0]),
        lambda: ours.attention(rows),
        lambda: ours.layer_embeddings(rows),
    ):
        with pytest.raises(UserError, match=r"^A text of \d+ tokens does not fit in memory; set"):
            ask()


@pytest.mark.parametrize("kind", KINDS)
def test_many_threads_ask_at_once(checkpoint, classifier, kind):
    ours = TextClassifier.from_pretrained(str(checkpoint(kind)), max_length=24, batch_tokens=96)
    groups = [[LONG[: 5 * at + 3], WRITTEN[at % len(WRITTEN)], LONG[-9 * at :]] for at in range(12)]
    alone = [everything(ours, group) for group in groups]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda group: everything(ours, group), groups))
    for some, others in zip(together, alone, strict=True):
        all_close(some, others)


def test_a_model_that_pools_tokens_and_keeps_state_waits_its_turn(checkpoint, classifier, plain):
    ours = classifier("funnel", 3)
    assert ours.network.padding == "none"
    texts = [text for text in WRITTEN if text.strip()]  # it cannot run two tokens
    expected = scores(pipe_of(plain("funnel", 3), checkpoint("funnel", 3)), texts, ours.labels)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: ours.predict(texts[at:] + texts[:at]), range(len(texts))))
    for at, predictions in enumerate(found):
        rolled = np.roll(expected, -at, axis=0)
        np.testing.assert_allclose(predictions.probabilities, rolled, rtol=0, atol=1e-5)


def test_a_padding_token_that_only_the_configuration_knows(checkpoint, plain, classifier):
    model = copy.deepcopy(plain("gpt2", 3))
    pipe = pipe_of(model, checkpoint("gpt2", 3))
    assert pipe.tokenizer.pad_token is None
    for pad_id in (None, model.config.eos_token_id, 7):
        model.config.pad_token_id = pad_id
        ours = TextClassifier.from_pipeline(pipe)
        texts = [text for text in WRITTEN if text] + ["the end<|endoftext|>", "<|endoftext|>"]
        expected = scores(pipe, texts, ours.labels, truncation=True, max_length=64)
        np.testing.assert_allclose(ours.predict(texts).probabilities, expected, rtol=0, atol=1e-5)


def test_tokens_that_the_model_passes_over_are_not_in_the_row(checkpoint, plain):
    model = copy.deepcopy(plain("gpt2", 3))
    model.config.pad_token_id = model.config.eos_token_id
    ours = TextClassifier.from_pipeline(pipe_of(model, checkpoint("gpt2", 3)))
    ended, plain_text = ours.encode(["the end<|endoftext|>", "the end"])
    assert ended.row == plain_text.row
    assert ended.word_texts == ("the", "end", "<|endoftext|>")
    assert ended.visible_words == (0, 1)
    assert not ended.truncated


def test_a_decoder_gives_an_empty_text_the_logits_of_its_first_token(classifier, plain):
    ours, model = classifier("gpt2", 3), plain("gpt2", 3)
    with torch.inference_mode():
        expected = model(torch.tensor([[model.config.bos_token_id]])).logits.numpy()
    close(ours.predict([""]).logits, expected)
    close(ours.predict(["a film", "", LONG]).logits[1:2], expected)


def test_the_side_on_which_the_tokenizer_pads_does_not_matter(checkpoint, plain, classifier):
    for kind in ("bert", "gpt2"):
        pipe = pipe_of(plain(kind, 3), checkpoint(kind, 3))
        pipe.tokenizer.padding_side = "left" if kind == "bert" else "right"
        close(
            TextClassifier.from_pipeline(pipe).predict(TEXTS).logits,
            classifier(kind, 3).predict(TEXTS).logits,
        )


def test_an_end_of_text_that_was_written_in_does_not_stop_a_batch(classifier, plain):
    ours, model = classifier("bart", 3), plain("bart", 3)
    texts = ["a film", "the</s> end", "</s></s>", "good 😀", "the</s> end too"]
    rows = [text.row for text in ours.encode(texts)]
    with torch.inference_mode():
        expected = [model(torch.tensor([row.input_ids])).logits.numpy() for row in rows]
    close(ours.predict(texts).logits, np.concatenate(expected))
    with pytest.raises(UserError) as caught:
        ours.gradients(rows, [0] * len(rows))
    assert str(caught.value) == (
        "The model BartForSequenceClassification does not take embeddings in place of tokens, so "
        "it has no gradients; use a method that needs predictions only."
    )
    for weights in ours.attention(rows):
        np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)


def test_logits_of_rows_are_those_of_their_texts(classifier):
    ours = classifier("bert")
    rows = [text.row for text in ours.encode(WRITTEN)]
    predictions = ours.predict(WRITTEN, embeddings=True)
    # With embeddings the whole last layer is run, without them what the head reads.
    np.testing.assert_allclose(ours.logits(rows), predictions.logits, atol=1e-6)
    logits, pooled = ours.infer(rows, embeddings=True)
    np.testing.assert_array_equal(logits, predictions.logits)
    np.testing.assert_array_equal(pooled, predictions.embeddings)


def test_no_texts_have_no_predictions(classifier):
    ours = classifier("bert", 3)
    predictions = ours.predict([], embeddings=True)
    assert predictions.logits.shape == predictions.probabilities.shape == (0, 3)
    assert predictions.truncated == ()
    assert ours.encode([]) == ours.gradients([], []) == ours.attention([]) == []
    assert ours.logits([]).shape == (0, 3)
    assert len(ours.layer_embeddings([])) == len(ours.input_embeddings([])) == 0


def test_progress_is_told_in_texts(classifier):
    told: list[tuple[int, int]] = []
    batched(classifier("bert"), 1).predict(TEXTS, progress=lambda *done: told.append(done))
    assert told == [(at + 1, len(TEXTS)) for at in range(len(TEXTS))]


def test_what_no_text_can_be_is_refused(classifier):
    ours = classifier("bert")
    with pytest.raises(UserError, match=r"^texts is one string, 'a film'; give a list of strings"):
        ours.predict("a film")
    with pytest.raises(UserError, match=r"^Text 1 is nan, which is not a string; give strings"):
        ours.predict(["a", float("nan")])


def test_labels_come_from_the_configuration_or_the_caller(checkpoint, classifier):
    ours = classifier("bert")
    assert ours.labels == ("LABEL_0", "LABEL_1")
    named = TextClassifier.from_pretrained(str(checkpoint("bert")), labels=("no", "yes"))
    assert named.labels == ("no", "yes")
    renamed = ours.with_labels(["bad", "good"])
    assert (renamed.labels, ours.labels) == (("bad", "good"), ("LABEL_0", "LABEL_1"))
    assert renamed.task == ExclusiveClasses(("bad", "good"))
    assert renamed.network is ours.network
    np.testing.assert_array_equal(renamed.predict(TEXTS).logits, ours.predict(TEXTS).logits)


def test_another_name_is_another_view_of_the_same_model(classifier):
    ours = classifier("bert")
    renamed = ours.with_name("mine")
    assert (renamed.name, renamed.network) == ("mine", ours.network)
    assert ours.name != "mine"
    assert renamed.fingerprint == ours.fingerprint


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (
            ["no", "so so", "yes"],
            "The model 'm' has 2 classes and 3 labels were given (no, so so, yes); "
            "give one label for each class, in the order of the classes.",
        ),
        (
            [],
            "The model 'm' has 2 classes and 0 labels were given (); "
            "give one label for each class, in the order of the classes.",
        ),
        (
            ["same", "same"],
            "The labels same, same of 'm' are not all different; "
            "give each class its own with labels=.",
        ),
        ("no", "labels is one string, 'no'; give a list with one label for each class."),
    ],
)
def test_labels_that_do_not_fit(checkpoint, plain, labels, sentence):
    pipe = pipe_of(plain("bert"), checkpoint("bert"))
    with pytest.raises(UserError) as caught:
        TextClassifier.from_pipeline(pipe, name="m", labels=labels)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("id2label", "sentence"),
    [
        (
            {"1": "no", "2": "yes"},
            "The id2label of 'm' names the classes 1, 2 in place of 0 to 1; "
            "give the names with labels=.",
        ),
        (
            {"0": "same", "1": "same"},
            "The labels same, same of 'm' are not all different; "
            "give each class its own with labels=.",
        ),
    ],
)
def test_a_configuration_whose_labels_do_not_fit(checkpoint, plain, id2label, sentence):
    model = copy.deepcopy(plain("bert"))
    model.config.id2label = id2label
    pipe = pipe_of(model, checkpoint("bert"))
    with pytest.raises(UserError) as caught:
        TextClassifier.from_pipeline(pipe, name="m")
    assert str(caught.value) == sentence
    named = TextClassifier.from_pipeline(pipe, name="m", labels=["no", "yes"])
    assert named.labels == ("no", "yes")


def test_a_configuration_with_keys_that_are_text(checkpoint, plain):
    model = copy.deepcopy(plain("bert"))
    model.config.id2label = {"1": "yes", "0": "no"}
    pipe = pipe_of(model, checkpoint("bert"))
    assert TextClassifier.from_pipeline(pipe).labels == ("no", "yes")


@pytest.mark.parametrize("max_length", [0, -1, 2, 65, 7.5, "12"])
def test_a_length_out_of_bounds(checkpoint, max_length):
    with pytest.raises(UserError) as caught:
        TextClassifier.from_pretrained(str(checkpoint("bert")), max_length=max_length)
    assert str(caught.value) == (
        f"max_length is {max_length!r}; this model reads at least 3 and at most 64 tokens."
    )


def test_a_tokenizer_that_reads_less_than_the_model_limits_it(checkpoint, plain):
    tokenizer = AutoTokenizer.from_pretrained(checkpoint("bert"), model_max_length=20)
    assert TextClassifier(plain("bert"), tokenizer).max_length == 20
    assert TextClassifier(plain("bert"), tokenizer, max_length=64).max_length == 64


@pytest.mark.parametrize("batch_tokens", [0, -5])
def test_a_batch_without_tokens(checkpoint, batch_tokens):
    with pytest.raises(UserError) as caught:
        TextClassifier.from_pretrained(str(checkpoint("bert")), batch_tokens=batch_tokens)
    assert str(caught.value) == (
        f"batch_tokens is {batch_tokens}; give a number of tokens above 0."
    )


def test_the_mask_token_is_the_tokenizers_or_the_next_best(classifier):
    assert classifier("bert").mask_token == "[MASK]"
    assert classifier("roberta").mask_token == "<mask>"
    assert classifier("llama").mask_token == "<unk>"
    assert classifier("gpt2").mask_token == "<|endoftext|>"
    for kind in KINDS:
        ours = classifier(kind)
        assert ours.mask_token in ours.special_tokens


@pytest.mark.parametrize("kind", KINDS)
def test_the_embedding_table_is_the_models(classifier, plain, kind):
    ours = classifier(kind)
    tokens, table = ours.embedding_table()
    weight = plain(kind).get_input_embeddings().weight.detach().numpy()
    vocabulary = ours.tokenizer.get_vocab()
    assert len(tokens) == len(set(tokens)) == len(table) == len(vocabulary)
    np.testing.assert_array_equal(table, weight[[vocabulary[token] for token in tokens]])
    (row,) = (text.row for text in ours.encode(["the food"]))
    np.testing.assert_array_equal(ours.input_embeddings([row])[0], weight[list(row.input_ids)])
