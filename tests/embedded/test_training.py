"""The training code on a corpus of a few dozen sentences and models of a few thousand weights."""

import random
from pathlib import Path

import pytest
import torch
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    PreTrainedModel,
)

from lit_plugins.embedded.training import loop, templates, vocabulary
from lit_plugins.embedded.training.__main__ import main
from lit_plugins.embedded.training.data import Example, as_typed, half_as_typed, read_sst2
from lit_plugins.embedded.training.filler import (
    Marked,
    choose_words,
    guess_words,
    longest_phrases,
    make_filler,
    mark,
    train_filler,
)
from lit_plugins.embedded.training.save import save
from lit_plugins.embedded.training.student import (
    ask_teacher,
    make_student,
    mean_pooled,
    train_student,
    with_unknowns,
)
from lit_plugins.embedded.training.teacher import LABELS, train_teacher
from lit_plugins.embedded.training.tiny import make_tiny, train_tiny
from lit_plugins.errors import UserError

CORPUS = [
    Example(f"the {thing} was {adjective} .", positive)
    for thing in ("soup", "room", "film", "phone", "book", "map")
    for adjective, positive in (("good", 1.0), ("lovely", 1.0), ("bad", 0.0), ("dull", 0.0))
]
TEXTS = [example.text for example in CORPUS]


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)
    random.seed(0)


@pytest.fixture
def bow() -> tuple:
    return make_tiny(TEXTS, vocabulary=200, hidden=16)


def bert_like(tokenizer) -> PreTrainedModel:
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=300,
        pad_token_id=tokenizer.pad_token_id,
        id2label=LABELS,
        label2id={label: number for number, label in LABELS.items()},
    )
    return AutoModelForSequenceClassification.from_config(config)


def write_sst2(folder: Path, examples: list[Example]) -> Path:
    lines = [f"{example.text}\t{example.positive:.0f}" for example in examples]
    for name in ("train.tsv", "dev.tsv"):
        (folder / name).write_text("\n".join(["sentence\tlabel", *lines, ""]), encoding="utf-8")
    return folder


def test_sst2_is_read_from_a_folder(tmp_path: Path) -> None:
    quoted = Example('he said " no', 0.0)
    train, dev = read_sst2(str(write_sst2(tmp_path, [*CORPUS, quoted])))
    assert train == dev == [*CORPUS, quoted]


def test_a_missing_folder_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no folder .*nowhere.*train.tsv and dev.tsv"):
        read_sst2(str(tmp_path / "nowhere"))


def test_a_missing_file_gives_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no file .*train.tsv"):
        read_sst2(str(tmp_path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("text\tlabel\ngood\t1\n", "needs the columns sentence and label"),
        ("sentence\tlabel\ngood\tyes\n", "Line 2 .* has the label 'yes': use 0 or 1"),
    ],
)
def test_a_malformed_file_gives_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "train.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_sst2(str(tmp_path))


@pytest.mark.parametrize(
    ("treebank", "typed"),
    [
        ("it does n't work , does it ?", "It doesn't work, does it?"),
        ("the film 's a mess -lrb- again -rrb- .", "The film's a mess (again)."),
        ("`` ca n't wait ''", '"can\'t wait"'),
        ("", ""),
    ],
)
def test_as_typed(treebank: str, typed: str) -> None:
    assert as_typed(treebank) == typed


def test_half_as_typed_keeps_labels_and_order() -> None:
    halved = half_as_typed(CORPUS, seed=1)
    assert halved == half_as_typed(CORPUS, seed=1)
    assert [example.positive for example in halved] == [example.positive for example in CORPUS]
    changed = sum(a.text != b.text for a, b in zip(halved, CORPUS, strict=True))
    assert 0 < changed < len(CORPUS)


def test_templates_are_deterministic() -> None:
    assert templates.sentences(300, 7) == templates.sentences(300, 7)
    assert templates.sentences(300, 7) != templates.sentences(300, 8)


def test_every_kind_of_template_writes_clean_sentences() -> None:
    for kind in templates.KINDS:
        examples = templates.sentences(200, 3, (kind,))
        labels = {example.positive for example in examples}
        assert labels == ({0.5} if kind == "neutral" else {0.0, 1.0}), kind
        for example in examples:
            assert "  " not in example.text
            assert example.text == example.text.strip()


def test_batches_hold_each_row_once_and_sort_by_length() -> None:
    lengths = [random.Random(i).randint(1, 60) for i in range(1000)]
    batches = loop.batches_by_length(lengths, 10, random.Random(0))
    assert sorted(row for batch in batches for row in batch) == list(range(1000))
    spread = [max(lengths[i] for i in b) - min(lengths[i] for i in b) for b in batches]
    assert sum(spread) / len(spread) < 3


def test_padding() -> None:
    inputs = loop.pad([[5, 6, 7], [8]], 9, torch.device("cpu"))
    assert inputs["input_ids"].tolist() == [[5, 6, 7], [8, 9, 9]]
    assert inputs["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]


def test_mean_pooling_leaves_padding_out() -> None:
    hidden = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [100.0, 100.0]]])
    assert mean_pooled(hidden, torch.tensor([[1, 1, 0]])).tolist() == [[2.0, 3.0]]


def test_unknowns_spare_special_tokens() -> None:
    rng = random.Random(0)
    assert with_unknowns([2, 7, 8, 3], 1.0, 1, {2, 3}, rng) == [2, 1, 1, 3]
    assert with_unknowns([2, 7, 8, 3], 0.0, 1, {2, 3}, rng) == [2, 7, 8, 3]


def test_a_cut_vocabulary_splits_words_and_keeps_offsets(bow: tuple) -> None:
    _, tokenizer = bow
    kept = vocabulary.choose(tokenizer, ["the room was good"], 130)
    assert kept[: len(vocabulary.SPECIAL)] == list(vocabulary.SPECIAL)
    assert len(kept) == len(set(kept)) <= 130
    small = vocabulary.cut(tokenizer, kept)
    text = "The xylophone was GOOD!"
    encoded = small(text, return_offsets_mapping=True)
    assert small.unk_token_id not in encoded["input_ids"]
    assert encoded["input_ids"][0] == small.cls_token_id
    assert encoded["input_ids"][-1] == small.sep_token_id
    spans = [text[a:b] for a, b in encoded["offset_mapping"] if b > a]
    assert "".join(spans) == text.replace(" ", "")
    assert {"The", "GOOD"} <= set(spans)
    assert "xylophone" not in spans


def test_a_student_begins_as_its_teacher_below(bow: tuple) -> None:
    _, tokenizer = bow
    teacher = bert_like(tokenizer).eval()
    student, small = make_student(teacher, tokenizer, TEXTS, vocabulary=150, layers=2)
    student.eval()
    text = "the soup was lovely ."
    with torch.no_grad():
        expected = teacher(
            **tokenizer(text, return_tensors="pt"), output_hidden_states=True
        ).hidden_states[2]
        found = student(**small(text, return_tensors="pt"), output_hidden_states=True)
    torch.testing.assert_close(found.hidden_states[2], expected)
    assert len(small) <= 150
    assert student.config.max_position_embeddings == vocabulary.MODEL_MAX_LENGTH


def test_teacher_and_student_train_and_load(bow: tuple, tmp_path: Path) -> None:
    _, tokenizer = bow
    teacher = bert_like(tokenizer)
    train_teacher(
        teacher, tokenizer, CORPUS, seed=0, epochs=30, learning_rate=5e-3, batch_size=8, frozen=1
    )
    assert loop.accuracy(teacher, tokenizer, CORPUS) == 1.0
    lessons = ask_teacher(teacher, tokenizer, CORPUS, batch_size=5)
    student, small = make_student(teacher, tokenizer, TEXTS, vocabulary=150)
    train_student(
        student, small, lessons, seed=0, always=16, epochs=30, learning_rate=5e-3, batch_size=8
    )
    save(student, small, tmp_path)
    assert_loads(tmp_path, student, 0.9)


def test_lessons_are_in_the_order_of_the_examples(bow: tuple) -> None:
    model, tokenizer = bow
    lessons = ask_teacher(model, tokenizer, CORPUS, batch_size=5)
    positive = lessons.logits.softmax(-1)[:, 1]
    torch.testing.assert_close(positive, loop.probabilities(model, tokenizer, TEXTS))


def test_bow_trains_and_loads(bow: tuple, tmp_path: Path) -> None:
    model, tokenizer = bow
    train_tiny(model, tokenizer, CORPUS, seed=0, epochs=20, learning_rate=1e-2, batch_size=8)
    assert not model.base_model.embeddings.position_embeddings.weight.any()
    save(model, tokenizer, tmp_path)
    assert_loads(tmp_path, model, 1.0)


def assert_loads(folder: Path, trained: PreTrainedModel, least: float) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert model.dtype == torch.float32
    assert loop.accuracy(model, tokenizer, CORPUS) >= least
    inputs = tokenizer("the soup was lovely .", return_tensors="pt")
    with torch.no_grad():
        torch.testing.assert_close(
            model.eval()(**inputs).logits, trained.eval()(**inputs).logits, atol=2e-2, rtol=0
        )
    names = {file.name for file in folder.iterdir()}
    assert names == {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"}
    assert (folder / "model.safetensors").stat().st_mode & 0o777 == 0o644


def test_the_command_line_trains_and_prints_the_dev_accuracy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lit_plugins.embedded.training.__main__.BOW_TEMPLATES", 50)
    write_sst2(tmp_path, CORPUS)
    arguments = ["--sst2", str(tmp_path), "--out", str(tmp_path / "out"), "--only", "tiny"]
    assert main(arguments) == 0
    assert "sentiment-bow: dev accuracy " in capsys.readouterr().out
    assert (tmp_path / "out" / "sentiment-bow" / "model.safetensors").is_file()


def test_the_command_line_reports_a_missing_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--sst2", str(tmp_path / "nowhere"), "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "nowhere" in error
    assert error.count("\n") == 1


def test_the_longest_phrases_are_no_part_of_another() -> None:
    phrases = ["the film is dull", "film is", "dull", "a film", "the film", "is du", "a film", ""]
    assert longest_phrases(phrases) == ["the film is dull", "a film", "is du"]


def test_a_filler_begins_as_its_encoder_below_and_with_the_words_frequencies(bow: tuple) -> None:
    _, tokenizer = bow
    encoder = bert_like(tokenizer).eval()
    filler, small = make_filler(encoder, tokenizer, TEXTS, vocabulary=150, layers=2)
    text = "the soup was lovely ."
    with torch.no_grad():
        expected = encoder(
            **tokenizer(text, return_tensors="pt"), output_hidden_states=True
        ).hidden_states[2]
        found = filler.eval()(**small(text, return_tensors="pt"), output_hidden_states=True)
    torch.testing.assert_close(found.hidden_states[2], expected)
    assert found.logits.shape[-1] == len(small) <= 150
    assert filler.get_output_embeddings().weight is filler.get_input_embeddings().weight
    bias = filler.get_output_embeddings().bias
    often, seldom, never = small.convert_tokens_to_ids(["the", "soup", "q"])
    assert bias[often] > bias[seldom] > bias[never]


def test_marked_words_have_all_their_tokens(bow: tuple) -> None:
    _, tokenizer = bow
    text = "the xylophone was good"
    (marked,) = mark(tokenizer, [text, ""])
    assert marked.ids == tokenizer(text)["input_ids"]
    assert len(marked.words) == 4
    assert [position for word in marked.words for position in word] == list(
        range(1, len(marked.ids) - 1)
    )
    assert len(marked.words[1]) > 1


def test_whole_words_are_chosen_and_common_ones_less_often() -> None:
    marked = Marked([2, 7, 8, 9, 10, 3], [[1], [2, 3], [4]])
    rng = random.Random(0)
    chosen = [choose_words(marked, 0.3, {7}, rng) for _ in range(2000)]
    assert {tuple(one) for one in chosen} == {(1,), (2, 3), (4,)}
    assert chosen.count([2, 3]) == pytest.approx(chosen.count([4]), rel=0.2)
    assert 0.1 < chosen.count([1]) / 2000 < 0.25
    assert sorted(choose_words(marked, 1.0, {7}, rng)) == [1, 2, 3, 4]
    assert len(choose_words(marked, 0.0, set(), rng)) in (1, 2)


def test_a_filler_trains_loads_and_guesses(bow: tuple, tmp_path: Path) -> None:
    _, tokenizer = bow
    filler, small = make_filler(bert_like(tokenizer), tokenizer, TEXTS, vocabulary=150)
    before = guess_words(filler, small, TEXTS)
    train_filler(filler, small, TEXTS, TEXTS[:8], seed=0, epochs=60, learning_rate=1e-2)
    save(filler, small, tmp_path)
    assert "label" not in (tmp_path / "config.json").read_text()
    loaded = AutoModelForMaskedLM.from_pretrained(tmp_path)
    assert loaded.dtype == torch.float32
    found = guess_words(loaded, AutoTokenizer.from_pretrained(tmp_path), TEXTS)
    # Two words in four can only be guessed by their share.
    assert found.words == before.words > 50
    assert found.first > 0.45
    assert found.in_ten > 0.9
    assert 1 < found.perplexity < before.perplexity / 2
