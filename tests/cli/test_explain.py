import csv
import io
import json
import re
import sys

import pytest

from lit_plugins import TextClassifier, explain
from lit_plugins.cli import main
from lit_plugins.explain import METHODS

COMMAND = "explain"
BOW = ["--model", "sentiment-bow", "--evaluations", "32"]


@pytest.fixture(scope="module")
def bow():
    return TextClassifier.from_pretrained("sentiment-bow")


def drawn(explanation):
    file = io.StringIO()
    explanation.draw(file=file)
    return file.getvalue()


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


def test_texts_are_drawn(bow, capsys):
    texts = ["Not bad at all.", "awful"]
    assert main(["explain", *texts, *BOW]) == 0
    expected = map(drawn, explain(bow, texts, evaluations=32))
    assert capsys.readouterr().out == "\n".join(expected)


def test_the_largest_words_only(bow, capsys):
    assert main(["explain", "a good film, I think", *BOW, "--top", "1"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[-1] == "(5 smaller left out)"
    assert rows[-2].endswith("  good")


def test_pairs_of_words_are_drawn_and_written_where_there_is_place(bow, refused, tmp_path, capsys):
    text = "Not bad at all."
    assert main(["explain", text, *BOW, "--interactions"]) == 0
    (expected,) = explain(bow, [text], evaluations=32, interactions=True)
    assert capsys.readouterr().out == drawn(expected)
    file = tmp_path / "x.jsonl"
    assert main(["explain", text, *BOW, "--interactions", "-o", str(file)]) == 0
    (line,) = lines(file)
    assert line["interactions"] == expected.to_dict()["interactions"]
    table = tmp_path / "x.csv"
    assert "no place for pairs" in refused(text, *BOW, "--interactions", "-o", str(table))
    assert not table.exists()


def test_standard_input_has_one_text_a_line(monkeypatch, tmp_path):
    file = tmp_path / "x.jsonl"
    read = io.TextIOWrapper(io.BytesIO("\ufeffgood\r\n\nnaïve\u2028film".encode()))
    monkeypatch.setattr(sys, "stdin", read)
    assert main(["explain", "first", "-", *BOW, "-o", str(file)]) == 0
    assert [line["text"] for line in lines(file)] == ["first", "good", "", "naïve\u2028film"]


@pytest.mark.parametrize("given", [b"", b"caf\xe9"])
def test_standard_input_that_is_no_text(monkeypatch, refused, given):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    assert "Standard input" in refused("-", *BOW)


def test_options_target_and_pieces_reach_the_method(checkpoint, classifier, tmp_path):
    file = tmp_path / "x.jsonl"
    texts = ["a wonderful film", "overpriced"]
    command = ["explain", *texts, "--model", str(checkpoint("bert", 3)), "-o", str(file)]
    command += ["--method", "integrated_gradients", "--max-steps", "4", "--output", "probability"]
    assert main([*command, "--target", "LABEL_2", "--pieces"]) == 0
    expected = explain(
        classifier("bert", 3),
        texts,
        "integrated_gradients",
        2,
        pieces=True,
        max_steps=4,
        output="probability",
    )
    found = lines(file)
    assert [line["words"] for line in found] == [list(each.words) for each in expected]
    assert [line["target_label"] for line in found] == ["LABEL_2", "LABEL_2"]
    assert found[0]["unit"] == "probability"
    for line, explanation in zip(found, expected, strict=True):
        assert line["scores"] == pytest.approx(explanation.scores.tolist(), abs=1e-6)
    assert main([*command, "--target", "2", "--pieces", "--overwrite"]) == 0
    assert lines(file) == found


def test_a_digit_is_the_same_class_as_in_python(checkpoint, tmp_path):
    file = tmp_path / "x.jsonl"
    folder = str(checkpoint("bert", 3))
    for labels, target, index in (("1,2,3", "1", 0), ("1,2,3", "0", 0), ("a, b, c", "1", 1)):
        command = ["explain", "fine", "--model", folder, "--labels", labels, "--target", target]
        assert main([*command, "--method", "occlusion", "-o", str(file), "--overwrite"]) == 0
        names = labels.replace(" ", "").split(",")
        model = TextClassifier.from_pretrained(folder, labels=names)
        (explanation,) = explain(model, ["fine"], "occlusion", target)
        (line,) = lines(file)
        assert line["target"] == explanation.target == index
        assert line["target_label"] == explanation.target_label == names[index]


def test_another_model_is_loaded_where_a_method_asks_for_one(monkeypatch, tmp_path):
    import lit_plugins.cli.method_command as command

    read = command.read_option_flags
    loaded = []

    def look(options, declared, loaders):
        loaded.append(loaders["classifier"]("sentiment-bow"))
        return read(options, declared, loaders)

    monkeypatch.setattr(command, "read_option_flags", look)
    assert main(["explain", "good", *BOW, "--labels", "down,up", "--max-length", "9"]) == 0
    (other,) = loaded
    assert (other.labels, other.max_length) == (("down", "up"), 9)


def test_a_dataset_goes_to_a_file_with_its_columns(tmp_path, capsys):
    source = tmp_path / "reviews.csv"
    source.write_text("id,review,label\nr1,good film,positive\nr2,,negative\nr3,awful,negative\n")
    files = {ending: tmp_path / f"x{ending}" for ending in (".jsonl", ".csv", ".parquet")}
    for file in files.values():
        assert main(["explain", "--dataset", str(source), *BOW, "-o", str(file)]) == 0
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "line 3" in printed.err
        assert "Explaining: 100%" in printed.err
        assert printed.err.endswith(f"Explained 2 texts, written to {str(file)!r}.\n")
    first, second = lines(files[".jsonl"])
    assert (first["index"], first["row"], first["label"], first["id"]) == (0, 2, "positive", "r1")
    assert (second["index"], second["row"], second["id"], second["text"]) == (1, 4, "r3", "awful")
    with files[".csv"].open(newline="") as file:
        words = [(row["id"], row["word"], float(row["score"])) for row in csv.DictReader(file)]
    assert words == [
        ("r1", "good", first["scores"][0]),
        ("r1", "film", first["scores"][1]),
        ("r3", "awful", second["scores"][0]),
    ]


def test_a_dataset_is_drawn_with_the_rows_it_has(tmp_path, capsys):
    source = tmp_path / "reviews.txt.csv"
    source.write_text("text\ngood\nbad\n")
    assert main(["explain", "--dataset", str(source), *BOW]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if line.startswith("Row ")] == ["Row 2:", "Row 3:"]


def test_what_was_cut_or_missed_is_counted(checkpoint, tmp_path, capsys):
    command = ["explain", "a wonderful moving film", "word", "--model", str(checkpoint("bert"))]
    command += ["--method", "integrated_gradients", "--max-steps", "2", "--tolerance", "1e-6"]
    assert main([*command, "--max-length", "4", "-o", str(tmp_path / "x.csv")]) == 0
    printed = capsys.readouterr().err
    assert "The model does not see the end of 1 text (truncated)." in printed
    assert "The method missed its tolerance for 2 texts (converged)." in printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give either texts"),
        (["a", "--dataset", "reviews"], "Give either texts"),
        (["a", "--method", "magic"], "'magic' is not known; choose from shapley"),
        (["a", "--method"], "--method"),
        (["a", "--max-steps", "3"], "--max-steps"),
        (["a", "--evaluations", "5"], "evaluations is '5'; give a whole number from 32"),
        (["a", "--output", "x.csv"], "output is 'x.csv'; give one of"),
        (["a", "--top", "0"], "--top is 0"),
        (["a", "--max-length", "many"], "'many'"),
        (["a", "--model", "./nowhere"], "'./nowhere'"),
        (["a", "--model", "sentiment-bow", "--target", "great"], "'great'"),
        (["a", "--model", "sentiment-bow", "--target", "2"], "The class '2' is none"),
        (["--dataset", "missing.csv", "--model", "sentiment-bow"], "missing.csv"),
        (["a", "-o", "x.txt"], "'x.txt' has none of the known endings"),
    ],
)
def test_a_mistake_is_one_sentence(refused, arguments, said):
    assert said in refused(*arguments)


def test_a_file_that_exists_is_found_before_the_model_is_loaded(refused, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("mine")
    assert "add --overwrite" in refused("a", "--model", "./nowhere", "-o", str(file))
    refused("a", *BOW, "--target", "great", "-o", str(file), "--overwrite")
    assert file.read_text() == "mine"


def test_a_model_that_a_method_cannot_read_makes_no_file(refused, checkpoint, tmp_path):
    file = tmp_path / "x.csv"
    model = str(checkpoint("funnel"))
    refused("a", "--model", model, "--method", "attention_rollout", "-o", str(file))
    assert not file.exists()


@pytest.mark.parametrize("method", METHODS)
def test_the_help_shows_every_option_of_the_method_and_every_method(method, capsys):
    with pytest.raises(SystemExit) as stop:
        main(["explain", "--method", method, "--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    for option in METHODS[method].options:
        assert re.search(rf"  --{option.name.replace('_', '-')}[ ,]", printed)
    for name in METHODS:
        assert f"\n  {name}: " in printed
