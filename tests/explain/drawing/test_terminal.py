import io
import re

import numpy as np
import pytest

from lit_plugins.explain.drawing.terminal import as_text, draw
from lit_plugins.terminal import columns
from tests.explain.examples import an_explanation, of_text, with_pairs

CODES = re.compile(r"\x1b\[[\d;]*m")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def printed(file, **options):
    draw(of_text("good film", [0.5, -0.5]), file=file, width=60, **options)
    return file.getvalue()


def test_a_tiny_example():
    assert as_text(an_explanation(), width=34) == (
        "not a good film\n"
        "positive: probability 0.3, base\n"
        "value 0.3, delta 0, 16 evaluations\n"
        "(shapley).\n"
        "-0.500  ---------|           not\n"
        "+0.000           |           a\n"
        "+0.250           |++++       good\n"
        "+0.250           |++++       film"
    )


def test_the_largest_words_stand_in_reading_order():
    explanation = of_text("a b c", [0.1, -0.2, 0.3], error=np.array([0.0, 0.01, 0.0]))
    assert as_text(explanation, n=2, width=40).splitlines()[-3:] == [
        "-0.200 ± 0.010     -------|            b",
        "+0.300 ± 0.000            |++++++++++  c",
        "(1 smaller left out)",
    ]


def test_colours_add_codes_and_change_nothing_else():
    explanation = an_explanation()
    colored = as_text(explanation, width=60, color=True)
    assert CODES.sub("", colored) == as_text(explanation, width=60)
    assert colored.splitlines()[0] == (
        "\x1b[38;5;16;48;5;205mnot\x1b[0m a \x1b[38;5;16;48;5;116mgood\x1b[0m "
        "\x1b[38;5;16;48;5;116mfilm\x1b[0m"
    )
    assert "\x1b[38;5;16;48;5;205m--------------------\x1b[0m|" in colored


@pytest.mark.parametrize(
    "text",
    ["", " ", "film", "x" * 300 + " good", "最高の映画でした。", "great 😀 👨‍👩‍👧 🇩🇪 ☺️", "סרט טוב"],
)
@pytest.mark.parametrize("width", [12, 20, 40, 80, 200])
def test_rows_fit_the_width_and_their_columns_stand(text, width):
    words = of_text(text, []).words
    explanation = of_text(text, np.linspace(-1, 1, len(words)))
    lines = as_text(explanation, width=width).splitlines()
    rows = lines[len(lines) - len(words) :]
    assert all(columns(row) <= width for row in rows)
    assert all(row[0] in "+-" for row in rows)
    assert len({row.find("|") for row in rows}) <= 1


def test_nothing_in_a_text_steers_the_terminal():
    text = "a\x1b[2Jb\rc \u202egood\u202c\x07\nnext\tline"
    drawn = as_text(of_text(text, [0.1] * len(of_text(text, []).words)), width=60)
    assert drawn.startswith("a\ufffd[2Jb\ufffdc \ufffdgood\ufffd\ufffd\nnext\tline\n")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", drawn)


def test_colours_are_for_terminals_that_want_them(monkeypatch):
    assert CODES.search(printed(Terminal()))
    assert not CODES.search(printed(io.StringIO()))
    assert CODES.search(printed(io.StringIO(), color=True))
    assert not CODES.search(printed(Terminal(), color=False))
    monkeypatch.setenv("TERM", "dumb")
    assert not CODES.search(printed(Terminal()))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not CODES.search(printed(Terminal()))


def test_an_encoding_without_the_words_gets_question_marks():
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, "ascii")
    draw(of_text("最高", [0.5, 0.5]), file=file, width=60)
    assert raw.getvalue().startswith(b"??\npositive")


def test_the_width_is_the_terminals(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    assert max(map(columns, str(an_explanation()).splitlines())) <= 30


def test_pairs_of_words_follow_the_words():
    assert as_text(with_pairs(error=0.02), n=1, width=40).splitlines()[-6:-3] == [
        "Words that act together most:",
        "-0.500 ± 0.020  not × good",
        "+0.125 ± 0.020  not × film",
    ]
    assert "act together" not in as_text(an_explanation())
