import re

import numpy as np
import pytest

from lit_plugins.explain.drawing.colors import MAGENTA, STRONGEST, TEAL, ansi, css, shades
from lit_plugins.serve.page import ASSETS

CUBE = (0, 95, 135, 175, 215, 255)


def luminance(color):
    parts = [part / 255 for part in color]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_largest_score_has_the_full_colour_and_the_others_their_share():
    assert shades(np.array([-2.0, 0.0, 1.0])).tolist() == [-1.0, 0.0, 0.5]
    assert shades(np.array([1e-9, -1e-9])).tolist() == [1.0, -1.0]
    assert shades(np.array([np.nan, 3.0, np.inf])).tolist() == [0.0, 1.0, 0.0]


def test_the_page_has_the_same_hues():
    (line,) = re.findall(r"const hue = .*", (ASSETS / "explaining" / "colors.js").read_text())
    hues = [bytes.fromhex(written) for written in re.findall(r"#([0-9A-F]{6})", line)]
    assert [tuple(hue) for hue in hues] == [MAGENTA, TEAL]


def test_no_score_has_no_colour():
    assert shades(np.zeros(2)).tolist() == [0.0, 0.0]
    assert shades(np.zeros(0)).tolist() == []


def test_style_sheets_and_terminals_agree_on_the_sides():
    assert css(1.0) == "rgba(31,97,128,0.5)"
    assert css(-0.5) == "rgba(183,22,106,0.25)"
    assert css(0.0) == "rgba(31,97,128,0)"
    assert css(3.0) == css(1.0)
    assert ansi("good", 1.0) == "\x1b[38;5;16;48;5;73mgood\x1b[0m"
    assert ansi("bad", -1.0) == "\x1b[38;5;16;48;5;205mbad\x1b[0m"
    assert ansi("so", -0.4) == "\x1b[38;5;16;48;5;225mso\x1b[0m"
    assert ansi("a", 0.1) == "a"
    assert ansi("", 1.0) == ""


@pytest.mark.parametrize("color", [TEAL, MAGENTA])
@pytest.mark.parametrize(("page", "ink"), [((255,) * 3, (0,) * 3), ((17,) * 3, (212,) * 3)])
def test_text_over_the_full_colour_is_readable_on_light_and_dark_pages(color, page, ink):
    mixed = [
        STRONGEST * top + (1 - STRONGEST) * below for top, below in zip(color, page, strict=True)
    ]
    assert contrast(mixed, ink) >= 4.5


@pytest.mark.parametrize("shade", [-1.0, -0.6, -0.3, 0.3, 0.6, 1.0])
def test_black_is_readable_on_every_terminal_colour(shade):
    (index,) = re.findall(r"48;5;(\d+)m", ansi("x", shade))
    cell = int(index) - 16
    color = CUBE[cell // 36], CUBE[cell // 6 % 6], CUBE[cell % 6]
    assert contrast(color, (0, 0, 0)) >= 7
    assert (color[2] > color[0]) == (shade > 0)
