import csv
import json
import shutil
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from lit_plugins import TextClassifier, evaluate
from lit_plugins.cli import evaluate as command_module
from lit_plugins.cli import main
from lit_plugins.cli.evaluate import options_of
from lit_plugins.data import load_table
from lit_plugins.evaluate import METRICS

COMMAND = "evaluate"


@pytest.fixture
def reviews(tmp_path):
    source = tmp_path / "reviews.csv"
    source.write_text(
        "review,label,kind,pair,marked\n"
        "a good film,LABEL_1,film,p,0 1 0\n"
        "not a good film,LABEL_0,film,p,1 0 1 0\n"
        "awful food,LABEL_0,food,,1 0\n"
        "food,LABEL_1,food,,1\n"
    )
    return str(source)


@pytest.fixture
def given(checkpoint, reviews):
    """Two models on four texts."""
    models = [f"one={checkpoint('bert')}", f"two={checkpoint('distilbert')}"]
    return ["--model", models[0], "--model", models[1], "--dataset", reviews]


@pytest.fixture
def classifiers(checkpoint):
    return {
        "one": TextClassifier.from_pretrained(checkpoint("bert")),
        "two": TextClassifier.from_pretrained(checkpoint("distilbert")),
    }


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def as_rows(name, table):
    cells = json.loads(table.to_json(orient="records", double_precision=15))
    return [{"metric": name, **row} for row in cells]


def test_quick_tables_are_printed_where_none_are_named(given, classifiers, reviews, capsys):
    assert main([COMMAND, *given]) == 0
    printed = capsys.readouterr().out
    assert [block.partition(":")[0] for block in printed.split("\n\n")] == [
        "calibration",
        "comparison",
        "contrast",
    ]
    head, *rows = printed.split("\n\n")[2].splitlines()[1:]
    assert head.split() == ["model", "n", "left", "both", "changed"]
    expected = evaluate.contrast(classifiers, load_table(reviews, text_column="review"))
    assert [row.split()[0] for row in rows[1:]] == list(expected["model"])


def test_what_the_data_allow(checkpoint, tmp_path, capsys, refused):
    source = tmp_path / "texts.csv"
    source.write_text("text\ngood\nbad\n")
    one, two = str(checkpoint("bert")), str(checkpoint("distilbert"))
    assert main([COMMAND, "--model", one, "--model", two, "--dataset", str(source)]) == 0
    assert capsys.readouterr().out.startswith("comparison: ")
    assert "there is nothing to judge" in refused("--model", one, "--dataset", str(source))


def test_a_table_of_each_metric_is_the_packages_own(given, classifiers, reviews, tmp_path, capsys):
    file = tmp_path / "x.jsonl"
    command = [COMMAND, *given, "--metrics", ",".join(METRICS), "-o", str(file)]
    command += ["--methods", "occlusion, random", "--rules", "negation_added", "--sample", "3"]
    command += ["--seed", "5", "--search", "20", "--top", "1", "--tolerance", "0.2"]
    command += ["--rationale-column", "marked", "--text-column", "review"]
    command += ["--target", "LABEL_0", "--words", "2", "--at-least", "1"]
    command += ["--infill-model", "review-filler"]
    assert main(command) == 0
    assert f"Made 11 tables, written to {str(file)!r}.\n" in capsys.readouterr().err
    table = load_table(reviews, text_column="review", label_names=("LABEL_0", "LABEL_1"))
    drawn = {"sample": 3, "seed": 5}
    methods = ["occlusion", "random"]
    expected = {
        "calibration": evaluate.calibration(classifiers, table),
        "comparison": evaluate.comparison(classifiers, table),
        "contrast": evaluate.contrast(classifiers, table),
        "behaviour": evaluate.behaviour(
            classifiers, table, ["negation_added"], tolerance=0.2, **drawn
        ),
        "faithfulness": evaluate.faithfulness(classifiers, table, methods, search=20, **drawn),
        "faithfulness_curves": evaluate.faithfulness_curves(classifiers, table, methods, **drawn),
        "agreement": evaluate.agreement(classifiers, table, methods, top=1, **drawn),
        "missing_words": evaluate.missing_words(
            classifiers, table, methods, top=1, infill_model="review-filler", **drawn
        ),
        "plausibility": evaluate.plausibility(
            classifiers, table, methods, column="marked", **drawn
        ),
        "global_words": evaluate.global_words(
            classifiers, table, "occlusion", target="LABEL_0", words=2, at_least=1, **drawn
        ).drop(columns="places"),
        "by_text": evaluate.by_text(classifiers, table),
    }
    assert list(expected) == list(METRICS)
    wanted = [row for name, made in expected.items() for row in as_rows(name, made)]
    for found, row in zip(lines(file), wanted, strict=True):
        assert found == {
            name: pytest.approx(cell, abs=1e-6) if isinstance(cell, float) else cell
            for name, cell in row.items()
        }


def test_files_of_each_ending_hold_the_same(given, tmp_path):
    files = {ending: tmp_path / f"x{ending}" for ending in (".jsonl", ".csv", ".parquet")}
    for file in files.values():
        command = [COMMAND, *given, "--metrics", "calibration,by_text", "--by", "kind"]
        assert main([*command, "-o", str(file)]) == 0
    typed = pq.read_table(files[".parquet"]).to_pylist()
    with files[".csv"].open(newline="") as file:
        assert list(csv.DictReader(file)) == [
            {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in typed
        ]
    assert [
        {name: cell for name, cell in row.items() if name in line}
        for row, line in zip(typed, lines(files[".jsonl"]), strict=True)
    ] == lines(files[".jsonl"])
    assert [(row["model"], row["kind"], row["n"]) for row in typed[:4]] == [
        ("one", "film", 2),
        ("one", "food", 2),
        ("two", "film", 2),
        ("two", "food", 2),
    ]


def test_the_sample_may_be_all_of_them(given, tmp_path):
    file = tmp_path / "x.jsonl"
    command = [COMMAND, *given, "--metrics", "faithfulness", "--methods", "occlusion"]
    assert main([*command, "--search", "0", "--sample", "all", "-o", str(file)]) == 0
    assert {line["of"] for line in lines(file)} == {line["n"] for line in lines(file)} == {4}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--metrics", "magic"], "'magic' is not known; choose from calibration, comparison"),
        (["--by", "magic"], "'magic' to slice by; choose from kind, pair, marked, label"),
        (["--sample", "0"], "sample is '0'; give a whole number from 1 to 1000000"),
        (["--sample", "some"], "sample is 'some'"),
        (["--top", "0"], "top is '0'"),
        (["--metrics", "faithfulness", "--methods", "magic"], "'magic'"),
        (["--metrics", "behaviour", "--rules", "magic"], "'magic'"),
        (["--metrics", "plausibility"], "'rationale'"),
        (["--metrics", "global_words", "--methods", "random"], "'random'"),
        (["--metrics", "global_words", "--target", "good"], "'good' is none of this model's"),
        (["--metrics", "global_words", "--words", "0"], "words is '0'"),
        (["-o", "x.txt"], "'x.txt' has none of the known endings"),
        (["--metric", "calibration"], "--metric"),
        (["a text"], "a text"),
    ],
)
def test_a_mistake_is_one_sentence(refused, given, arguments, said):
    assert said in refused(*given, *arguments)


def test_models_that_cannot_be_compared(refused, checkpoint, reviews):
    models = ["--model", str(checkpoint("bert")), "--model", str(checkpoint("bert", 3))]
    assert "cannot be compared" in refused(*models, "--dataset", reviews, "--metrics", "comparison")


@pytest.fixture
def named_and_numbered(checkpoint, tmp_path):
    """Models with and without names of their two classes, and texts with labels by name."""
    named = tmp_path / "named"
    shutil.copytree(checkpoint("bert"), named)
    config = json.loads((named / "config.json").read_text("utf-8"))
    config["id2label"] = {"0": "negative", "1": "positive"}
    (named / "config.json").write_text(json.dumps(config), "utf-8")
    source = tmp_path / "named.csv"
    source.write_text("text,label\na good film,positive\nawful food,negative\nfood,positive\n")
    return [f"named={named}", f"numbered={checkpoint('distilbert')}"], str(source)


def test_tables_are_the_same_in_either_order_of_models(named_and_numbered, tmp_path):
    models, source = named_and_numbered
    made = []
    for order in (models, models[::-1]):
        file = tmp_path / f"{len(made)}.jsonl"
        command = [COMMAND, "--dataset", source, "--metrics", "calibration,comparison,by_text"]
        command += [part for model in order for part in ("--model", model)]
        assert main([*command, "-o", str(file)]) == 0
        made.append(lines(file))
    for rows in made:
        judged = {row["model"]: row for row in rows if row["metric"] == "calibration"}
        assert {name: row["n"] for name, row in judged.items()} == {"named": 3, "numbered": 3}
        (pair,) = [row for row in rows if row["metric"] == "comparison"]
        assert pair["labelled"] == 3
    ours, theirs = (
        [
            {name: cell for name, cell in row.items() if "-" not in name}
            for row in rows
            if row["metric"] != "comparison"
        ]
        for rows in made
    )
    assert sorted(map(sorted_cells, ours)) == sorted(map(sorted_cells, theirs))


def sorted_cells(row):
    return sorted((name, str(cell)) for name, cell in row.items())


def test_models_with_other_names_are_refused_before_any_data_are_read(
    refused, named_and_numbered, checkpoint
):
    models = [named_and_numbered[0][0], f"three={checkpoint('bert', 3)}"]
    for order in (models, models[::-1]):
        flags = [part for model in order for part in ("--model", model)]
        sentence = refused(*flags, "--dataset", "./nowhere.csv")
        for part in ("'named'", "'three'", "negative, positive", "LABEL_0, LABEL_1", "--labels"):
            assert part in sentence


def test_tables_of_each_model_alone_need_no_common_classes(
    named_and_numbered, checkpoint, tmp_path
):
    models = [named_and_numbered[0][0], f"three={checkpoint('bert', 3)}"]
    made = []
    for order in (models, models[::-1]):
        file = tmp_path / f"{len(made)}.jsonl"
        command = [COMMAND, "--dataset", named_and_numbered[1], "--metrics", "behaviour"]
        command += [part for model in order for part in ("--model", model)]
        assert main([*command, "--by", "label", "-o", str(file)]) == 0
        made.append(sorted(map(sorted_cells, lines(file))))
    assert made[0] == made[1]
    assert "positive" in str(made[0])


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_is_done_is_kept(given, tmp_path, monkeypatch, capsys, error):
    def stopped(*_, **__):
        raise error

    comparison = replace(METRICS["comparison"], make=stopped)
    monkeypatch.setattr(command_module, "METRICS", {**METRICS, "comparison": comparison})
    file = tmp_path / "x.csv"
    command = [COMMAND, *given, "--metrics", "calibration,comparison", "-o", str(file)]
    if error is KeyboardInterrupt:
        assert main(command) == 130
        ended = "Stopped"
    else:
        with pytest.raises(error):
            main(command)
        ended = "Failed"
    told = f"{ended}: made 1 of 2 tables, written to {str(file)!r}."
    assert told in capsys.readouterr().err
    assert set(pd.read_csv(file)["metric"]) == {"calibration"}


def test_the_help_names_every_metric_and_option(capsys):
    with pytest.raises(SystemExit):
        main([COMMAND, "--help"])
    printed = capsys.readouterr().out
    for name in METRICS:
        assert f"\n  {name}: " in printed
    for option in options_of(METRICS.values()):
        assert f"  --{option.name.replace('_', '-')} " in printed
