import os
import signal

import pytest

from lit_plugins.cli import stopping
from lit_plugins.cli.stopping import SIGNALS, Signalled, stoppable, whole_step


def send(number=signal.SIGTERM):
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_each_signal_ends_the_work_with_its_own_code(number):
    with pytest.raises(Signalled), stoppable(to_the_end=False):
        send(number)
    assert stopping.was_stopped()
    assert stopping.exit_code() == 128 + number


def test_signals_act_as_before_after_the_context():
    before = [signal.getsignal(number) for number in SIGNALS]
    with stoppable(to_the_end=False):
        assert [signal.getsignal(number) for number in SIGNALS] != before
    assert [signal.getsignal(number) for number in SIGNALS] == before
    assert not stopping.was_stopped()


def test_a_signal_that_the_process_ignores_stays_ignored():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable(to_the_end=False):
            send(signal.SIGHUP)
        assert not stopping.was_stopped()
    finally:
        signal.signal(signal.SIGHUP, before)


def stopped(work):
    """Runs a function that sends signals, which must end it, and gives what it noted."""
    done = []

    def run():
        with stoppable(to_the_end=False):
            work(done.append)

    with pytest.raises(Signalled):
        run()
    return done


def test_a_step_is_finished_first():
    def work(note):
        with whole_step():
            send()
            note("the step")
        note("more")

    assert stopped(work) == ["the step"]


def test_a_second_signal_disturbs_no_ending():
    def work(note):
        try:
            send()
        finally:
            send(signal.SIGINT)
            stopping.ending()
            send(signal.SIGHUP)
            note("saved")

    assert stopped(work) == ["saved"]
    assert stopping.exit_code() == 143


def test_a_library_that_swallows_the_exception_delays_the_end_by_one_step():
    def work(note):
        try:
            send()
        except BaseException:
            note("swallowed")
        with whole_step():
            note("one step")
        note("more")

    assert stopped(work) == ["swallowed", "one step"]
