import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")

from matplotlib import pyplot

from lit_plugins.explain.drawing.chart import plot
from tests.explain.examples import an_explanation, of_text


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def bars(ax):
    return [float(bar.get_width()) for bar in ax.patches]


def labels(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def test_bars_are_the_scores_by_size():
    explanation = an_explanation()
    ax = plot(explanation)
    assert bars(ax) == [-0.5, 0.25, 0.25, 0.0]
    assert labels(ax) == ["not", "good", "film", "a"]
    assert ax.get_title() == "positive: probability 0.3, base value 0.3"
    assert ax.get_xlabel() == "shapley score (probability)"
    assert ax.yaxis_inverted()
    assert not ax.collections  # no error bars


def test_or_in_the_order_of_the_text():
    ax = plot(an_explanation(), n=2, order="text")
    assert bars(ax) == [-0.5, 0.25]
    assert labels(ax) == ["not", "good"]
    assert bars(plot(an_explanation(), n=None, order="text")) == [-0.5, 0.0, 0.25, 0.25]


def test_colours_are_the_scales():
    first, second, *_ = plot(an_explanation()).patches
    np.testing.assert_allclose(first.get_facecolor(), (183 / 255, 22 / 255, 106 / 255, 0.5))
    np.testing.assert_allclose(second.get_facecolor(), (31 / 255, 97 / 255, 128 / 255, 0.25))
    np.testing.assert_allclose(second.get_edgecolor(), (31 / 255, 97 / 255, 128 / 255, 1))


def test_standard_errors_are_drawn():
    ax = plot(an_explanation(error=np.array([0.1, 0.0, 0.05, 0.0])))
    (lines,) = ax.containers[0].lines[2]
    ends = [line[:, 0].tolist() for line in lines.get_segments()]
    np.testing.assert_allclose(ends, [[-0.6, -0.4], [0.2, 0.3], [0.25, 0.25], [0.0, 0.0]])


def test_it_draws_into_given_axes():
    _, ax = pyplot.subplots()
    assert plot(an_explanation(), ax) is ax
    assert len(pyplot.get_fignums()) == 1


@pytest.mark.parametrize("text", ["", "film", "$x_1$ costs $5 _", "x" * 400, "סרט"])
def test_any_text_can_be_drawn(text):
    words = of_text(text, []).words
    explanation = of_text(text, [0.5] * len(words), target_label="$\\nosuch$")
    ax = plot(explanation)
    ax.figure.canvas.draw()
    assert bars(ax) == [0.5] * len(words)
    assert all(len(label) <= 30 for label in labels(ax))
