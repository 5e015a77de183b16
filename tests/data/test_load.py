from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lit_plugins
from lit_plugins.data import load_table
from lit_plugins.errors import UserError
from tests.data.refusals import refusal

Row = dict[str, Any]


def write_csv(path: Path, rows: list[Row], delimiter: str = ",") -> Path:
    path = path.with_suffix(".csv" if delimiter == "," else ".tsv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_tsv(path: Path, rows: list[Row]) -> Path:
    return write_csv(path, rows, "\t")


def write_lines(path: Path, rows: list[Row], ending: str = ".jsonl") -> Path:
    path = path.with_suffix(ending)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_ndjson(path: Path, rows: list[Row]) -> Path:
    return write_lines(path, rows, ".ndjson")


def write_json(path: Path, rows: list[Row]) -> Path:
    path = path.with_suffix(".JSON")
    path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: list[Row]) -> Path:
    path = path.with_suffix(".parquet")
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


WRITERS: dict[str, Callable[[Path, list[Row]], Path]] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "jsonl": write_lines,
    "ndjson": write_ndjson,
    "json": write_json,
    "parquet": write_parquet,
}


TEXTS = [" Crème brûlée, 😀 ", 'they said "no"', "tab\there", "最高の映画", "plain"]


@pytest.fixture(params=WRITERS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[list[Row]], Path]:
    return lambda rows: WRITERS[request.param](tmp_path / "my texts", rows)


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([0, 1, 1, 0, 1], ("0", "1")),
        ([0.0, 1.0, 1.0, 0.0, 1.0], ("0", "1")),
        (["neg", "pos", "pos", "neg", "pos"], ("neg", "pos")),
        (["0", "1", "1", "0", "1"], ("0", "1")),
    ],
)
def test_every_format_with_names_and_numbers(
    written: Callable[[list[Row]], Path], labels: list[object], names: tuple[str, str]
) -> None:
    path = written(
        [
            {"text": text, "label": label, "length": len(text), "origin": "web"}
            for text, label in zip(TEXTS, labels, strict=True)
        ]
    )
    table = load_table(str(path))
    first = 2 if path.suffix in (".csv", ".tsv") else 1
    assert table.texts == tuple(TEXTS)
    assert table.label_names == names
    assert table.labels == tuple(names[number] for number in (0, 1, 1, 0, 1))
    assert table.columns == {"length": tuple(map(len, TEXTS)), "origin": ("web",) * 5}
    assert table.kinds == {"length": "number", "origin": "category"}
    assert table.rows == tuple(range(first, first + 5))
    assert table.name == "my-texts"
    assert table.report.sentences() == []
    assert (table.report.read, table.report.kept) == (5, 5)
    assert table.description == f"5 texts of {path.name}, labelled {', '.join(names)}."
    if names == ("0", "1"):
        table = load_table(str(path), label_names=("NEGATIVE", "POSITIVE"))
        assert table.label_names == ("NEGATIVE", "POSITIVE")
        assert table.labels == tuple(table.label_names[number] for number in (0, 1, 1, 0, 1))


def test_every_format_without_labels(written: Callable[[list[Row]], Path]) -> None:
    path = written([{"review": text, "label": "x", "good": True} for text in TEXTS])
    table = load_table(str(path), label_column="none")
    assert table.texts == tuple(TEXTS)
    assert table.label_names is None
    assert table.labels == (None,) * 5
    assert table.columns == {"label": ("x",) * 5, "good": (True,) * 5}
    assert table.kinds == {"label": "category", "good": "boolean"}
    assert table.description == f"5 texts of {path.name}, without labels."


def test_the_embedded_reviews() -> None:
    table = load_table("reviews")
    assert table.name == "reviews"
    assert len(table.texts) >= 400
    assert table.label_names == ("negative", "positive")
    count = Counter(table.labels)
    assert count["negative"] == count["positive"] == len(table.texts) / 2
    assert list(table.columns) == ["domain", "phenomenon", "pair"]
    assert (table.kinds["domain"], table.kinds["phenomenon"]) == ("category", "category")
    assert table.report.sentences() == []
    assert table.rows == tuple(range(2, len(table.texts) + 2))


def test_the_embedded_reviews_take_a_models_labels() -> None:
    for names in (("NEGATIVE", "POSITIVE"), ("LABEL_0", "LABEL_1")):
        table = load_table("reviews", label_names=names)
        assert table.label_names == names
        own = load_table("reviews").labels
        assert [names.index(str(label)) for label in table.labels] == [
            ("negative", "positive").index(str(label)) for label in own
        ]


@pytest.fixture
def hundred(tmp_path: Path) -> str:
    return str(write_csv(tmp_path / "x", [{"text": f"t{n}", "label": n % 2} for n in range(100)]))


def test_a_sample_is_fixed_and_keeps_the_order(hundred: str) -> None:
    table = load_table(hundred, max_examples=10)
    places = sorted(random.Random(0).sample(range(100), 10))
    assert table.texts == tuple(f"t{place}" for place in places)
    assert table.rows == tuple(place + 2 for place in places)
    assert table == load_table(hundred, max_examples=10)
    assert (table.report.kept, table.report.usable) == (10, 100)
    assert table.report.sentences() == [
        "A sample of 10 of the 100 usable rows was kept, in their order."
    ]


def test_a_large_sample_is_everything(hundred: str) -> None:
    assert load_table(hundred, max_examples=100) == load_table(hundred)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    for write in WRITERS.values():
        for text in ("first", "other"):
            path = write(tmp_path / "x", [{"text": text, "label": 1}])
            assert load_table(str(path)).texts == (text,)


def test_nothing_is_written_beside_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for write in WRITERS.values():
        path = write(tmp_path / "x", [{"text": "a", "label": 1}])
        load_table(path.name)
    assert {path.suffix for path in tmp_path.iterdir()} == {
        ".csv",
        ".tsv",
        ".jsonl",
        ".ndjson",
        ".JSON",
        ".parquet",
    }


def test_a_path_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    write_csv(tmp_path / "x", [{"text": "a", "label": 1}])
    assert load_table("~/x.csv").texts == ("a",)


@pytest.mark.parametrize(
    ("stem", "name"), [("最高", "dataset"), ("a b&c#d", "a-b-c-d"), ("v1.2_x-y", "v1.2_x-y")]
)
def test_names_are_safe(tmp_path: Path, stem: str, name: str) -> None:
    path = tmp_path / f"{stem}.csv"
    path.write_text("text\na\n", encoding="utf-8")
    assert load_table(str(path)).name == name


def test_the_embedded_reviews_have_no_splits() -> None:
    assert refusal("reviews", split="test").startswith("'reviews' has no splits")


def test_a_text_file_needs_no_heavy_library(hundred: str) -> None:
    package = Path(lit_plugins.__file__).parent
    # The package's own __init__ loads torch for the classifier, of which this room knows nothing.
    program = (
        "import sys, types\n"
        "bare = sys.modules['lit_plugins'] = types.ModuleType('lit_plugins')\n"
        f"bare.__path__ = [{str(package)!r}]\n"
        "from lit_plugins.data import load_table\n"
        f"load_table({hundred!r})\n"
        "heavy = ('datasets', 'pyarrow', 'pandas', 'numpy', 'torch', 'lit_nlp')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("ending", [".jsonl", ".parquet"])
def test_rationales_may_be_lists_of_numbers(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"marked{ending}"
    rows = [
        {"text": "so good", "rationale": [0, 1], "vector": [1, 2]},
        {"text": "dull", "rationale": [0.5], "vector": [3, 4]},
    ]
    if ending == ".jsonl":
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    table = load_table(str(path))
    numbers = [[float(part) for part in str(cell).split()] for cell in table.columns["rationale"]]
    assert numbers == [[0, 1], [0.5]]
    assert "vector" not in table.columns


def test_a_data_frame_is_read_as_a_file_of_it_would_be() -> None:
    frame = pd.DataFrame(
        {
            "text": ["so good", None, "dull", "so good"],
            "label": pd.Categorical(["positive", "positive", "negative", "positive"]),
            "stars": [5.0, 1.0, float("nan"), 5.0],
            0: ["a", "b", "c", "a"],
        },
        index=["w", "x", "y", "z"],
    )
    table = load_table(frame, label_names=["negative", "positive"])
    assert table.texts == ("so good", "dull")
    assert table.labels == ("positive", "negative")
    assert table.label_names == ("negative", "positive")
    assert table.rows == (1, 3)
    assert table.columns["0"] == ("a", "c")
    assert table.report.sentences() == [
        "1 row has an empty text and was left out: 2.",
        "1 row repeats an earlier text and label and was left out: 4.",
    ]
    assert table.description == "2 texts of a DataFrame, labelled negative, positive."


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"]
)
def test_what_may_never_end_is_refused(tmp_path, make):
    path = tmp_path / "x.csv"
    make(path)
    with pytest.raises(UserError, match="is a pipe or a device: save its content as a file"):
        load_table(path)


def test_a_pipe_in_a_folder_is_refused(tmp_path):
    os.mkfifo(tmp_path / "x.csv")
    with pytest.raises(UserError, match="is a pipe or a device: save its content as a file"):
        load_table(tmp_path, split="train")
