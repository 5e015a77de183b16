import fcntl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from lit_plugins.errors import UserError
from lit_plugins.lit.saved.file_lock import FileLock
from lit_plugins.runtime.cancellation import Stopped, stopping_when


@pytest.fixture
def path(tmp_path):
    return tmp_path / "texts.added.jsonl"


@pytest.fixture
def taken(path):
    """The lock's file while somebody else has the lock; closing it ends that."""
    with path.with_name(f"{path.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def refusal(lock):
    with pytest.raises(UserError) as refused, lock.held():
        pass
    return str(refused.value)


def test_nobody_waits_without_end(path, taken):
    assert refusal(FileLock(path, patience_s=0.05)) == (
        "The file texts.added.jsonl of the data folder is in use by another program of the server: "
        "try again soon; if that does not help, have the program ended there."
    )


def test_who_waits_gets_the_lock_when_it_is_free(path, taken):
    threading.Timer(0.05, taken.close).start()
    with FileLock(path).held():
        assert taken.closed


def test_only_the_first_waits_for_a_lock_that_is_never_free(path, taken):
    lock = FileLock(path, patience_s=0.2)
    refusal(lock)
    looked = []

    def gone():
        looked.append(time.monotonic())
        return False

    with stopping_when(gone):
        refusal(lock)
    assert not looked
    taken.close()
    with lock.held():
        pass


def test_all_who_wait_at_once_get_an_answer(path, taken):
    lock = FileLock(path, patience_s=0.1)
    with ThreadPoolExecutor(8) as pool:
        refusals = list(pool.map(refusal, [lock] * 8))
    assert len(refusals) == 8
    assert len(set(refusals)) == 1


def test_who_has_gone_does_not_wait(path, taken):
    with stopping_when(lambda: True), pytest.raises(Stopped), FileLock(path).held():
        pass


def test_what_fails_inside_gives_the_lock_back(path):
    lock = FileLock(path, patience_s=0.05)
    with pytest.raises(ZeroDivisionError), lock.held():
        raise ZeroDivisionError
    with lock.held(), ThreadPoolExecutor(1) as pool:
        assert "in use" in pool.submit(refusal, FileLock(path, patience_s=0.05)).result()
