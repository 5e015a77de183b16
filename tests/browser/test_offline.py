"""What the page brings along instead of fetching it, on a machine that reaches no other."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.data import TextTable
from lit_plugins.lit.layouts import LAYOUTS
from tests.browser.page import VIEWPORT, LitPage

# Icons are words that the font draws as one sign: without it, the word stands there.
WIDE_ICONS = """() => {
  const wide = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (!element.matches('mwc-icon, .material-icon, .material-icon-outlined')) continue;
      const range = document.createRange();
      range.selectNodeContents(element);
      const { width } = range.getBoundingClientRect();
      const size = parseFloat(getComputedStyle(element).fontSize);
      if (width > 1.5 * size) wide.push(`${element.textContent.trim()}: ${width} of ${size}`);
    }
  };
  look(document);
  return wide;
}"""

COUNT_ICONS = WIDE_ICONS.replace("width > 1.5 * size", "width > 0")


@pytest.fixture
def outside() -> list[str]:
    """What was asked of other machines."""
    return []


@pytest.fixture
def offline(browser: Browser, outside: list[str]) -> Iterator[Page]:
    """A page that reaches the server and no other machine."""

    def refuse(route: Route) -> None:
        outside.append(route.request.url)
        route.abort("internetdisconnected")

    page = browser.new_page(viewport=VIEWPORT)
    page.route(lambda url: urlsplit(url).hostname not in ("127.0.0.1", None), refuse)
    yield page
    page.close()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_tab_of_every_layout_is_whole_without_other_machines(
    offline: Page, outside: list[str], address: str, reviews: TextTable, layout: str
):
    lit = LitPage.watched(offline)
    models = ",".join(EMBEDDED_MODELS)
    query = {"layout": layout, "models": models, "data_sentence": reviews.texts[4]}
    offline.goto(f"{address}?{urlencode(query)}")
    expect(offline.locator("lit-modules .tab").first).to_be_visible()
    for tab in offline.locator("lit-modules .tab").all():
        tab.click()
        expect(tab).to_contain_class("selected")
        lit.wait_idle()
        assert offline.evaluate(WIDE_ICONS) == []
        assert len(offline.evaluate(COUNT_ICONS)) > 10
    assert outside == []
    assert lit.problems == []


def test_what_other_machines_are_asked_for_would_be_seen(offline: Page, outside: list[str]):
    offline.goto("about:blank")
    offline.evaluate("() => fetch('http://192.0.2.1/font.woff').catch(() => null)")
    assert outside == ["http://192.0.2.1/font.woff"]


def test_both_fonts_of_icons_are_loaded(lit: LitPage):
    loaded = lit.page.evaluate(
        "() => Array.from(document.fonts).filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert {"Material Icons", "Material Icons Outlined"} <= set(loaded)


def test_a_name_without_a_drawing_would_be_seen(lit: LitPage):
    lit.page.evaluate(
        """() => {
          const icon = document.createElement('span');
          icon.className = 'material-icon';
          icon.style.fontFamily = 'sans-serif';
          icon.textContent = 'arrow_drop_down';
          document.body.append(icon);
        }"""
    )
    (wide,) = lit.page.evaluate(WIDE_ICONS)
    assert wide.startswith("arrow_drop_down")
