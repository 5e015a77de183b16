"""The icon fonts: every name the client shows is drawn, and nothing shows as text."""

from __future__ import annotations

import io
import math
import re

import pytest
from fontTools.ttLib import TTFont

from lit_plugins.serve.icons.__main__ import CLIENT, client_bundle, fonts
from lit_plugins.serve.icons.draw import area, outlines
from lit_plugins.serve.icons.font import GRID, UNITS_PER_GRID, font_bytes
from lit_plugins.serve.icons.names import icon_families, ligature_names, lone_families
from lit_plugins.serve.icons.shapes import ICONS, OUTLINED

FONTS = ["icons.ttf", "icons-outlined.ttf"]


@pytest.fixture(scope="module")
def bundle() -> str:
    return client_bundle()


@pytest.fixture(params=FONTS)
def font(request: pytest.FixtureRequest) -> TTFont:
    return TTFont(CLIENT / request.param)


def ligatures(font: TTFont) -> dict[str, str]:
    """The glyph of each name, read back from the font."""
    letters = {glyph: chr(code).lower() for code, glyph in font.getBestCmap().items()}
    return {
        "".join(letters[glyph] for glyph in [first, *ligature.Component]): ligature.LigGlyph
        for subtable in font["GSUB"].table.LookupList.Lookup[0].SubTable
        for first, found in subtable.ligatures.items()
        for ligature in found
    }


def test_fonts_know_every_name_of_the_client(bundle: str, font: TTFont) -> None:
    names = ligature_names(bundle)
    assert {"arrow_drop_down", "push_pin", "expand_less", "warning_amber", "view_week"} <= names
    assert len(names) > 70
    assert names <= set(ligatures(font))


def test_a_name_is_its_own_glyph(font: TTFont) -> None:
    assert ligatures(font) == {name: f"icon.{name}" for name in ICONS}


def test_outlined_font_redraws_only_known_names() -> None:
    assert set(OUTLINED) < set(ICONS)
    assert all(OUTLINED[name] != ICONS[name] for name in OUTLINED)


def test_letters_have_neither_width_nor_ink(font: TTFont) -> None:
    characters = font.getBestCmap()
    assert set(map(chr, characters)) >= set("abcdefghijklmnopqrstuvwxyz0123456789_ ")
    for glyph in characters.values():
        assert font["hmtx"][glyph][0] == 0
        assert font["glyf"][glyph].numberOfContours == 0


def test_icons_fill_their_square_and_no_more(font: TTFont) -> None:
    top, bottom = font["hhea"].ascent, font["hhea"].descent
    assert top - bottom == font["head"].unitsPerEm == GRID * UNITS_PER_GRID
    for name in ICONS:
        glyph = font["glyf"][f"icon.{name}"]
        assert font["hmtx"][f"icon.{name}"][0] == GRID * UNITS_PER_GRID
        assert 0 <= glyph.xMin < glyph.xMax <= GRID * UNITS_PER_GRID, name
        assert bottom <= glyph.yMin < glyph.yMax <= top, name


def test_shipped_fonts_are_what_the_drawings_make() -> None:
    assert sorted(fonts()) == sorted(FONTS)
    for name, data in fonts().items():
        assert data == (CLIENT / name).read_bytes(), "run `python -m lit_plugins.serve.icons`"


def test_style_sheet_serves_every_family_from_here(bundle: str) -> None:
    css = (CLIENT / "icons.css").read_text("utf-8")
    families = set(re.findall(r'font-family: "([^"]+)"', css))
    assert icon_families(bundle) == {
        "Material Icons",
        "Google Material Icons",
        "Material Icons Outlined",
    }
    assert lone_families(bundle) <= families
    assert set(re.findall(r"url\(([^)]*)\)", css)) == {f'"{name}"' for name in FONTS}
    assert "@import" not in css


def test_names_are_read_from_text_expressions_variables_and_styles() -> None:
    bundle = """
        const r=t?"check":(n?"error":"clear"),d={a:1},m=(0,f.$)({"material-icon":!0,other:n});
        return x.dy`
          <mwc-icon class="a" @click=${()=>{this.go(1>0)}}>
            open_in_new
          </mwc-icon>
          <span class='material-icon-outlined'>${r}</span>
          <mwc-icon>${this.open?"expand_less":"expand_more"}</mwc-icon>
          <span class="${m}">push_pin</span>
          <span class=${d}>not_this</span>
          <i class="material-icons">nor_this</i>
          <span data-icon=${this.up?"arrow_up":"arrow_down"}></span>`
        .pinned:after { font-family: 'Material Icons'; content: 'star'; }
        if(a<b&&c>d)return"nothing"
    """
    assert ligature_names(bundle) == {
        "open_in_new",
        "check",
        "error",
        "clear",
        "expand_less",
        "expand_more",
        "push_pin",
        "arrow_up",
        "arrow_down",
        "star",
    }


def test_families_with_a_fallback_of_their_own_are_left_alone() -> None:
    css = "a{font-family: 'Own', sans-serif;} b{font-family:Lone} c{font-family: 'Odd', sans;}"
    css += 'd{font-family:var(--mdc-icon-font, "Material Icons")} e{--mdc-icon-font: "Material X"}'
    assert lone_families(css) == {"Lone", "Odd", "Material Icons", "Material X"}
    assert icon_families(css) == {"Material Icons", "Material X"}


@pytest.mark.parametrize(
    ("drawing", "ink"),
    [
        ("P 0 0 4 0 0 3", 6),
        ("R 1 1 4 3 0", 12),
        ("B 0 0 6 6 0 1", 20),
        ("L 2 3 3 3 13", 20),
        ("L 2 0 0 10 0 10 10", 40),
        ("Z 2 2 2 12 2 12 12 2 12", 80),
        ("R 0 0 4 4 0; r 1 1 2 2 0", 12),
        ("X 0 0 2 1 1", 2),
    ],
)
def test_drawn_area(drawing: str, ink: float) -> None:
    assert drawn_area(drawing) == pytest.approx(ink)


@pytest.mark.parametrize(
    ("drawing", "ink"),
    [
        ("C 5 5 4", 16 * math.pi),
        ("O 5 5 4 2", 16 * math.pi),
        ("A 5 5 4 0 90 2", 4 * math.pi),
        ("P 5 5 @ 5 5 4 0 90", 4 * math.pi),
        ("R 0 0 8 8 4", 16 * math.pi),
        ("T 0 0 2 30", 3 * math.sqrt(3)),
    ],
)
def test_drawn_area_of_curves(drawing: str, ink: float) -> None:
    assert drawn_area(drawing) == pytest.approx(ink, rel=0.003)


def drawn_area(drawing: str) -> float:
    """Ink less cuts, the outlines' curves taken in short steps."""
    total = 0.0
    for nodes, ink in outlines(drawing):
        steps = []
        for i, (x, y, passes) in enumerate(nodes):
            if passes:
                steps.append((x, y, True))
                continue
            (x0, y0, _), (x1, y1, _) = nodes[i - 1], nodes[(i + 1) % len(nodes)]
            for t in (k / 16 for k in range(1, 16)):
                a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
                steps.append((a * x0 + b * x + c * x1, a * y0 + b * y + c * y1, True))
        total += abs(area(steps)) / 2 * (1 if ink else -1)
    return total


def test_an_unknown_letter_is_named() -> None:
    with pytest.raises(ValueError, match="'Y' is not a shape"):
        list(outlines("Y 1 2"))


def test_ink_and_cuts_wind_opposite_ways() -> None:
    drawings = {"there": "R 2 2 9 9 0; r 4 4 2 2 0", "back": "P 2 2 2 11 11 11 11 2"}
    font = TTFont(io.BytesIO(font_bytes(drawings, "test")))

    def signs(name: str) -> list[float]:
        points, ends, _ = font["glyf"][f"icon.{name}"].getCoordinates(font["glyf"])
        starts = [0, *(end + 1 for end in ends)]
        pieces = zip(starts, [end + 1 for end in ends], strict=False)
        return [math.copysign(1, area([(x, y, True) for x, y in points[a:b]])) for a, b in pieces]

    assert signs("there") == [-1, 1]
    assert signs("back") == [-1]
