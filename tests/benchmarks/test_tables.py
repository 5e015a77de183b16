"""Each table on a tiny model, with the peers that are installed."""

import importlib.util
import sys

import pytest

from benchmarks import (
    __main__,
    accuracy,
    gradient_sides,
    gradient_table,
    growth,
    rates,
    shap_sides,
    shap_table,
    workloads,
)
from benchmarks.workloads import Workload

TEXTS = ["a wonderful film", "dull and cold"]


@pytest.fixture(scope="module")
def work(checkpoint):
    return Workload.load("tiny", checkpoint("bert"))


def cells(lines):
    """The cells of each row, by the first."""
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    return {row[0]: row[1:] for row in rows}


def test_shap(work):
    sizes = shap_table.Sizes(budgets=(32,), chunk=1, reference=100, errors_of_random=False)
    lines = list(shap_table.table(work, TEXTS, sizes))
    found = cells(lines)
    named = [side.name for side in shap_sides.sides(work, (32,))]
    assert list(found)[1:] == named
    assert all(found[name][0].isdigit() for name in named), lines
    assert found[shap_sides.SHAPLEY][4] == "0.000"  # three words are enumerated
    same = [line for line in lines if "shap on token ids: token values" in line]
    assert same[0].endswith("by more than 1e-05 in 0 of 2 texts.")


def test_no_errors_of_random_weights(work, monkeypatch):
    monkeypatch.setattr(Workload, "trained", False)
    monkeypatch.setattr(shap_sides, "sides", lambda work, budgets: [])
    monkeypatch.setattr(shap_table, "alternate", _failed)
    sizes = shap_table.Sizes(budgets=(), chunk=1, reference=100, errors_of_random=False)
    lines = list(shap_table.table(work, TEXTS, sizes))
    assert cells(lines)[shap_sides.TUTORIALS][0] == "broken"
    assert not any("Errors" in line for line in lines)


def _failed(*unused):
    names = (shap_sides.TUTORIALS, shap_sides.TUNED, shap_sides.TOKEN_IDS, shap_sides.OWEN)
    return {name: shap_table.Timed(name, failure="broken") for name in names}


def test_gradients(work):
    found = cells(gradient_table.table(work, TEXTS, steps=4, chunk=2))
    for side in gradient_sides.sides(work, 4):
        missing = side.name == gradient_sides.INTERPRET and not importlib.util.find_spec(
            "transformers_interpret"
        )
        if missing:
            assert found[side.name][0].startswith("ModuleNotFoundError")
        else:
            assert found[side.name][0].isdigit(), found[side.name]
            assert found[side.name][-1].endswith("%")
    assert found["inseq"][0].startswith("not run")
    as_near = gradient_sides.CAPTUM_AS_NEAR.split("{}")[1]
    (captum,) = [row for name, row in found.items() if name.endswith(as_near)]
    again = found[gradient_sides.OURS_AGAIN]
    assert float(captum[-1].rstrip("%")) <= float(again[-1].rstrip("%"))


def test_rates(work, monkeypatch):
    monkeypatch.setattr(rates, "SHAPES", ((16, 16),))
    monkeypatch.setattr(rates, "ROWS", (8,))
    lines = list(rates.table(work, TEXTS, chunk=2, seconds=0.001))
    found = cells(lines)
    assert list(found)[1:] == [f"`{method}`" for method in rates.METHODS]
    assert lines[-1].startswith("Best kernel:")


def test_accuracy(work):
    chosen = workloads.of_words(work.classifier, [*TEXTS, "a film", "not a very good film"], 3, 3)
    assert chosen == [*TEXTS, "not a very"]
    lines = list(accuracy.table(work, chosen, [32]))
    rows = [line.strip("| ").split(" | ") for line in lines[1:]]
    exact = [row for row in rows if row[0] == "`shapley`"]
    assert {row[3] for row in exact} == {"0.000"}
    assert {row[5] for row in exact} == {"100.0%"}
    assert rows[-1][0] == "shap.PermutationExplainer"


def test_growth(work, monkeypatch):
    monkeypatch.setattr(growth, "_measure", lambda order: growth._run(**order))
    longer = list(growth.by_tokens(work, TEXTS, [5, 9], ["occlusion"], "cpu"))
    more = list(growth.by_texts(work, TEXTS, [3], ["occlusion"], "cpu"))
    assert len(longer) == 3
    assert more[1].split(" | ")[:2] == ["| `occlusion`", "3"]


@pytest.mark.parametrize("tokens", [1, 6, 20, 1000])
def test_a_text_of_so_many_tokens(work, tokens):
    (encoded,) = work.classifier.encode([growth.of_tokens(work.classifier, TEXTS, tokens)])
    assert not encoded.truncated
    assert len(encoded.words) == 1 or len(encoded.tokens) <= tokens


def test_one_part_from_the_command_line(monkeypatch, capsys):
    arguments = "--only accuracy --dev reviews --shapes sentiment-bow --exact 1 --words 3"
    monkeypatch.setattr(sys, "argv", ["bench", *arguments.split(), "--budgets", "32"])
    __main__.main()
    printed = capsys.readouterr().out
    assert printed.startswith("Accuracy:")
    assert "1 texts of 3 words" in printed
    assert "First load" not in printed


def test_parts_by_name():
    assert list(__main__._wanted(["growth", "shap"])) == ["shap", "growth"]
    assert "load" not in __main__._wanted(["explain"])


def test_a_file_that_is_not_there_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench", "--only", "rates", "--dev", "nowhere.tsv"])
    with pytest.raises(SystemExit):
        __main__.main()
    assert "nowhere.tsv" in capsys.readouterr().err.splitlines()[-1]
