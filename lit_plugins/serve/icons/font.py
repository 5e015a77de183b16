"""Construction of an icon font; its bytes depend only on the drawings and the font library.

Each icon is the ligature of the letters of its name. The letters have no ink and no width, and a
name counts only when it stands alone. So an unknown name shows nothing, rather than text over the
page or the icon of a shorter name.
"""

from __future__ import annotations

import io
import string
from collections.abc import Mapping

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables import _g_l_y_f as glyf

from lit_plugins.serve.icons.draw import Node, area, outlines

GRID = 24
UNITS_PER_GRID = 40
DESCENT = 2
"""Rows of the grid below the baseline.

LIT lowers some icons in a line of text, but not others. With two rows, both kinds stand within a
pixel of the middle of the words beside them.
"""

_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_LETTERS = {letter: letter for letter in string.ascii_lowercase}
_LETTERS |= {str(value): name for value, name in enumerate(_DIGITS)} | {"_": "underscore"}


def font_bytes(icons: Mapping[str, str], family: str) -> bytes:
    """Makes a TrueType font with one ligature for each icon.

    Args:
        icons: the drawings by the icons' names.
        family: the font's family name.
    """
    drawn = {f"icon.{name}": _glyph(drawing) for name, drawing in sorted(icons.items())}
    empty = [".notdef", "space", "unknown", *_LETTERS.values()]
    glyphs = {name: _glyph("") for name in empty} | drawn
    em, below = GRID * UNITS_PER_GRID, DESCENT * UNITS_PER_GRID

    characters = {ord(char): name for char, name in _LETTERS.items()}
    capitals = {ord(char.upper()): name for char, name in _LETTERS.items() if char.isalpha()}
    builder = FontBuilder(unitsPerEm=em, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({**characters, **capitals, ord(" "): "space"})
    builder.setupGlyf(glyphs)
    left = {name: getattr(glyph, "xMin", 0) for name, glyph in glyphs.items()}
    builder.setupHorizontalMetrics(
        {name: (em if name in drawn else 0, left[name]) for name in glyphs}
    )
    builder.setupHorizontalHeader(ascent=em - below, descent=-below)
    builder.setupOS2(
        sTypoAscender=em - below, sTypoDescender=-below, usWinAscent=em - below, usWinDescent=below
    )
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupPost()
    builder.addOpenTypeFeatures(_features(icons))
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.font.cfg["fontTools.ttLib.tables.otBase:USE_HARFBUZZ_REPACKER"] = False
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def _glyph(drawing: str) -> glyf.Glyph:
    pen = TTGlyphPen(None)
    for nodes, ink in outlines(drawing):
        if (area(nodes) > 0) != ink:
            nodes = [nodes[0], *nodes[:0:-1]]
        pen.moveTo(_place(nodes[0]))
        controls = []
        for node in [*nodes[1:], nodes[0]]:
            controls.append(_place(node))
            if node[2]:
                pen.qCurveTo(*controls)
                controls = []
        pen.closePath()
    glyph = pen.glyph()
    if drawing:
        glyph.flags[0] |= glyf.flagOverlapSimple
    return glyph


def _place(node: Node) -> tuple[int, int]:
    """Converts a point of the drawing's grid to the font's units, where y points up."""
    x, y, _ = node
    return round(x * UNITS_PER_GRID), round((GRID - DESCENT - y) * UNITS_PER_GRID)


def _features(icons: Mapping[str, str]) -> str:
    """Writes the substitutions, also as `rlig`: any letter spacing switches off `liga`."""
    ligatures = [
        f"sub {' '.join(_LETTERS[char] for char in name)} by icon.{name};" for name in sorted(icons)
    ]
    known = " ".join(f"icon.{name}" for name in sorted(icons))
    return "\n".join(
        [
            f"@icon = [{known}];",
            f"@any = [@icon unknown {' '.join(_LETTERS.values())}];",
            "feature rlig {",
            "lookup names {",
            *ligatures,
            "} names;",
            "lookup alone {",
            "sub @any @icon' by unknown;",
            "sub @icon' @any by unknown;",
            "} alone;",
            "} rlig;",
            "feature liga { lookup names; lookup alone; } liga;",
        ]
    )
