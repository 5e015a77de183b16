import base64
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from lit_plugins import TextClassifier, evaluate
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, shown

COLOURED = """async (image) => {
  const bytes = Uint8Array.from(atob(image.split(',')[1]), (each) => each.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  let coloured = 0;
  for (let i = 0; i < data.length; i += 4) {
    const channels = data.slice(i, i + 3);
    if (Math.max(...channels) - Math.min(...channels) > 60) coloured += 1;
  }
  return coloured;
}"""

# On a busy machine seconds pass until the projector is told its size.
UNSIZED = """const observe = ResizeObserver.prototype.observe;
ResizeObserver.prototype.observe = function (element, ...options) {
  if (element.id !== 'scatter-gl-container') observe.call(this, element, ...options);
};"""


def test_pca_is_drawn_at_once(lit: LitPage):
    embeddings = lit.module("embeddings-module")
    expect(embeddings.locator("select").nth(0)).to_have_value("pca")
    expect(embeddings.locator("select").nth(1).locator("option")).to_contain_text(
        ["sentiment-small:pooled", "sentiment-bow:pooled"]
    )
    expect_points(lit, embeddings)


@pytest.mark.timeout(600)
def test_umap_is_one_click_away(lit: LitPage):
    embeddings = lit.module("embeddings-module")
    # The first time it compiles its code.
    lit.page.set_default_timeout(500_000)
    with lit.page.expect_response(lambda response: "interpreter=umap" in response.url) as answer:
        embeddings.locator("select").nth(0).select_option("UMAP")
    assert answer.value.ok
    lit.wait_idle()
    expect_points(lit, embeddings)


def test_ten_nearest_neighbours(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    vectors = classifiers["sentiment-small"].predict(reviews.texts, embeddings=True).embeddings
    assert vectors is not None
    distances = np.linalg.norm(vectors - vectors[3], axis=1)
    nearest = {reviews.texts[index] for index in np.argsort(distances)[:10]}

    lit.row(reviews.texts[3]).click()
    lit.button("Select 10 nearest neighbors").click()
    lit.expect_selected(10, len(reviews.texts))
    lit.module("data-table-module").get_by_text("Show selected").click()
    expect(lit.rows()).to_have_count(10)
    assert set(shown(lit.rows().locator("td:nth-child(2)"))) == nearest


def test_a_row_under_the_pointer_before_the_projector_has_a_size(blank: LitPage, address: str):
    blank.page.add_init_script(UNSIZED)
    blank.open(address)
    canvas = blank.page.locator("embeddings-module #scatter-gl-container canvas").last
    assert canvas.evaluate("(canvas) => canvas.width") == 0
    for row in range(2):
        blank.rows().nth(row).hover()
    # What the page must not do is write an error, which its fixture looks for.


def test_the_text_of_a_point_stands_below_the_points(lit: LitPage, reviews: TextTable):
    lit.page.set_viewport_size({"width": 1280, "height": 720})
    embeddings = lit.module("embeddings-module")
    label = embeddings.locator(".point-label")
    expect(label).to_have_count(0)
    lit.rows().first.click()
    expect(label).to_have_text(reviews.texts[0])
    menus, area, text = (
        part.evaluate("(part) => part.getBoundingClientRect().toJSON()")
        for part in (
            embeddings.locator(".module-toolbar"),
            embeddings.locator(".module-results-area"),
            label,
        )
    )
    assert menus["bottom"] + 40 < text["top"]
    assert text["bottom"] <= area["bottom"] + 1
    assert text["right"] <= area["right"]


@pytest.mark.parametrize("count", [1, 2], ids=["one text", "equal texts"])
def test_one_text_and_equal_texts_are_a_point(
    blank: LitPage, address_of: Callable[[TextTable], str], count: int
):
    labels = ("positive", "negative")[:count]
    blank.open(address_of(evaluate.texts(["A good film."] * count, labels)))
    embeddings = blank.module("embeddings-module")
    for projector in ("UMAP", "PCA"):
        embeddings.locator("select").nth(0).select_option(projector)
        blank.wait_idle()
        # The point, in the middle, answers to the pointer.
        blank.rows().first.hover()
        box = embeddings.locator("#scatter-gl-container canvas").first.bounding_box()
        assert box is not None
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        blank.page.mouse.move(middle[0] - 60, middle[1])
        expect(embeddings.locator(".point-label")).to_have_count(0)
        blank.page.mouse.move(*middle, steps=5)
        expect(embeddings.locator(".point-label")).to_have_text("A good film.")
        blank.page.mouse.move(0, 0)


def expect_points(lit: LitPage, embeddings: Locator) -> None:
    """Fails unless the projector shows points: coloured ones, and more than its three axes."""
    lit.color_by("label")
    canvas = embeddings.locator("#scatter-gl-container canvas").first
    expect(canvas).to_be_visible()
    image = "data:image/png;base64," + base64.b64encode(canvas.screenshot()).decode()
    assert lit.page.evaluate(COLOURED, image) > 1000
