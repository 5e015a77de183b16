"""Predictions come back as they were, or the file that does not hold them is found out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from lit_plugins.lit.models import prediction_file
from lit_plugins.lit.models.prediction_file import Damaged, ModelIdentity, Prediction, read, write

ABOUT = ModelIdentity("ab" * 32, classes=2, width=5)
MOST = 10**6


def some(count: int, model: ModelIdentity = ABOUT, seed: int = 0) -> dict[bytes, Prediction]:
    random = np.random.default_rng(seed)
    return {
        random.bytes(32): (
            random.standard_normal(model.classes).astype(np.float32),
            random.standard_normal(model.width).astype(np.float32),
        )
        for _ in range(count)
    }


def same(ours: dict[bytes, Prediction], theirs: dict[bytes, Prediction]) -> bool:
    """Whether both have the same bits in the same order."""
    return list(ours) == list(theirs) and all(
        a.tobytes() == b.tobytes() and a.dtype == b.dtype
        for key in ours
        for a, b in zip(ours[key], theirs[key], strict=True)
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.safetensors"


@pytest.mark.parametrize("count", [0, 1, 100])
def test_what_is_written_is_read_bit_by_bit_in_its_order(path, count):
    predictions = some(count)
    write(path, ABOUT, predictions)
    assert same(read(path, ABOUT, MOST), predictions)
    assert path.stat().st_size <= 1024 + count * ABOUT.bytes_a_text
    assert list(path.parent.iterdir()) == [path]


def test_it_is_safetensors(path):
    write(path, ABOUT, some(3))
    shapes = {name: each.shape for name, each in safetensors.numpy.load_file(path).items()}
    assert shapes == {"digests": (3, 32), "logits": (3, 2), "pooled": (3, 5)}


def test_no_rows_keep_the_whole_file_in_memory(path):
    write(path, ABOUT, some(3))
    for logits, pooled in read(path, ABOUT, MOST).values():
        assert logits.base is None
        assert pooled.base is None


def test_a_file_that_is_not_there(path):
    with pytest.raises(FileNotFoundError):
        read(path, ABOUT, MOST)


def test_a_file_that_is_too_large_is_not_read(path):
    write(path, ABOUT, some(100))
    assert read(path, ABOUT, 1000) == {}


def test_it_may_be_cut_anywhere(path):
    write(path, ABOUT, some(3))
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(Damaged):
            read(path, ABOUT, MOST)


def test_any_flipped_bit_of_a_number_is_found_out(path):
    write(path, ABOUT, some(2))
    whole = bytearray(path.read_bytes())
    for at in range(len(whole) - 2 * ABOUT.bytes_a_text, len(whole)):
        whole[at] ^= 1
        path.write_bytes(whole)
        with pytest.raises(Damaged):
            read(path, ABOUT, MOST)
        whole[at] ^= 1


def test_a_flipped_byte_of_the_header_never_gives_other_numbers(path):
    predictions = some(2)
    write(path, ABOUT, predictions)
    whole = bytearray(path.read_bytes())
    for at in range(len(whole) - 2 * ABOUT.bytes_a_text):
        whole[at] ^= 5
        path.write_bytes(whole)
        try:
            found = read(path, ABOUT, MOST)
        except Damaged:
            pass
        else:
            assert found == {} or same(found, predictions)
        whole[at] ^= 5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04" + bytes(100),
        b"\xff" * 8,
        b"\xff" * 100,
        (2**62).to_bytes(8, "little") + b"{}",
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
        (4).to_bytes(8, "little") + b"null",
        (2).to_bytes(8, "little") + b"{}",
        safetensors.numpy.save({"weight": np.ones(3)}),
        safetensors.numpy.save({"weight": np.ones(3)}, {"format": "pt"}),
        safetensors.numpy.save({}, {"format": "1"}),
        safetensors.numpy.save(
            {"digests": np.array(0)}, {"format": "1", "fingerprint": ABOUT.fingerprint}
        ),
        b"\x80\x04cposix\nsystem\n.",
    ],
)
def test_a_foreign_file(path, data):
    path.write_bytes(data)
    with pytest.raises(Damaged):
        read(path, ABOUT, MOST)


@pytest.mark.parametrize(
    "other",
    [
        ModelIdentity("cd" * 32, classes=2, width=5),
        ModelIdentity("ab" * 32, classes=3, width=5),
        ModelIdentity("ab" * 32, classes=2, width=4),
    ],
)
def test_a_file_of_another_model_or_shape(path, other):
    write(path, other, some(3, other))
    with pytest.raises(Damaged):
        read(path, ABOUT, MOST)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_what_is_no_number(path, wrong, which):
    predictions = some(3)
    list(predictions.values())[1][which][1] = wrong
    write(path, ABOUT, predictions)
    with pytest.raises(Damaged, match="not finite"):
        read(path, ABOUT, MOST)


def test_numbers_of_another_type(path):
    write(path, ABOUT, some(3))
    data = path.read_bytes()
    metadata = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    tensors = safetensors.numpy.load(data)
    tensors["logits"] = tensors["logits"].astype(np.float64)
    metadata["checksum"] = prediction_file._checksum(tensors)
    path.write_bytes(safetensors.numpy.save(tensors, metadata))
    with pytest.raises(Damaged, match="other shapes"):
        read(path, ABOUT, MOST)


def test_a_file_of_another_format_counts_as_none(path, monkeypatch):
    with monkeypatch.context() as then:
        then.setattr(prediction_file, "_FORMAT", 0)
        write(path, ABOUT, some(3))
    assert read(path, ABOUT, MOST) == {}


def test_neither_a_link_nor_a_folder_nor_a_pipe_is_read(path):
    elsewhere = path.with_name("elsewhere")
    write(elsewhere, ABOUT, some(3))
    path.symlink_to(elsewhere)
    with pytest.raises(Damaged, match="a link"):
        read(path, ABOUT, MOST)
    path.unlink()
    for make in (os.mkdir, os.mkfifo):
        make(path)
        with pytest.raises(Damaged, match="not a file"):
            read(path, ABOUT, MOST)
        os.rename(path, path.with_name(make.__name__))


def test_a_write_that_fails_leaves_what_was_there(path, monkeypatch):
    before = some(3)
    write(path, ABOUT, before)

    def fails(*anything: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("fsync", "replace"):
        with monkeypatch.context() as full:
            full.setattr(f"lit_plugins.lit.models.prediction_file.os.{step}", fails)
            with pytest.raises(OSError, match="No space left"):
                write(path, ABOUT, some(4, seed=1))
        assert list(path.parent.iterdir()) == [path]
    assert same(read(path, ABOUT, MOST), before)


def test_a_link_in_the_files_place_is_replaced_and_not_followed(path):
    elsewhere = path.with_name("elsewhere")
    elsewhere.write_text("mine")
    path.symlink_to(elsewhere)
    write(path, ABOUT, some(3))
    assert elsewhere.read_text() == "mine"
    assert not path.is_symlink()


def test_only_this_user_may_read_it(path):
    write(path, ABOUT, some(3))
    assert path.stat().st_mode & 0o077 == 0
