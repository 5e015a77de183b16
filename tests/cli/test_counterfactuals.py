import csv
import io
import json
import sys

import pyarrow.parquet as pq
import pytest
from transformers import AutoModelForMaskedLM

from lit_plugins import TextClassifier
from lit_plugins.cli import main
from lit_plugins.counterfactual import METHODS, SHARED, counterfactuals
from tests.checkpoints import save_checkpoint

COMMAND = "counterfactuals"
BOW = ["--model", "sentiment-bow"]
TEXT = "A good film, not a bad one!"


@pytest.fixture(scope="module")
def bow():
    return TextClassifier.from_pretrained("sentiment-bow")


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


def as_json(each):
    return json.loads(json.dumps(each.to_dict()))


def test_texts_are_drawn_and_counted(bow, capsys):
    assert main([COMMAND, TEXT, "awful", *BOW, "--limit", "2"]) == 0
    printed = capsys.readouterr()
    first, second = printed.out.split("\n\n")
    found = counterfactuals(bow, TEXT, limit=2)
    assert first.splitlines()[0] == TEXT
    assert [line[:3] for line in first.splitlines()[2::2]] == [
        f"{number}. " for number in range(1, len(found) + 1)
    ]
    assert second.startswith("awful\nThe prediction is negative (")
    assert second.endswith("), and nothing was found that changes it.\n")
    assert printed.err.endswith(
        f"A flip was found for 1 of 2 texts, with a median of {len(found[0].edits)} edit"
        f"{'' if len(found[0].edits) == 1 else 's'}.\n"
    )


def test_a_text_that_is_the_target_already(bow, capsys):
    assert main([COMMAND, "awful", TEXT, *BOW, "--target", "0"]) == 0
    printed = capsys.readouterr()
    assert printed.out.split("\n\n")[0].endswith(") already.")
    already = 1 + (bow.predict([TEXT]).logits[0].argmax() == 0)
    noun = "text" if already == 1 else "texts"
    assert f"The prediction of {already} {noun} is the target already." in printed.err


def test_options_reach_the_method(bow, tmp_path):
    file = tmp_path / "x.jsonl"
    command = [COMMAND, TEXT, *BOW, "--method", "hotflip", "--target", "positive", "-o", str(file)]
    assert main([*command, "--max-edits", "2", "--limit", "3", "--evaluations", "90"]) == 0
    expected = counterfactuals(
        bow, TEXT, "hotflip", "positive", max_edits=2, limit=3, evaluations=90
    )
    assert expected
    found = lines(file)
    for line, each in zip(found, expected, strict=True):
        assert line.pop("index") == 0
        assert line["edits"] == as_json(each)["edits"]
        assert line["new_text"] == each.new_text
        assert line["after"] == pytest.approx(each.after, abs=1e-6)
        assert set(line) == set(each.to_dict())


def test_the_language_model_is_the_one_that_is_named(tmp_path, capsys):
    filler = save_checkpoint("bert", tmp_path / "filler", auto=AutoModelForMaskedLM)
    command = [COMMAND, "a wonderful film", *BOW, "--method", "infill", "--evaluations", "40"]
    assert main([*command, "--infill-model", str(filler), "--least-probability", "0"]) == 0
    assert "a wonderful film\n" in capsys.readouterr().out
    assert main([*command, "--infill-model", str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err


@pytest.fixture
def reviews(tmp_path):
    source = tmp_path / "reviews.csv"
    source.write_text(
        'id,review,label,edits\nr1,"A good film, not a bad one!",positive,7\n'
        "r2,,negative,8\nr3,awful,negative,9\nr4,A good story and a bad end.,positive,10\n"
    )
    return str(source)


def test_a_dataset_goes_to_a_file_with_its_columns(bow, reviews, tmp_path, capsys):
    files = {ending: tmp_path / f"x{ending}" for ending in (".jsonl", ".csv", ".parquet")}
    for file in files.values():
        assert main([COMMAND, "--dataset", reviews, *BOW, "-o", str(file), "--limit", "2"]) == 0
        printed = capsys.readouterr()
        assert printed.out == ""
        assert "Looking: 100%" in printed.err
        assert f"Looked at 3 texts, written to {str(file)!r}.\nA flip was found" in printed.err
    found = lines(files[".jsonl"])
    assert {(each["index"], each["row"], each["id"], each["edits_"]) for each in found} == {
        (0, 2, "r1", 7),
        (2, 5, "r4", 10),
    }
    with files[".csv"].open(newline="") as file:
        rows = list(csv.DictReader(file))
    typed = pq.read_table(files[".parquet"]).to_pylist()
    assert [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in typed
    ] == rows
    (first, *_) = counterfactuals(bow, TEXT, limit=2)
    assert typed[0] == {
        **{"index": 0, "row": 2, "label": "positive", "id": "r1", "edits_": 7},
        **{"text": TEXT, "new_text": first.new_text, "edits": first.describe()},
        **{"method": "ablation", "rule": "", "flips": True, "edit_size": first.edit_size},
        "label_before": first.label_before,
        "probability_before": pytest.approx(first.probability_before, abs=1e-6),
        "label_after": first.label_after,
        "probability_after": pytest.approx(first.probability_after, abs=1e-6),
        "similarity": pytest.approx(first.similarity, abs=1e-6),
        "fluency": None,
        "evaluations": first.evaluations,
    }


def test_a_dataset_is_drawn_with_the_rows_it_has(reviews, capsys):
    assert main([COMMAND, "--dataset", reviews, *BOW]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if line.startswith("Row ")] == ["Row 2:", "Row 4:", "Row 5:"]


def test_texts_come_from_standard_input(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"good film\n\nbad\n")))
    assert main([COMMAND, "-", *BOW, "-o", str(tmp_path / "x.csv")]) == 0
    assert "of 3 texts" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Give either texts"),
        (["a", "--dataset", "reviews"], "Give either texts"),
        (["a", "--method", "magic"], "'magic' is not known; choose from ablation, hotflip"),
        (["a", "--places", "3"], "--places"),
        (["a", "--max-edits", "9"], "max_edits is '9'; give a whole number from 1 to 8"),
        (["a", "--method", "lexical", "--rule", "magic"], "rule is 'magic'; give one of all"),
        (["a", "--model", "./nowhere"], "'./nowhere'"),
        (["a", *BOW, "--target", "great"], "'great'"),
        (["--dataset", "missing.csv", *BOW], "missing.csv"),
        (["a", "-o", "x.txt"], "'x.txt' has none of the known endings"),
    ],
)
def test_a_mistake_is_one_sentence(refused, arguments, said):
    assert said in refused(*arguments)


def test_a_mistake_makes_no_file(refused, tmp_path):
    file = tmp_path / "x.csv"
    refused("a", *BOW, "--target", "great", "-o", str(file))
    assert not file.exists()


@pytest.mark.parametrize("method", METHODS)
def test_the_help_shows_every_option_of_the_method_and_every_method(method, capsys):
    with pytest.raises(SystemExit) as stop:
        main([COMMAND, "--method", method, "--help"])
    assert stop.value.code == 0
    printed = capsys.readouterr().out
    for option in (*SHARED, *METHODS[method].options):
        assert f"  --{option.name.replace('_', '-')}" in printed
    for name in METHODS:
        assert f"\n  {name}: " in printed
    if method == "infill":
        assert "--infill-model MODEL" in printed
