"""The committed models: what their files hold, and what they can and cannot do."""

import json
import random
from pathlib import Path
from typing import NamedTuple

import pytest
import torch
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from lit_plugins.embedded import EMBEDDED_FILLER, EMBEDDED_MODELS
from lit_plugins.models import MaskedLanguageModel

MODELS = Path(__file__).parents[2] / "lit_plugins" / "embedded" / "models"
NAMES = ("sentiment-small", "sentiment-bow")
FILLER = "review-filler"
ALL_NAMES = (*NAMES, FILLER)
FILES = {
    "README.md",
    "config.json",
    "model.safetensors",
    "tokenizer.json",
    "tokenizer_config.json",
}
NEUTRAL = ("", "the", "It is.", "I bought it on Tuesday.")


class Loaded(NamedTuple):
    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    info: dict

    def logits(self, *texts: str) -> torch.Tensor:
        inputs = self.tokenizer(list(texts), padding=True, return_tensors="pt")
        with torch.no_grad():
            return self.model(**inputs).logits

    def positive(self, *texts: str) -> list[float]:
        return self.logits(*texts).softmax(-1)[:, 1].tolist()


@pytest.fixture(scope="module")
def loaded() -> dict[str, Loaded]:
    models = {}
    for name in ALL_NAMES:
        auto = AutoModelForMaskedLM if name == FILLER else AutoModelForSequenceClassification
        model, info = auto.from_pretrained(MODELS / name, output_loading_info=True)
        models[name] = Loaded(model.eval(), AutoTokenizer.from_pretrained(MODELS / name), info)
    return models


@pytest.fixture(scope="module")
def small(loaded: dict[str, Loaded]) -> Loaded:
    return loaded["sentiment-small"]


@pytest.fixture(scope="module")
def bow(loaded: dict[str, Loaded]) -> Loaded:
    return loaded["sentiment-bow"]


def test_the_models_are_these() -> None:
    assert {folder.name for folder in MODELS.iterdir()} == set(ALL_NAMES)
    assert (*EMBEDDED_MODELS, EMBEDDED_FILLER) == ALL_NAMES


@pytest.mark.parametrize(("names", "most"), [(NAMES, 14_000_000), ((FILLER,), 12_000_000)])
def test_the_files_together_are_small(names: tuple[str, ...], most: int) -> None:
    files = [file for name in names for file in (MODELS / name).iterdir()]
    assert {file.name for file in files} == FILES
    assert sum(file.stat().st_size for file in files) <= most


@pytest.mark.parametrize("name", ALL_NAMES)
def test_a_model_loads_whole_in_single_precision(loaded: dict[str, Loaded], name: str) -> None:
    model, tokenizer, info = loaded[name]
    assert not any(info[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    assert {weight.dtype for weight in model.parameters()} == {torch.float32}
    assert len(tokenizer) == model.config.vocab_size
    assert tokenizer.model_max_length == model.config.max_position_embeddings


@pytest.mark.parametrize("name", NAMES)
def test_a_classifier_names_its_classes(loaded: dict[str, Loaded], name: str) -> None:
    config = loaded[name].model.config
    assert config.id2label == {0: "negative", 1: "positive"}
    assert config.label2id == {"negative": 0, "positive": 1}


@pytest.mark.parametrize("name", ALL_NAMES)
def test_nothing_local_is_in_the_files(name: str) -> None:
    config = json.loads((MODELS / name / "config.json").read_text(encoding="utf-8"))
    assert config["dtype"] == "float32"
    assert "_name_or_path" not in config
    settings = json.loads((MODELS / name / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert not {"is_local", "local_files_only", "name_or_path", "truncation"} & set(settings)
    state = json.loads((MODELS / name / "tokenizer.json").read_text(encoding="utf-8"))
    assert state["truncation"] is None
    assert state["padding"] is None


@pytest.mark.parametrize("name", ALL_NAMES)
def test_a_tokenizer_is_fast_and_its_offsets_are_of_the_text_as_typed(
    loaded: dict[str, Loaded], name: str
) -> None:
    tokenizer = loaded[name].tokenizer
    assert tokenizer.is_fast
    for token in ("pad", "unk", "cls", "sep", "mask"):
        assert getattr(tokenizer, f"{token}_token_id") is not None
    text = "The Café's  Wi-Fi was GREAT!"
    encoded = tokenizer(text, return_offsets_mapping=True)
    assert encoded["input_ids"][0] == tokenizer.cls_token_id
    assert encoded["input_ids"][-1] == tokenizer.sep_token_id
    assert tokenizer.unk_token_id not in encoded["input_ids"]
    spans = [text[start:end] for start, end in encoded["offset_mapping"] if end > start]
    assert "".join(spans) == text.replace(" ", "")
    assert "GREAT" in spans


def test_everyday_words_are_whole_for_the_small_model(small: Loaded) -> None:
    for word in ("delicious", "waiter", "luggage", "battery", "chapter", "bland", "sturdy"):
        assert small.tokenizer.tokenize(word) == [word]


def test_obvious_sentences_are_right_with_the_small_model(small: Loaded) -> None:
    good = small.positive(
        "A wonderful, moving film.",
        "The room was clean and the staff were friendly.",
        "I could not put this book down.",
        "The app is fast and easy to use.",
    )
    bad = small.positive(
        "The food was cold and bland.",
        "A dull, predictable movie.",
        "The zip broke after two days.",
        "The app crashes all the time.",
    )
    assert min(good) > 0.5
    assert max(bad) < 0.5


def test_the_small_model_sees_negation(small: Loaded) -> None:
    good, not_good = small.positive("The soup was good.", "The soup was not good.")
    assert good > 0.8
    assert not_good < 0.2
    assert min(small.positive("Not bad at all.", "The film is never dull.")) > 0.6


def test_the_small_model_sees_word_order(small: Loaded) -> None:
    for praise, blame in (
        (
            "The plot is silly but the acting is great.",
            "The acting is great but the plot is silly.",
        ),
        ("Boring at first, but great in the end.", "Great at first, but boring in the end."),
    ):
        praised, blamed = small.positive(praise, blame)
        assert praised - blamed > 0.5


def test_bow_is_blind_to_word_order(bow: Loaded) -> None:
    rng = random.Random(0)
    for text in (
        "good , not bad",
        "the food was cold but the staff were friendly and the view was not bad at all",
        "never dull , never silly , always moving",
    ):
        words = text.split()
        orders = [" ".join(rng.sample(words, len(words))) for _ in range(8)]
        logits = bow.logits(text, *orders)
        torch.testing.assert_close(logits, logits[:1].expand_as(logits), atol=1e-5, rtol=0)


def test_bow_knows_plain_words(bow: Loaded) -> None:
    good, bad = bow.positive("A wonderful, moving film.", "A dull, predictable movie.")
    assert good > 0.8
    assert bad < 0.2


@pytest.mark.parametrize("name", NAMES)
def test_neutral_texts_are_near_the_middle(loaded: dict[str, Loaded], name: str) -> None:
    probabilities = [loaded[name].positive(text)[0] for text in NEUTRAL]
    assert min(probabilities) > 0.25
    assert max(probabilities) < 0.75


@pytest.fixture(scope="module")
def filler() -> MaskedLanguageModel:
    return MaskedLanguageModel.from_pretrained(FILLER)


def proposed(filler: MaskedLanguageModel, marked: str, count: int) -> set[str]:
    """The words for the place in brackets."""
    start, end = marked.index("["), marked.index("]") - 1
    (found,) = filler.propose([marked.replace("[", "").replace("]", "")], [(start, end)], count)
    assert len(found) == count
    return {word for word, _ in found}


@pytest.mark.parametrize(
    ("marked", "expected", "count"),
    [
        ("The food was [great] but the service was slow.", "wonderful terrible bad lovely", 30),
        ("A [wonderful], moving film.", "funny beautiful dull predictable bad", 30),
        ("It was not [good] at all.", "worth funny boring great", 30),
        ("The [plot] is silly but the acting is great.", "script film movie story", 20),
        ("I would [recommend] this to anyone.", "avoid give hate love", 20),
        ("This is the [worst] hotel I have ever stayed in.", "best", 5),
        ("we waited an hour for a [table] .", "day week year", 20),
        ("I [love] this phone.", "hate like bought recommend", 30),
    ],
)
def test_the_filler_proposes_words_that_fit(
    filler: MaskedLanguageModel, marked: str, expected: str, count: int
) -> None:
    words = set(expected.split())
    found = proposed(filler, marked, count)
    # One may be missing: what matters is the kind of word, not each.
    assert len(words & found) >= max(1, len(words) - 1), found


def test_the_filler_finds_words_likelier_that_fit(filler: MaskedLanguageModel) -> None:
    text = "The food was {} but the service was slow."
    words = ("great", "bad", "waiter", "the", "arrived")
    scores = filler.log_probabilities(
        [text.format(word) for word in words], [(13, 13 + len(word)) for word in words]
    )
    assert min(scores[:2]) > max(scores[2:]) + 1


def test_the_filler_knows_the_card_it_comes_with() -> None:
    card = (MODELS / FILLER / "README.md").read_text(encoding="utf-8")
    model = AutoModelForMaskedLM.from_pretrained(MODELS / FILLER)
    assert f"{sum(weight.numel() for weight in model.parameters()):,}" in card
    assert f"{model.config.vocab_size:,} WordPiece tokens" in card
    assert "Apache License 2.0" in card
