import csv
import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from lit_plugins.cli.explain import LAYOUT
from lit_plugins.cli.output import checked_file, columns_of, writing
from lit_plugins.cli.whole_file import WholeFile
from lit_plugins.data import load_table
from lit_plugins.errors import UserError
from tests.explain.examples import an_explanation, of_text

FORMATS = pytest.mark.parametrize("ending", [".jsonl", ".csv", ".parquet"])

FIRST = an_explanation(error=np.array([0.125, 0.0, 0.25, 0.0]))
EMPTY = of_text("", [])
LAST = of_text('a "b",\n映画', [0.5] * 7, base_value=float("nan"))
THREE = (FIRST, EMPTY, LAST)
BESIDE = {"row": (2, 3, 7), "label": ("good", None, "bad"), "stars": (5, 1, 3)}


def write(path, explanations=THREE, beside=BESIDE, overwrite=False):
    with writing(WholeFile(path, overwrite), beside, LAYOUT) as add:
        for explanation in explanations:
            add(explanation)
    return path


def read(path):
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_json_lines_have_one_text_a_line(tmp_path):
    rows = read(write(tmp_path / "x.jsonl"))
    assert rows[0] == {
        **{"index": 0, "row": 2, "label": "good", "stars": 5},
        **json.loads(json.dumps(FIRST.to_dict())),
    }
    assert [row["index"] for row in rows] == [0, 1, 2]
    assert rows[1]["words"] == []
    assert rows[1]["label"] is None
    assert rows[2]["text"] == LAST.text
    assert rows[2]["base_value"] is None
    assert rows[2]["error"] is None


def test_csv_has_one_word_a_row(tmp_path):
    path = write(tmp_path / "x.csv", [FIRST], {"row": (2,), "label": (None,)})
    tail = "shapley,,1,positive,probability,0.3,0.3,0.0,16,False,True,"
    assert path.read_text("utf-8").splitlines() == [
        "index,row,label,word,start,end,score,error,method,missing,target,target_label,unit,output,"
        "base_value,delta,evaluations,truncated,converged,note",
        f"0,2,,not,0,3,-0.5,0.125,{tail}",
        f"0,2,,a,4,5,0.0,0.0,{tail}",
        f"0,2,,good,6,10,0.25,0.25,{tail}",
        f"0,2,,film,11,15,0.25,0.0,{tail}",
    ]


def test_csv_holds_no_formula_and_the_others_are_exact(tmp_path):
    formula = '=HYPERLINK("http://192.0.2.1")'
    explanation, beside = of_text("=1 @b", [0.5] * 4), {"row": (2,), formula: (formula,)}
    rows = {
        ending: read(write(tmp_path / f"x{ending}", [explanation], beside))
        for ending in (".jsonl", ".csv", ".parquet")
    }
    assert rows[".jsonl"][0]["text"] == "=1 @b"
    assert [row["word"] for row in rows[".parquet"]] == list(explanation.words)
    assert rows[".parquet"][0][formula] == rows[".jsonl"][0][formula] == formula
    assert {row[f"'{formula}"] for row in rows[".csv"]} == {f"'{formula}"}
    assert [row["word"] for row in rows[".csv"]] == ["'=", "1", "'@", "b"]


def test_csv_and_parquet_hold_the_same(tmp_path):
    rows = read(write(tmp_path / "x.csv"))
    typed = read(write(tmp_path / "x.parquet"))
    assert len(typed) == len(FIRST.words) + len(LAST.words)
    assert [
        {name: "" if cell is None else str(cell) for name, cell in row.items()} for row in typed
    ] == rows
    assert typed[0]["score"] == -0.5
    assert typed[0]["stars"] == 5
    assert typed[-1]["word"] == "画"
    assert typed[-1]["error"] is None
    assert typed[-1]["base_value"] is None
    assert typed[-1]["truncated"] is False


@FORMATS
def test_a_file_cut_short_is_whole(tmp_path, ending):
    path = tmp_path / f"x{ending}"

    def interrupted():
        with writing(WholeFile(path, False), BESIDE, LAYOUT) as add:
            add(FIRST)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert read(path) == read(write(tmp_path / f"y{ending}", [FIRST]))


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_what_is_written_is_there_at_once(tmp_path, ending):
    path = tmp_path / f"x{ending}"
    with writing(WholeFile(path, False), BESIDE, LAYOUT) as add:
        add(FIRST)
        before = read(tmp_path / f"x.part{ending}")
    assert before == read(path)
    assert before


@FORMATS
def test_only_what_may_be_overwritten_is(tmp_path, ending):
    path = tmp_path / f"x{ending.upper()}"
    path.write_text("mine")
    with pytest.raises(UserError, match="exists; add --overwrite or name another"):
        checked_file(path, overwrite=False)
    with pytest.raises(UserError, match="exists; add --overwrite"):
        write(path)
    assert path.read_text() == "mine"
    checked_file(path, overwrite=True)
    write(path, overwrite=True)
    assert path.read_bytes() == write(tmp_path / f"y{ending}").read_bytes()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("x.xlsx", "'{}' has none of the known endings; end it in .jsonl, .csv or .parquet."),
        ("x", "'{}' has none of the known endings; end it in .jsonl, .csv or .parquet."),
        ("none/x.csv", "does not exist; make it first."),
        ("folder.csv", "'{}' is a folder; name a file."),
    ],
)
def test_what_speaks_against_a_file_is_said_before(tmp_path, name, sentence):
    (tmp_path / "folder.csv").mkdir()
    path = tmp_path / name
    with pytest.raises(UserError) as refusal:
        checked_file(path, overwrite=True)
    assert str(refusal.value).endswith(sentence.format(path))
    checked_file(tmp_path / "new.csv", overwrite=False)


def test_columns_of_a_dataset_go_along_under_free_names(tmp_path):
    file = tmp_path / "texts.csv"
    file.write_text("id,review,label,word,word_,row\nr1,fine,good,1,2,3\nr2,awful,bad,4,5,6\n")
    assert columns_of(load_table(str(file), text_column="review"), LAYOUT) == {
        "row": (2, 3),
        "label": ("good", "bad"),
        "id": ("r1", "r2"),
        "word_": (1, 4),
        "word__": (2, 5),
        "row_": (3, 6),
    }
    without = columns_of(load_table(str(file), text_column="review", label_column="none"), LAYOUT)
    assert list(without) == ["row", "id", "label", "word_", "word__", "row_"]
