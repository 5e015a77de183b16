import io
import sys

from lit_plugins.terminal import columns, fit, progress_bar, put, say


def test_columns_of_a_terminal():
    assert columns("film") == 4
    assert columns("最高") == 4
    assert columns("café") == columns("cafe\u0301") == 4
    assert columns("👨‍👩‍👧") == columns("👍🏽") == columns("☺️") == columns("🇩🇪") == 2
    assert columns("") == 0


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert fit("wonderful", 9) == "wonderful"
    assert fit("wonderful", 5) == "wond…"
    assert fit("最高の映画", 6) == "最高…"
    assert fit("👍🏽👍🏽👍🏽", 5) == "👍🏽👍🏽…"


def test_a_text_of_characters_without_width_is_kept_whole():
    text = "a" + "\u0301\u200b" * 50_000
    assert fit(text, 1) == text
    assert fit(text + "bc", 2) == text + "…"


HOSTILE = "a\x1b]52;c;aGk=\x07b\x9b2Jc\x7fd\u202ee\u2028f"
HARMLESS = "a\ufffd]52;c;aGk=\ufffdb\ufffd2Jc\ufffdd\ufffde\ufffdf"


def test_a_sentence_is_one_line_without_escapes(capsys):
    say(f"Dataset {HOSTILE}\nlit-plugins: all is well\r")
    assert capsys.readouterr().err == f"Dataset {HARMLESS} lit-plugins: all is well\ufffd\n"


def test_a_drawing_has_no_escapes_but_colours(capsys):
    put(f"\x1b[38;5;16;48;5;32mgood\x1b[0m\t{HOSTILE}\n\x1b[2J", sys.stdout)
    assert capsys.readouterr().out == (f"\x1b[38;5;16;48;5;32mgood\x1b[0m\t{HARMLESS}\n\ufffd[2J\n")


def test_characters_that_a_stream_lacks_are_question_marks():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    put("café → ± 映画", stream)
    assert stream.buffer.getvalue() == b"caf? ? ? ??\n"


def test_a_progress_bar_has_no_escapes(capsys):
    with progress_bar(HOSTILE, 2) as bar:
        bar.update(2)
    assert HARMLESS in capsys.readouterr().err
