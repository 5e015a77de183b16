"""What the page brings along instead of fetching it."""

import pytest
from playwright.sync_api import expect

from lit_plugins.data import TextTable
from tests.browser.page import LitPage

pytestmark = pytest.mark.browser

TABS = (
    "Explanations",
    "Predictions",
    "Counterfactuals",
    "Metrics",
    "Thresholds",
    "Salience Clustering",
    "TCAV",
)

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


def test_every_icon_is_drawn(lit: LitPage, reviews: TextTable):
    lit.row(reviews.texts[4]).click()
    for tab in TABS:
        lit.open_tab(tab)
        expect(lit.page.locator("lit-modules .tab.selected")).to_contain_text(tab)
        lit.wait_idle()
        assert len(lit.page.evaluate(COUNT_ICONS)) > 20
        assert lit.page.evaluate(WIDE_ICONS) == []


def test_both_fonts_of_icons_are_loaded(lit: LitPage):
    loaded = lit.page.evaluate(
        "() => Array.from(document.fonts).filter(f => f.status === 'loaded').map(f => f.family)"
    )
    assert {"Material Icons", "Material Icons Outlined"} <= set(loaded)


def test_nothing_is_asked_of_another_machine(lit: LitPage):
    # Every test's page notes such requests; this one shows that it would.
    assert lit.problems == []
    lit.page.route("http://192.0.2.1/", lambda route: route.abort())
    lit.page.evaluate("() => fetch('http://192.0.2.1/').catch(() => null)")
    assert "request to elsewhere: http://192.0.2.1/" in lit.take_problems()
