import os
import resource
import stat
from contextlib import contextmanager

import pytest

from lit_plugins.cli.whole_file import WholeFile
from lit_plugins.errors import UserError

UNCHANGED = ", written to '{part}'; '{path}' is as it was"


@contextmanager
def a_full_disk(room):
    """No file grows beyond `room` bytes, as on a disk with so much left."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def write(path, *parts, overwrite=True, error=None):
    """Writes parts, keeps all but the last if an error follows, and returns what is told."""
    file = WholeFile(path, overwrite)
    try:
        with file:
            for place, part in enumerate(parts):
                file.file.write(part)
                if error is None or place < len(parts) - 1:
                    file.keep()
            if error is not None:
                raise error
    except (KeyboardInterrupt, ValueError, UserError):
        pass
    return file.told


@pytest.fixture
def path(tmp_path):
    return tmp_path / "x.csv"


@pytest.fixture
def part(tmp_path):
    return tmp_path / "x.part.csv"


def test_a_complete_file_takes_its_place_at_the_end(path, part):
    path.write_bytes(b"old")
    file = WholeFile(path, True)
    with file:
        file.file.write(b"new")
        file.keep()
        assert path.read_bytes() == b"old"
        assert part.read_bytes() == b"new"
    assert path.read_bytes() == b"new"
    assert not part.exists()
    assert file.told == f", written to {str(path)!r}"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError(), OSError(28, "full")])
def test_of_work_that_ends_early_a_whole_beginning_is_kept(path, part, error):
    assert write(path, b"one,", b"half", error=error) == f", written to {str(path)!r}"
    assert path.read_bytes() == b"one,"
    assert not part.exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError(), OSError(28, "full")])
def test_an_old_file_survives_work_that_ends_early(path, part, error):
    path.write_bytes(b"old")
    assert write(path, b"one,", b"half", error=error) == UNCHANGED.format(path=path, part=part)
    assert path.read_bytes() == b"old"
    assert part.read_bytes() == b"one,"


def test_nothing_is_left_of_work_that_ends_before_it_has_a_result(path, part):
    path.write_bytes(b"old")
    assert write(path, b"half", error=KeyboardInterrupt()) == ""
    assert path.read_bytes() == b"old"
    assert not part.exists()


def test_a_full_disk_is_one_sentence_and_keeps_what_fits(path, part):
    path.write_bytes(b"old")
    file = WholeFile(path, True)

    def fill():
        with a_full_disk(10_000), file:
            for letter in (b"a", b"b", b"c", b"d"):
                file.file.write(3000 * letter)
                file.keep()

    with pytest.raises(UserError) as refusal:
        fill()
    assert str(refusal.value) == (
        f"The file {str(path)!r} cannot be written (File too large); make room or name another."
    )
    assert path.read_bytes() == b"old"
    assert part.read_bytes() == 3000 * b"a" + 3000 * b"b" + 3000 * b"c"
    assert file.told == UNCHANGED.format(path=path, part=part)


def test_what_a_killed_run_has_left_is_not_lost(path, part):
    part.write_bytes(b"hours of work")
    with pytest.raises(UserError, match=r"or left by one that was killed; wait, move it or"):
        WholeFile(path, False).check()
    assert part.read_bytes() == b"hours of work"
    assert write(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"


def test_a_file_that_another_run_writes_is_refused(path, part):
    with WholeFile(path, True) as first:
        first.file.write(b"first")
        first.keep()
        with pytest.raises(UserError, match="is being written by another run"):
            WholeFile(path, True).__enter__()
        assert part.read_bytes() == b"first"
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/null")])
def test_a_pipe_or_device_is_refused(path, make):
    make(path)
    with pytest.raises(UserError, match="is a device or a pipe and no file; name a file"):
        WholeFile(path, True).check()


def test_no_link_is_followed_where_the_file_is_written(path, part, tmp_path):
    other = tmp_path / "other"
    other.write_bytes(b"precious")
    part.symlink_to(other)
    with pytest.raises(UserError, match="cannot be written"):
        WholeFile(path, True).__enter__()
    assert other.read_bytes() == b"precious"


def test_a_link_stays_and_its_file_is_replaced(path, tmp_path):
    target = tmp_path / "target.csv"
    target.write_bytes(b"old")
    target.chmod(0o640)
    path.symlink_to(target)
    write(path, b"new")
    assert path.is_symlink()
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_new_content_replaces_what_was_written(path, part):
    with WholeFile(path, True) as file:
        file.rewrite(b"longer")
        file.rewrite(b"short")
        assert part.read_bytes() == b"short"
    assert path.read_bytes() == b"short"
