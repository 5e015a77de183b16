"""Files of texts on the hub are read as local ones are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import datasets
import huggingface_hub
import pytest
from huggingface_hub.errors import LocalEntryNotFoundError

from lit_plugins.data import load_table
from tests.data.refusals import refusal

ODD = ("NA", "null", "None", "n/a", "007")
CARD = """---
configs:
- config_name: dots
  data_files: [{split: train, path: dots.csv}]
  sep: ";"
- config_name: lines
  data_files: lines.jsonl
- config_name: other
  data_files: dots.csv
  quotechar: "'"
dataset_info:
- config_name: dots
  features:
  - {name: text, dtype: string}
  - {name: label, dtype: {class_label: {names: {"0": bad, "1": good}}}}
---
"""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A hub of folders in `root`; `reachable` switches it off, `asked` has the files it gave."""
    hub = SimpleNamespace(root=tmp_path / "hub", asked=[], reachable=True)
    build = datasets.load_dataset_builder

    def builder(name: str, config: str | None, **options: Any) -> Any:
        if not hub.reachable:
            raise ConnectionError("Couldn't reach the hub")
        options.setdefault("cache_dir", str(tmp_path / "cache"))
        return build(str(hub.root / Path(name).name), config, **options)

    def download(name: str, inside: str, repo_type: str) -> str:
        hub.asked.append(inside)
        return str(hub.root / Path(name).name / inside)

    def snapshot(name: str, repo_type: str, local_files_only: bool) -> str:
        assert local_files_only
        if not hub.asked:
            raise LocalEntryNotFoundError("nothing there")
        return str(hub.root / Path(name).name)

    monkeypatch.setattr(datasets, "load_dataset_builder", builder)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", download)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    return hub


@pytest.fixture
def plain(hub: SimpleNamespace) -> SimpleNamespace:
    folder = hub.root / "plain"
    (folder / "data").mkdir(parents=True)
    rows = "".join(f"{text},{number % 2}\n" for number, text in enumerate(ODD))
    (folder / "data" / "test.csv").write_text(f"text,label\n{rows}broken\n")
    (folder / "data" / "train.csv").write_text("text,label\nt0,0\nt1,1\n")
    return hub


@pytest.fixture
def described(hub: SimpleNamespace) -> SimpleNamespace:
    folder = hub.root / "described"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text(CARD)
    (folder / "dots.csv").write_text("text;label\nNA;1\nBad;0\n")
    (folder / "lines.jsonl").write_text('{"text": "2020-01-01"}\n{"text": "NA"}\nbroken\n')
    return hub


def test_texts_such_as_na_stay_texts(plain: SimpleNamespace) -> None:
    table = load_table("someone/plain")
    assert table.texts == ODD
    assert table.report.sentences() == [
        "1 row is malformed and was left out: 1 with 1 field instead of 2 (line 7).",
        "The split test was read; train was not.",
    ]
    assert sorted(plain.asked) == ["data/test.csv", "data/train.csv"]


def test_parts_of_splits(plain: SimpleNamespace) -> None:
    assert load_table("someone/plain", split="train[1:]+test[:1]").texts == ("t1", "NA")
    assert "has no split 'dev'" in refusal("someone/plain", split="dev")


def test_configurations(described: SimpleNamespace) -> None:
    table = load_table("someone/described", config="dots")
    assert (table.texts, table.labels) == (("NA", "Bad"), ("good", "bad"))
    assert load_table("someone/described", config="lines").texts == ("2020-01-01", "NA")


def test_options_that_our_readers_do_not_know_are_left_to_datasets(
    described: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = datasets.DatasetDict({"train": datasets.Dataset.from_dict({"text": ["a"]})})
    monkeypatch.setattr(datasets, "load_dataset", lambda name, config: answer)
    assert load_table("someone/described", config="other").texts == ("a",)
    assert described.asked == []


def test_out_of_reach_the_files_in_the_cache_are_read(plain: SimpleNamespace) -> None:
    before = load_table("someone/plain")
    plain.reachable = False
    assert load_table("someone/plain").texts == before.texts
    plain.asked.clear()
    assert "'someone/plain' is not a file, and the hub" in refusal("someone/plain")


def test_what_datasets_keeps_of_files_of_texts_is_not_read_if_the_files_are_there(
    plain: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_table("someone/plain")
    kept = SimpleNamespace(
        config=SimpleNamespace(data_files=None),
        info=SimpleNamespace(builder_name="csv"),
        base_path="",
    )
    monkeypatch.setattr(datasets, "load_dataset_builder", lambda name, config: kept)
    splits = datasets.DatasetDict({"test": datasets.Dataset.from_dict({"text": [None, "n/a"]})})
    monkeypatch.setattr(datasets, "load_dataset", lambda name, config: splits)
    plain.asked.clear()
    table = load_table("someone/plain")
    assert table.texts == ("n/a",)
    assert table.report.sentences()[-1] == (
        "It was read from the cache of datasets, where texts such as NA and null are missing cells."
    )
