import io
import os
import sys

import pytest

from lit_plugins.cli import main
from lit_plugins.cli.streams import guarded_streams
from lit_plugins.terminal import put, say

HOSTILE = "a\x1b]52;c;aGk=\x07b\x9b2Jc\x7fd\u202ee"
HARMLESS = "a\ufffd]52;c;aGk=\ufffdb\ufffd2Jc\ufffdd\ufffde"


class Full(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


class Left(io.StringIO):
    def write(self, text):
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize(
    ("stream", "why"), [(Full(), "No space left on device"), (None, "it is closed")]
)
def test_an_output_that_takes_no_more_is_one_sentence(monkeypatch, stream, why):
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", errors)
    assert main(["completion", "bash"]) == 2
    assert errors.getvalue() == (
        f"lit-plugins: The output cannot be written ({why}); make room, or send it elsewhere.\n"
    )


def test_a_reader_that_has_seen_enough_is_no_mistake(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", Left())
    assert main(["completion", "bash"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("stream", [Full(), Left(), None])
def test_errors_that_nobody_can_read_cost_no_result(monkeypatch, capsys, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    with guarded_streams():
        say("A sentence.")
        print("a library's words", file=sys.stderr)
        put("the result", sys.stdout)
    assert capsys.readouterr().out == "the result\n"


def test_what_libraries_print_has_no_escapes_but_a_bar_may_move(capsys):
    with guarded_streams():
        print(f"\r{HOSTILE}\x1b[A", file=sys.stderr)
    assert capsys.readouterr().err == f"\r{HARMLESS}\x1b[A\n"


def test_closed_descriptors_are_not_given_to_files(tmp_path):
    saved = os.dup(2)
    os.close(2)
    try:
        with guarded_streams(), (tmp_path / "x").open("w") as file:
            assert file.fileno() > 2
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def test_a_wrong_flag_is_shown_without_escapes(capsys):
    with pytest.raises(SystemExit):
        main(["explain", f"--{HOSTILE}"])
    assert capsys.readouterr().err == (
        f"lit-plugins: unrecognized arguments: --{HARMLESS}; see lit-plugins --help.\n"
    )
