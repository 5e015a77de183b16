"""Drawings of icons as text, and their outlines.

A drawing is a list of parts separated by `;`. A part is a letter and its numbers. The grid has 24
by 24 units, with y pointing down. Angles are degrees, clockwise from three o'clock.

    P x y …              polygon; `@ cx cy r from to` among the points is an arc
    L width x y …        line through the points
    Z width x y …        the same, closed
    A cx cy r from to width   arc drawn as a line
    C cx cy r            disc
    O cx cy r width      ring; r is the middle of the line
    R x y w h r          rectangle with corners of radius r
    B x y w h r width    the same as a frame; the line lies inside
    T cx cy r angle      triangle (an arrow head) that points along the angle
    X cx cy n R r        star of n points between the radii R and r

A small letter cuts its shape out of the ink below it. Cuts must not overlap each other, and the ink
below a cut must be one layer thick: the font fills where the windings of all outlines do not
cancel.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

Node = tuple[float, float, bool]
"""x, y, and whether the outline passes through the point.

All other points are control points of quadratic curves.
"""

Outline = tuple[list[Node], bool]
"""The nodes of one closed outline, and whether it adds ink; otherwise it cuts."""


def outlines(drawing: str) -> Iterator[Outline]:
    """Yields the closed outlines of a drawing.

    Raises:
        ValueError: a letter stands for no shape.
    """
    for part in filter(None, drawing.split(";")):
        letter, *words = part.split()
        ink = letter.isupper()
        for nodes, adds in _shape(letter.upper(), words):
            yield nodes, adds == ink


def _shape(letter: str, words: Sequence[str]) -> Iterator[Outline]:
    if letter == "P":
        yield _polygon(words), True
        return
    n = [float(word) for word in words]
    if letter in "LZ":
        yield from _line(n[0], list(zip(n[1::2], n[2::2], strict=True)), closed=letter == "Z")
    elif letter == "A":
        cx, cy, r, start, end, width = n
        outer = _arc(cx, cy, r + width / 2, start, end)
        yield outer + _arc(cx, cy, r - width / 2, end, start), True
    elif letter == "C":
        cx, cy, r = n
        yield _arc(cx, cy, r, 0, 360)[:-1], True
    elif letter == "O":
        cx, cy, r, width = n
        yield _arc(cx, cy, r + width / 2, 0, 360)[:-1], True
        yield _arc(cx, cy, r - width / 2, 0, 360)[:-1], False
    elif letter == "R":
        yield _rectangle(*n), True
    elif letter == "B":
        x, y, w, h, r, s = n
        yield _rectangle(x, y, w, h, r), True
        yield _rectangle(x + s, y + s, w - 2 * s, h - 2 * s, max(r - s, 0)), False
    elif letter == "T":
        cx, cy, r, angle = n
        yield _spokes(cx, cy, [(r, angle), (r, angle + 120), (r, angle + 240)]), True
    elif letter == "X":
        cx, cy, points, outer_r, inner_r = n
        step = 180 / points
        radii = [outer_r, inner_r] * int(points)
        yield _spokes(cx, cy, [(r, i * step - 90) for i, r in enumerate(radii)]), True
    else:
        raise ValueError(f"{letter!r} is not a shape; choose a letter from the list in draw.py.")


def _polygon(words: Sequence[str]) -> list[Node]:
    nodes: list[Node] = []
    rest = list(words)
    while rest:
        if rest[0] == "@":
            nodes += _arc(*map(float, rest[1:6]))
            del rest[:6]
        else:
            nodes.append((float(rest[0]), float(rest[1]), True))
            del rest[:2]
    return nodes


def _spokes(cx: float, cy: float, spokes: Sequence[tuple[float, float]]) -> list[Node]:
    return [(*_polar(cx, cy, r, angle), True) for r, angle in spokes]


def _polar(cx: float, cy: float, r: float, angle: float) -> tuple[float, float]:
    return cx + r * math.cos(math.radians(angle)), cy + r * math.sin(math.radians(angle))


def _arc(cx: float, cy: float, r: float, start: float, end: float) -> list[Node]:
    """Approximates an arc by quadratic curves of at most 45 degrees, within r / 300."""
    pieces = max(1, math.ceil(abs(end - start) / 45))
    step = (end - start) / pieces
    control = r / math.cos(math.radians(step / 2))
    nodes: list[Node] = [(*_polar(cx, cy, r, start), True)]
    for i in range(pieces):
        nodes.append((*_polar(cx, cy, control, start + (i + 0.5) * step), False))
        nodes.append((*_polar(cx, cy, r, start + (i + 1) * step), True))
    return nodes


def _rectangle(x: float, y: float, w: float, h: float, r: float) -> list[Node]:
    if r == 0:
        return [(x, y, True), (x + w, y, True), (x + w, y + h, True), (x, y + h, True)]
    right, low = x + w - r, y + h - r
    corners = [(x + r, y + r, 180), (right, y + r, 270), (right, low, 0), (x + r, low, 90)]
    return [node for cx, cy, a in corners for node in _arc(cx, cy, r, a, a + 90)]


def _line(width: float, points: list[tuple[float, float]], closed: bool) -> Iterator[Outline]:
    left = _beside(points, width / 2, closed)
    right = _beside(points, -width / 2, closed)
    if not closed:
        yield left + right[::-1], True
        return
    outer, inner = sorted((left, right), key=lambda side: -abs(area(side)))
    yield outer, True
    yield inner, False


def _beside(points: list[tuple[float, float]], distance: float, closed: bool) -> list[Node]:
    """Returns the line at a distance beside `points`, with mitred corners."""
    ends = points[1:] + points[:1]
    normals = []
    for (x0, y0), (x1, y1) in zip(points, ends, strict=True):
        length = math.hypot(x1 - x0, y1 - y0)
        normals.append(((y0 - y1) / length, (x1 - x0) / length))
    side: list[Node] = []
    for i, (x, y) in enumerate(points):
        before = normals[i - 1] if closed or i > 0 else normals[i]
        after = normals[i] if closed or i < len(points) - 1 else normals[i - 1]
        scale = distance / (1 + before[0] * after[0] + before[1] * after[1])
        nx, ny = before[0] + after[0], before[1] + after[1]
        side.append((x + nx * scale, y + ny * scale, True))
    return side


def area(nodes: Sequence[Node]) -> float:
    """Returns twice the signed area inside `nodes`; the sign tells in which direction they run."""
    following = [*nodes[1:], nodes[0]]
    pairs = zip(nodes, following, strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0, _), (x1, y1, _) in pairs)
