"""Pairs of words beside the bars."""

from dataclasses import replace

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from matplotlib import pyplot
from matplotlib.patches import PathPatch

from lit_plugins.explain.drawing.chart import plot
from lit_plugins.explain.interactions import Interactions
from tests.explain.examples import an_explanation, with_pairs

TEAL, MAGENTA = (31 / 255, 97 / 255, 128 / 255, 1), (183 / 255, 22 / 255, 106 / 255, 1)


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def arcs(ax):
    return [patch for patch in ax.patches if isinstance(patch, PathPatch)]


def rows_of(arc):
    (_, one), *_, (_, other) = arc.get_path().vertices
    return one, other


def listed(ax):
    legend = ax.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def test_an_arc_joins_the_words_of_each_pair():
    ax = plot(with_pairs(), order="text")
    strong, weak = arcs(ax)
    assert (rows_of(strong), rows_of(weak)) == ((0, 2), (0, 3))
    assert strong.get_linewidth() > weak.get_linewidth()
    assert strong.get_edgecolor() == pytest.approx(MAGENTA)
    assert weak.get_edgecolor() == pytest.approx(TEAL)
    assert listed(ax) == ["-0.500  not × good", "+0.125  not × film"]


def test_arcs_follow_the_order_of_the_bars():
    ax = plot(with_pairs(), order="size")  # not, good, film, a
    assert [rows_of(arc) for arc in arcs(ax)] == [(0, 1), (0, 2)]


def test_a_pair_without_a_bar_is_listed_only():
    ax = plot(with_pairs(), n=2, order="text")  # not, good
    assert [rows_of(arc) for arc in arcs(ax)] == [(0, 1)]
    assert len(listed(ax)) == 2


def test_pairs_within_two_standard_errors_of_nothing_are_left_out():
    ax = plot(with_pairs(error=0.1))
    assert len(arcs(ax)) == 1
    assert listed(ax) == ["-0.500 ± 0.100  not × good"]


def test_without_pairs_nothing_is_drawn():
    nothing = Interactions(np.zeros((4, 4)), np.zeros((4, 4)))
    for explanation in (an_explanation(), an_explanation(interactions=nothing)):
        ax = plot(explanation)
        assert not arcs(ax)
        assert not listed(ax)


def test_arcs_and_list_are_within_the_picture():
    ax = plot(with_pairs())
    ax.figure.canvas.draw()
    inside = ax.figure.bbox
    for artist in [*arcs(ax), ax.get_legend()]:
        box = artist.get_window_extent()
        assert inside.x0 <= box.x0 <= box.x1 <= inside.x1
        assert inside.y0 <= box.y0 <= box.y1 <= inside.y1


def test_words_are_no_formulas():
    ax = plot(replace(with_pairs(), words=("$x_1", "a", "costs$", "\\nosuch$")))
    ax.figure.canvas.draw()
    assert listed(ax) == ["-0.500  $x_1 × costs$", "+0.125  $x_1 × \\nosuch$"]
