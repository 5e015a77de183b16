from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import datasets
import huggingface_hub.utils
import pytest
from datasets.exceptions import DatasetNotFoundError

from lit_plugins.data import folders, load_table
from tests.data.refusals import refusal

FEATURES = datasets.Features(
    {
        "sentence": datasets.Value("string"),
        "label": datasets.ClassLabel(names=["negative", "positive"]),
        "idx": datasets.Value("int32"),
        "vector": datasets.List(datasets.Value("float32")),
        "source": datasets.ClassLabel(names=["web", "print"]),
    }
)


def dataset(texts: list[str], labels: list[int | None]) -> datasets.Dataset:
    count = len(texts)
    return datasets.Dataset.from_dict(
        {
            "sentence": texts,
            "label": labels,
            "idx": list(range(count)),
            "vector": [[0.5]] * count,
            "source": [number % 2 for number in range(count)],
        },
        features=FEATURES,
    )


@pytest.fixture(scope="module")
def splits() -> datasets.DatasetDict:
    return datasets.DatasetDict(
        {
            "train": dataset(["t0", "t1", "t2"], [0, 1, 0]),
            "validation": dataset(["v0 ", "v1", "", "v0 ", "v4", "v5"], [1, 0, 1, 1, -1, None]),
            "test": dataset(["x0", "x1"], [-1, -1]),
        }
    )


@pytest.fixture(scope="module")
def folder(splits: datasets.DatasetDict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "small set"
    path.mkdir()
    for name, split in splits.items():
        split.to_parquet(path / f"{name}.parquet")
    return path


@pytest.fixture(scope="module")
def saved(splits: datasets.DatasetDict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "saved"
    splits.save_to_disk(path)
    return path


class Hub:
    """Stands in for `datasets.load_dataset`: answers with one dataset, notes what was asked.

    Its files are no texts, so `datasets` reads them.
    """

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []
        self.files = ["hf://datasets/someone/set@main/train.parquet"]

    def builder(self, name: str, config: str | None) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return SimpleNamespace(
            config=SimpleNamespace(data_files={"train": self.files}),
            base_path="hf://datasets/someone/set@main",
        )

    def __call__(self, name: str, config: str | None, split: str | None = None) -> Any:
        self.asked.append((name, config, split))
        return self.answer if split is None else self.answer[split.split("[")[0]].select(range(1))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_answer(value: Any) -> Hub:
        stand_in = Hub(value)
        monkeypatch.setattr(datasets, "load_dataset", stand_in)
        monkeypatch.setattr(datasets, "load_dataset_builder", stand_in.builder)
        return stand_in

    return set_answer


def check_validation(table: Any) -> None:
    assert table.texts == ("v0 ", "v1", "v5")
    assert table.labels == ("positive", "negative", None)
    assert table.label_names == ("negative", "positive")
    assert table.rows == (1, 2, 6)
    assert table.columns == {"idx": (0, 1, 5), "source": ("web", "print", "print")}
    assert table.kinds == {"idx": "number", "source": "category"}
    assert table.report.empty == (3,)
    assert table.report.duplicates == (4,)
    assert table.report.unknown_labels == (5,)
    assert table.report.unlabelled == (6,)
    assert table.report.unit == "row"
    assert table.report.sentences()[-1] == (
        "These columns hold lists, objects or bytes and are not shown: vector."
    )


def test_a_folder_of_parquet_files(folder: Path) -> None:
    table = load_table(str(folder))
    check_validation(table)
    assert table.name == "small-set"
    assert table.description == (
        "3 texts of small set (split validation), labelled negative, positive."
    )


def test_a_saved_dataset(saved: Path) -> None:
    check_validation(load_table(str(saved)))


def test_one_saved_split(splits: datasets.DatasetDict, tmp_path: Path) -> None:
    splits["validation"].save_to_disk(tmp_path / "one")
    check_validation(load_table(str(tmp_path / "one")))
    splits["train"].select([2, 0]).save_to_disk(tmp_path / "two")
    assert load_table(str(tmp_path / "two")).texts == ("t2", "t0")


def test_splits(folder: Path, saved: Path) -> None:
    for path in (folder, saved):
        table = load_table(str(path), split="train")
        assert table.texts == ("t0", "t1", "t2")
        assert table.name.endswith("-train")
        said = refusal(path, split="dev")
        assert said == f"{str(path)!r} has no split 'dev': choose one of train, validation, test."
    assert load_table(str(folder), split="train[1:]").texts == ("t1", "t2")
    assert load_table(str(folder), split="train[1:]+train[:1]").texts == ("t1", "t2", "t0")
    assert "'train[1' is no part of" in refusal(folder, split="train[1")


@pytest.mark.parametrize("wanted", [None, ["NEG", "POS"]])
def test_hidden_labels(folder: Path, wanted: list[str] | None) -> None:
    table = load_table(str(folder), split="test", label_names=wanted)
    assert table.label_names is None
    assert table.labels == (None, None)
    assert table.report.unknown_labels == ()
    read, hidden = table.report.sentences()[:2]
    assert read == "The split test was read; train, validation were not."
    assert "is -1, which stands for hidden" in hidden
    assert table.description.endswith("(split test), without labels.")


def test_the_model_names_the_labels(folder: Path) -> None:
    table = load_table(str(folder), split="train", label_names=["POSITIVE", "NEGATIVE"])
    assert table.labels == ("NEGATIVE", "POSITIVE", "NEGATIVE")
    table = load_table(str(folder), split="train", label_names=["LABEL_0", "LABEL_1"])
    assert table.labels == ("LABEL_0", "LABEL_1", "LABEL_0")


def test_a_changed_folder_is_read_again(splits: datasets.DatasetDict, tmp_path: Path) -> None:
    for name in ("train", "validation"):
        splits[name].to_parquet(tmp_path / "train.parquet")
        texts = load_table(str(tmp_path)).texts
        assert texts[0] == splits[name][0]["sentence"]
    assert [path.name for path in tmp_path.iterdir()] == ["train.parquet"]


def test_by_name(answer: Any, splits: datasets.DatasetDict) -> None:
    asked = answer(splits)
    table = load_table("someone/some.set", config="plain")
    check_validation(table)
    assert asked.asked == [("someone/some.set", "plain", None)]
    assert table.name == "some.set-plain"
    assert load_table("someone/set", split="train[:1]").name == "set-train-1"
    assert asked.asked[-1] == ("someone/set", None, "train[:1]")


def test_files_of_this_machine_are_none_of_the_hubs(
    answer: Any, splits: datasets.DatasetDict
) -> None:
    answer(splits).files.append("/etc/passwd")
    assert refusal("someone/set") == (
        "'someone/set' names '/etc/passwd', a file of this machine, which is not read: choose "
        "another dataset, or give the file by itself."
    )


def test_sst2_is_a_short_name(answer: Any, splits: datasets.DatasetDict) -> None:
    asked = answer(splits)
    table = load_table("sst2")
    check_validation(table)
    assert table.name == "sst2"
    assert table.report.source == "sst2"
    assert asked.asked == [("stanfordnlp/sst2", None, None)]


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        (["train", "test", "validation"], "v0 "),
        (["train", "test"], "x0"),
        (["unsupervised", "train"], "t0"),
        (["dev"], "v0 "),
    ],
)
def test_which_split_is_taken(
    answer: Any, splits: datasets.DatasetDict, there: list[str], chosen: str
) -> None:
    made = {"dev": "validation", "unsupervised": "test"}
    answer(datasets.DatasetDict({name: splits[made.get(name, name)] for name in there}))
    assert load_table("someone/set").texts[0] == chosen


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DatasetNotFoundError("Dataset 'a/b' doesn't exist on the Hub"), "no dataset on the hub"),
        (DatasetNotFoundError("Dataset 'a/b' is a gated dataset on the Hub."), "accept its terms"),
        (
            ValueError("Config name is missing.\nPlease pick one among: ['ax', 'cola']\nExample"),
            "'a/b' has several configurations: choose one of ax, cola.",
        ),
        (
            ValueError("BuilderConfig 'c' not found. Available: ['ax', 'cola']"),
            "'a/b' has no configuration 'c': choose one of ax, cola.",
        ),
        (RuntimeError("Dataset scripts are no longer supported, but found b.py"), "not run"),
        (FileNotFoundError("The directory doesn't contain any data files"), "no data file"),
        (KeyError("odd. Very odd\nodd"), "cannot be read ('odd)"),
    ],
)
def test_what_the_hub_may_answer(answer: Any, error: Exception, words: str) -> None:
    answer(error)
    said = refusal("a/b", config="c")
    assert "'a/b'" in said
    assert words in said


def test_out_of_reach(answer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(ConnectionError("Couldn't reach 'a/b' on the Hub (LocalEntryNotFoundError)"))
    for switch in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE"):
        monkeypatch.delenv(switch, raising=False)
    assert refusal("a/b") == (
        "'a/b' is not a file, and the hub cannot be reached for it: check the name and the "
        "network, or give a file."
    )
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert refusal("a/b") == (
        "'a/b' is not a file, and the hub is not asked for it because HF_HUB_OFFLINE=1 is set: "
        "unset that, or give a file."
    )


def test_the_real_client_offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)
    said = refusal("nobody/has-made-this")
    assert "'nobody/has-made-this'" in said
    assert "HF_HUB_OFFLINE=1" in said


def test_folders_without_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "holds no data file" in refusal(tmp_path)
    (tmp_path / "train.csv").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1")
    assert "train.csv' is a git-lfs pointer" in refusal(tmp_path)
    monkeypatch.setattr(folders, "MAX_FILES", 0)
    assert "holds more than 0 files" in refusal(tmp_path)


def test_a_folder_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folders, "_look_through", refuse)
    assert "cannot be read ([Errno 13] Permission denied)" in refusal(folder)


def test_configurations_of_a_folder(folder: Path, saved: Path) -> None:
    assert "no configuration 'c': choose one of default" in refusal(folder, config="c")
    assert "no configurations" in refusal(saved, config="c")


def test_nothing_is_printed_and_settings_come_back(
    folder: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    datasets.utils.enable_progress_bars()
    huggingface_hub.utils.enable_progress_bars()
    level = logging.getLogger("datasets").level
    load_table(str(folder))
    refusal(folder, split="dev")
    sys.stdout.flush()
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert not datasets.utils.are_progress_bars_disabled()
    assert not huggingface_hub.utils.are_progress_bars_disabled()
    assert logging.getLogger("datasets").level == level
