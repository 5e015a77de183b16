from __future__ import annotations

import json
from pathlib import Path

import pytest

from lit_plugins.data import load_table
from tests.data.refusals import refusal

CSV = "text\n{}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset's folder, beside files that are not its own."""
    folder = tmp_path / "data"
    (folder / "part").mkdir(parents=True)
    for file in (folder / "a.csv", folder / "part" / "b.csv"):
        file.write_text(CSV.format("its own"))
    (tmp_path / "outside").mkdir()
    for file in (tmp_path / "s.csv", tmp_path / "s.txt", tmp_path / "outside" / "s.csv"):
        file.write_text(CSV.format("another's"))
    return folder


def describe(folder: Path, configuration: str, name: str = "README.md") -> None:
    fields = f"configs:\n- config_name: d\n{configuration}\n"
    (folder / name).write_text(f"---\n{fields}---\n" if name == "README.md" else fields)


@pytest.mark.parametrize(
    "named",
    [
        "../s.csv",
        "../*.csv",
        "../s.txt",
        "part/../../s.csv",
        "{folder}/../s.csv",
        "file://{folder}/../s.csv",
        "http://192.0.2.1/s.csv",
        "zip://s.csv::http://192.0.2.1/s.zip",
        "hf://datasets/somebody/s/s.csv",
    ],
)
def test_a_description_names_only_files_of_the_folder(folder: Path, named: str) -> None:
    named = named.format(folder=folder)
    for files in (f'"{named}"', f'["a.csv", "{named}"]'):
        describe(folder, f"  data_files: {files}")
        assert refusal(folder) == (
            f"README.md of {str(folder)!r} names {named!r}, which leads out of the folder, so it "
            "is not read: name files of the folder only, by their paths in it."
        )
    describe(folder, f'  data_files:\n  - split: test\n    path: "{named}"\n  sep: ";"')
    assert "leads out of the folder" in refusal(folder)


@pytest.mark.parametrize("named", ["..", "../outside", "{folder}/../outside", "linked"])
def test_a_description_names_only_folders_of_the_folder(folder: Path, named: str) -> None:
    (folder / "linked").symlink_to(folder.parent / "outside")
    describe(folder, f"  data_dir: {named.format(folder=folder)}")
    assert "leads out of the folder" in refusal(folder)


def test_other_descriptions_are_looked_through_too(folder: Path) -> None:
    for file in folder.rglob("*.csv"):
        file.rename(file.with_suffix(".txt"))
    describe(folder, "  data_files: ../s.txt", ".huggingface.yaml")
    assert ".huggingface.yaml of" in refusal(folder)


def test_what_is_in_the_folder_is_read(folder: Path) -> None:
    describe(folder, '  data_files: ["a.csv", "part/*.csv"]')
    assert load_table(str(folder)).texts == ("its own",)
    (folder / "link.csv").symlink_to("part/b.csv")
    describe(folder, "  data_files: link.csv")
    assert load_table(str(folder)).texts == ("its own",)


def test_a_description_that_refers_to_itself_without_end(folder: Path) -> None:
    describe(folder, "  data_files: &a [*a, ../s.csv]")
    assert "names '../s.csv'" in refusal(folder)


@pytest.mark.parametrize("description", [None, "b.csv", "'*.csv'", "'lin*/s.csv'"])
def test_links_out_of_the_folder_are_not_followed(folder: Path, description: str | None) -> None:
    (folder / "b.csv").symlink_to(folder.parent / "s.csv")
    (folder / "linked").symlink_to(folder.parent / "outside")
    if description is not None:
        describe(folder, f"  data_files: {description}")
    assert "another's" not in refusal(folder)


def test_files_of_other_kinds_may_not_be_links_either(folder: Path) -> None:
    for file in folder.rglob("*.csv"):
        file.unlink()
    (folder / "b.txt").symlink_to(folder.parent / "s.txt")
    assert refusal(folder) == (
        f"'b.txt' of {str(folder)!r} leads out of the folder, so it is not read: put the file "
        "itself there, or give it by itself."
    )


def test_a_snapshot_of_the_hub_links_to_the_blobs_beside_it(tmp_path: Path) -> None:
    blob = tmp_path / "blobs" / "1f"
    snapshot = tmp_path / "snapshots" / "main"
    for place in (blob.parent, snapshot):
        place.mkdir(parents=True)
    blob.write_text(CSV.format("its own"))
    (snapshot / "a.csv").symlink_to("../../blobs/1f")
    assert load_table(str(snapshot)).texts == ("its own",)
    (tmp_path / "s.csv").write_text(CSV.format("another's"))
    (snapshot / "a.csv").unlink()
    (snapshot / "a.csv").symlink_to("../../s.csv")
    assert "leads out of the folder" in refusal(snapshot)


def test_a_saved_dataset_names_only_files_of_its_folder(tmp_path: Path) -> None:
    import datasets

    for name, text in [("data", "its own"), ("outside", "another's")]:
        datasets.Dataset.from_dict({"text": [text]}).save_to_disk(str(tmp_path / name))
    folder = tmp_path / "data"
    assert load_table(str(folder)).texts == ("its own",)
    state = json.loads((folder / "state.json").read_text())
    (arrow,) = (each["filename"] for each in state["_data_files"])
    state["_data_files"] = [{"filename": f"../outside/{arrow}"}]
    (folder / "state.json").write_text(json.dumps(state))
    assert f"state.json of {str(folder)!r} names '../outside/{arrow}'" in refusal(folder)
    state["_data_files"] = [{"filename": arrow}]
    (folder / "state.json").write_text(json.dumps(state))
    (folder / arrow).unlink()
    (folder / arrow).symlink_to(f"../outside/{arrow}")
    assert f"{arrow!r} of {str(folder)!r} leads out" in refusal(folder)


def test_a_saved_dataset_has_its_splits_in_its_folder(tmp_path: Path) -> None:
    import datasets

    datasets.Dataset.from_dict({"text": ["another's"]}).save_to_disk(str(tmp_path / "outside"))
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "dataset_dict.json").write_text('{"splits": ["../outside"]}')
    assert "dataset_dict.json of" in refusal(folder)
