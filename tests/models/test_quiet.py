"""`transformers` is silent while it is asked to be, and only then."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import transformers

from lit_plugins.models.quiet import quiet_transformers

LOGGER = logging.getLogger("transformers")


def state() -> tuple[int, bool]:
    return LOGGER.level, transformers.utils.logging.is_progress_bar_enabled()


def test_silence_begins_and_ends():
    before = state()
    with quiet_transformers():
        assert state() == (logging.ERROR, False)
        with quiet_transformers():
            assert state() == (logging.ERROR, False)
        assert state() == (logging.ERROR, False)
    assert state() == before


def test_silence_ends_with_an_error():
    before = state()
    try:
        with quiet_transformers():
            raise KeyError
    except KeyError:
        assert state() == before


def test_what_was_silent_stays_silent():
    transformers.utils.logging.disable_progress_bar()
    try:
        with quiet_transformers():
            pass
        assert not transformers.utils.logging.is_progress_bar_enabled()
    finally:
        transformers.utils.logging.enable_progress_bar()


def test_silence_ends_when_the_last_thread_leaves():
    before = state()
    inside, leaving = Barrier(3), Barrier(2)

    def first_in_first_out() -> None:
        with quiet_transformers():
            inside.wait()
        leaving.wait()

    def last_out() -> tuple[int, bool]:
        with quiet_transformers():
            inside.wait()
            leaving.wait()
            return state()

    with ThreadPoolExecutor(2) as pool:
        pool.submit(first_in_first_out)
        last = pool.submit(last_out)
        inside.wait()
        assert last.result() == (logging.ERROR, False)
    assert state() == before
