"""A folder of predictions that keeps what it can and never stands in the way."""

from __future__ import annotations

import errno
import logging
import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from lit_plugins.lit.models import prediction_file
from lit_plugins.lit.models.prediction_file import ModelIdentity
from lit_plugins.lit.models.prediction_folder import PredictionFolder
from tests.lit.models.test_prediction_file import ABOUT, same, some

OTHER = ModelIdentity("cd" * 32, classes=2, width=5)
THIRD = ModelIdentity("ef" * 32, classes=2, width=5)
TEXT_BYTES = ABOUT.bytes_a_text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "predictions"


def file(path: Path, model: ModelIdentity) -> Path:
    return path / f"{model.fingerprint}.safetensors"


def sentences(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_what_is_saved_is_loaded_by_whoever_has_the_folder(path, caplog):
    predictions = some(10)
    assert PredictionFolder(path).load(ABOUT) == {}
    assert not path.exists()  # nothing is made before there is something to keep
    assert PredictionFolder(path).save(ABOUT, predictions)
    assert same(PredictionFolder(path).load(ABOUT), predictions)
    assert PredictionFolder(path).load(OTHER) == {}
    assert sentences(caplog) == []


def test_what_is_damaged_is_set_aside_said_once_and_made_anew(path, caplog):
    folder = PredictionFolder(path)
    folder.save(ABOUT, some(10))
    damaged = file(path, ABOUT)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert folder.load(ABOUT) == {}
    (sentence,) = sentences(caplog)
    assert sentence.startswith(
        f"The predictions in {str(damaged)!r} cannot be used (it is not a file of predictions"
    )
    assert sentence.endswith(f"renamed to '{damaged.name}.damaged' and are computed again.")
    assert sorted(path.iterdir()) == [damaged.with_name(f"{damaged.name}.damaged")]
    assert folder.save(ABOUT, some(3))
    assert len(folder.load(ABOUT)) == 3
    assert len(sentences(caplog)) == 1


def test_another_format_is_replaced_without_a_word(path, caplog, monkeypatch):
    with monkeypatch.context() as then:
        then.setattr(prediction_file, "_FORMAT", 0)
        PredictionFolder(path).save(ABOUT, some(3))
    folder = PredictionFolder(path)
    assert folder.load(ABOUT) == {}
    folder.save(ABOUT, some(4))
    assert len(folder.load(ABOUT)) == 4
    assert (sentences(caplog), len(list(path.iterdir()))) == ([], 1)


def test_vectors_that_are_no_numbers_are_not_kept(path, caplog):
    predictions = some(3)
    next(iter(predictions.values()))[1][0] = np.inf
    folder = PredictionFolder(path)
    folder.save(ABOUT, predictions)
    assert list(folder.load(ABOUT)) == list(predictions)[1:]
    assert sentences(caplog) == []


def test_a_file_holds_no_more_than_the_folder_may_and_the_latest_stay(path):
    folder = PredictionFolder(path, max_bytes=1024 + 10 * TEXT_BYTES)
    predictions = some(25)
    folder.save(ABOUT, predictions)
    assert list(folder.load(ABOUT)) == list(predictions)[-10:]
    assert file(path, ABOUT).stat().st_size <= folder.max_bytes


def test_files_that_were_used_longest_ago_go_first(path):
    folder = PredictionFolder(path, max_bytes=2 * (1024 + 10 * TEXT_BYTES))
    for age, model in ((100, ABOUT), (50, OTHER)):
        folder.save(model, some(10))
        then = time.time() - age
        os.utime(file(path, model), (then, then))
    folder.load(ABOUT)  # used last now
    folder.save(THIRD, some(10))
    assert sorted(path.iterdir()) == sorted([file(path, ABOUT), file(path, THIRD)])
    assert sum(each.stat().st_size for each in path.iterdir()) <= folder.max_bytes


def test_what_was_set_aside_counts_and_goes_too(path):
    folder = PredictionFolder(path, max_bytes=1024 + 30 * TEXT_BYTES)
    folder.save(ABOUT, some(10))
    file(path, ABOUT).rename(path / "old.safetensors.damaged")
    folder.save(OTHER, some(25))
    assert list(path.iterdir()) == [file(path, OTHER)]


def test_other_files_are_left_alone(path):
    path.mkdir(parents=True)
    (path / "notes.txt").write_text("x" * 5000)
    (path / "sub.safetensors").mkdir()
    PredictionFolder(path, max_bytes=2000).save(ABOUT, some(3))
    assert len(list(path.iterdir())) == 3


def test_what_a_killed_process_left_is_taken_away_and_what_is_being_written_is_not(path):
    path.mkdir(parents=True)
    for name, age in (("old.tmp", 7200), ("new.tmp", 1)):
        (path / name).write_bytes(b"half")
        os.utime(path / name, (time.time() - age,) * 2)
    PredictionFolder(path).save(ABOUT, some(3))
    assert sorted(each.name for each in path.glob("*.tmp")) == ["new.tmp"]


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device"),
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system"),
        (PermissionError(errno.EACCES, "Permission denied"), "Permission denied"),
    ],
)
def test_where_nothing_can_be_written_one_sentence_says_so(path, caplog, monkeypatch, failure, why):
    folder = PredictionFolder(path)
    assert folder.save(ABOUT, some(3))

    def fails(*anything: object) -> None:
        raise failure

    monkeypatch.setattr("lit_plugins.lit.models.prediction_file.os.fsync", fails)
    assert not folder.save(ABOUT, some(4))
    assert not folder.save(OTHER, some(4))
    assert sentences(caplog) == [
        f"Predictions cannot be written in {str(path)!r} ({why}), so they are kept in memory only; "
        "make room there, or let this user write."
    ]
    assert len(folder.load(ABOUT)) == 3  # what was there is whole


def test_a_file_in_the_folders_place(path, caplog):
    path.parent.mkdir()
    path.write_text("mine")
    folder = PredictionFolder(path)
    assert folder.load(ABOUT) == {}
    assert not folder.save(ABOUT, some(3))
    assert path.read_text() == "mine"
    assert len(sentences(caplog)) == 1


def test_a_link_in_the_folders_place_is_not_followed(path, caplog, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    PredictionFolder(elsewhere).save(ABOUT, some(3))
    path.parent.mkdir()
    path.symlink_to(elsewhere)
    folder = PredictionFolder(path)
    assert folder.load(ABOUT) == {}
    assert not folder.save(OTHER, some(3))
    assert list(elsewhere.iterdir()) == [file(elsewhere, ABOUT)]
    assert sentences(caplog) == [
        f"The folder {str(path)!r} is a link, so no predictions are kept in it; put a folder in "
        "its place."
    ]


def test_of_two_that_write_and_read_at_once_none_breaks_the_other(path, caplog):
    both = [PredictionFolder(path), PredictionFolder(path)]
    kept = [some(50, seed=seed) for seed in range(2)]
    kept[1] = dict(list(kept[1].items())[:20])
    failures: list[object] = []
    both[0].save(ABOUT, kept[0])

    def work(which: int) -> None:
        for _ in range(25):
            both[which].save(ABOUT, kept[which])
            found = both[which].load(ABOUT)
            if not any(same(found, each) for each in kept):
                failures.append(found)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sentences(caplog) == []
    assert list(path.iterdir()) == [file(path, ABOUT)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a copy of this process")
def test_a_kill_at_any_moment_leaves_a_whole_file(path, caplog):
    kept = [some(200, seed=seed) for seed in range(2)]
    PredictionFolder(path).save(ABOUT, kept[0])
    for round_ in range(20):
        child = os.fork()
        if not child:
            try:
                while True:
                    for each in kept:
                        PredictionFolder(path).save(ABOUT, each)
            finally:
                os._exit(1)
        time.sleep(0.002 * (1 + round_ % 7))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = PredictionFolder(path).load(ABOUT)
        assert any(same(found, each) for each in kept)
    assert sentences(caplog) == []
    for left in path.glob("*.tmp"):
        os.utime(left, (0, 0))  # as if an hour had passed
    PredictionFolder(path).save(ABOUT, kept[0])
    assert list(path.iterdir()) == [file(path, ABOUT)]
