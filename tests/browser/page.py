"""LIT's page as a person uses it: what can be clicked and read, by the names that it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import (
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from lit_plugins import EMBEDDED_MODELS

PATIENCE_MS = 120_000
"""How long a condition is waited for; a busy machine may need it, a free one never does."""

VIEWPORT = ViewportSize(width=1440, height=900)

_INSIDE = ("data", "blob")
_GIVEN_UP = "net::ERR_ABORTED"
_MAY_BE_GIVEN_UP = (
    *("/get_interpretations?", "/get_generated?", "/get_metrics?"),
    "/static/favicon.png",  # Chromium asks for it late, and gives it up where the page is left
)

_TELL_VIOLATIONS = """document.addEventListener('securitypolicyviolation', (violation) =>
  console.error(`policy: ${violation.effectiveDirective} ${violation.blockedURI}`));"""

_SHOWN = """(elements) => {
  const shown = (node) =>
    node.nodeType === Node.TEXT_NODE ? node.data
    : node.tagName === 'STYLE' ? ''
    : node.tagName === 'SLOT' ? node.assignedNodes().map(shown).join('')
    : Array.from((node.shadowRoot ?? node).childNodes, shown).join('');
  return elements.map(shown);
}"""


@dataclass
class LitPage:
    """An open page.

    Attributes:
        page: Playwright's page.
        problems: what no page may do, noted as it happens: errors in the console, exceptions,
            failed requests, answers with an error status, requests to another machine, and
            what its content security policy forbids.
    """

    page: Page
    problems: list[str] = field(default_factory=list)

    @classmethod
    def watched(cls, page: Page) -> LitPage:
        """A page that notes its problems from now on."""
        page.set_default_timeout(PATIENCE_MS)
        lit = cls(page)
        page.add_init_script(_TELL_VIOLATIONS)
        page.on("console", lit._on_console)
        page.on("pageerror", lambda error: lit.problems.append(f"exception: {error}"))
        page.on("request", lit._on_request)
        page.on("requestfailed", lit._on_failure)
        page.on("response", lit._on_response)
        return lit

    def open(self, address: str) -> None:
        """Opens the page and waits until both models' predictions are in the table."""
        self.page.goto(address)
        expect(self.module("data-table-module").locator("th")).to_contain_text(
            ["index", "sentence", "label", *EMBEDDED_MODELS]
        )
        self.wait_idle()

    def open_layout(self, address: str, name: str) -> None:
        """Opens the page in a layout, with nothing selected."""
        query = {"layout": name, "models": ",".join(EMBEDDED_MODELS)}
        self.page.goto(f"{address}?{urlencode(query)}")
        expect(self.rows().first).to_be_visible()
        self.wait_idle()

    def wait_idle(self) -> None:
        """Waits until the page waits for no answer. Only for what has begun already."""
        expect(self.page.locator("lit-app-statusbar .no-progress-line")).to_have_count(1)
        expect(self.page.locator("lit-spinner")).to_have_count(0)

    def module(self, tag: str, model: str | None = None) -> Locator:
        """A module of LIT's by its element's name, and by the model that it shows."""
        module = self.page.locator(tag if model is None else f"{tag}[model='{model}']")
        return module.filter(visible=True)

    def open_tab(self, name: str) -> None:
        """Shows one of the lower half's groups of modules."""
        self.page.locator("lit-modules .tab", has_text=whole(name)).click()

    def _reveal(self, tag: str, tab: str) -> None:
        """Shows a module that another of the layout's tabs may hide."""
        hidden = self.module(tag).count() == 0
        if hidden and self.page.locator("lit-modules .tab", has_text=whole(tab)).count():
            self.open_tab(tab)

    # The data table, and what is selected in it.

    def search(self, query: str) -> None:
        """Filters the data table by LIT's own query language."""
        box = self.module("data-table-module").get_by_placeholder("Search")
        box.fill(query)
        box.press("Enter")

    def rows(self) -> Locator:
        """The rows on the data table's page."""
        return self.module("data-table-module").locator(".lit-data-table-row")

    def row(self, text: str) -> Locator:
        """The data table's row of a text."""
        cell = self.page.locator("td:nth-child(2)", has_text=whole(text))
        return self.rows().filter(has=cell)

    def select(self, text: str) -> None:
        """Selects one text in the data table, wherever it stands."""
        self.search(f"sentence:^{re.escape(text[:40])}")
        self.row(text).click()
        self.search("")
        self.expect_shown(text)

    def select_found(self) -> None:
        """Selects all rows that the search has left."""
        self.button("Select filtered", self.module("data-table-module")).click()

    def expect_selected(self, count: int, total: int) -> None:
        """Waits until the toolbar counts so many selected of so many datapoints."""
        shown = self.page.locator("lit-main-toolbar #number-selected")
        expect(shown).to_have_text(re.compile(rf"^\s*{count} of {total} "))

    def expect_shown(self, text: str | re.Pattern[str]) -> None:
        """Waits until the page shows a text as the selected one."""
        prediction = self.module("prediction-module")
        if prediction.count():
            expect(prediction.locator(".words").first).to_have_text(text)
        else:
            expect(self.editor_text()).to_have_value(text)

    def editor_text(self) -> Locator:
        """The text that the datapoint editor holds."""
        self._reveal("datapoint-editor-module", "Explanations")
        return self.module("datapoint-editor-module").first.locator("textarea").first

    def color_by(self, column: str) -> None:
        """Colours the datapoints by a column, from the toolbar's menu."""
        menu = self.page.locator("lit-main-menu")
        menu.get_by_text("Color by", exact=True).click()
        menu.get_by_text(column, exact=True).click()

    # Parts that appear in several modules.

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """A button by what is written on it."""
        place = self.page if within is None else within
        # An icon on a button is a word to the browser, such as "dashboard".
        named = re.compile(rf"^\s*([a-z_]+\s+)?{re.escape(name)}(\s+[a-z_]+)?\s*$")
        return place.locator("button:visible", has_text=named)

    def checkbox(self, label: str, within: Locator) -> Locator:
        """A box to tick by what is written beside it."""
        return within.locator("lit-checkbox", has_text=whole(label)).locator("input")

    def panel(self, title: str, within: Locator) -> Locator:
        """A part that folds open, by its heading."""
        heading = self.page.locator(".expansion-label", has_text=whole(title))
        return within.locator("expansion-panel").filter(has=heading)

    def unfold(self, title: str, within: Locator) -> Locator:
        """Folds a part open and returns it."""
        panel = self.panel(title, within)
        panel.locator(".expansion-label").first.click()
        return panel

    # What the models say.

    def probability(self, model: str, label: str, column: int = 2) -> float:
        """A class's probability as Classification Results show it.

        Column 2 is the selected text's; beside a pinned one, which then has column 2, it is 3.
        """
        self._reveal("classification-module", "Predictions")
        panel = self.panel(f"{model}:probas", self.module("classification-module"))
        # Until the model has answered, every class shows 0 and none is marked as predicted.
        marks = panel.locator(f"td:nth-child({column}) .indicator", has_text=whole("P"))
        expect(marks).to_have_count(1)
        row = panel.locator("tr", has=self.page.locator("td:first-child", has_text=whole(label)))
        return float(row.locator(f"td:nth-child({column}) score-bar .text").inner_text())

    # Salience maps.

    def method(self, model: str, name: str, column: int = 0) -> Locator:
        """One method's row in a model's salience maps; column 1 is the selected one's, beside a
        pinned datapoint."""
        self._reveal("salience-map-module", "Explanations")
        maps = self.module("salience-map-module", model).nth(column)
        heading = self.page.locator(".expansion-label", has_text=whole(name))
        return maps.locator(".method-row").filter(has=heading)

    def explain(self, model: str, name: str) -> Locator:
        """Opens a method's row, waits for its words and returns it."""
        row = self.method(model, name)
        row.locator(".expansion-label").click()
        expect(row.locator(".salient-token")).not_to_have_count(0)
        return row

    def form(self, row: Locator) -> Locator:
        """Opens the form behind a method's settings icon, if it is not open, and returns it."""
        form = row.locator("lit-interpreter-controls")
        if not form.is_visible():
            row.locator(".controls-toggle").click()
        return form

    def set_option(self, row: Locator, option: str, value: str | bool) -> None:
        """Writes an option into a method's form, or ticks it, and applies it."""
        form = self.form(row)
        control = option_field(form, option).locator("input")
        if isinstance(value, bool):
            control.set_checked(value)
        else:
            control.fill(value)
        self.button("Apply", form).click()

    # What went wrong.

    def error(self) -> Locator:
        """The sentence in the status bar when the server refused something."""
        return self.page.locator("lit-app-statusbar div.error")

    def take_problems(self) -> list[str]:
        """The problems so far, which a test that provokes them takes upon itself."""
        taken = list(self.problems)
        self.problems.clear()
        return taken

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in _INSIDE and parts.hostname != "127.0.0.1":
            self.problems.append(f"request to elsewhere: {request.url}")

    def _on_failure(self, request: Request) -> None:
        if request.failure == _GIVEN_UP and any(path in request.url for path in _MAY_BE_GIVEN_UP):
            return  # what nobody waits for any more
        self.problems.append(f"failed request: {request.url} ({request.failure})")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.problems.append(f"status {response.status}: {response.url}")


def whole(text: str) -> re.Pattern[str]:
    """Matches an element that shows this text and no other."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")


def menu(within: Locator, name: str) -> Locator:
    """A menu by what stands before it."""
    return within.locator("label", has_text=re.compile(rf"^\s*{name}\b")).locator("select")


def option_field(form: Locator, option: str) -> Locator:
    """The field of an option in a form, with its control, its help and what is wrong."""
    name = form.page.locator(".option-name", has_text=whole(option.replace("_", " ")))
    return form.locator(".option", has=name)


def caption(row: Locator) -> Locator:
    """The line of figures under a method's words."""
    return row.locator(".tokens-group-title").last


def saliences(row: Locator) -> list[tuple[str, float]]:
    """The words of a method's row with the scores that hovering shows, their errors left out."""
    words = row.locator(".salient-token .pre-wrap").all_inner_texts()
    scores = row.locator(".salient-token .tooltip-text").all_text_contents()
    return [
        (word, float(score.partition("±")[0])) for word, score in zip(words, scores, strict=True)
    ]


def colours(row: Locator) -> list[tuple[int, int, int]]:
    """The red, green and blue behind each word of a method's row."""
    backgrounds = row.locator(".salient-token").evaluate_all(
        "(words) => words.map((word) => getComputedStyle(word).backgroundColor)"
    )
    return [
        (int(red), int(green), int(blue))
        for red, green, blue in (re.findall(r"\d+", each)[:3] for each in backgrounds)
    ]


def shown(elements: Locator) -> list[str]:
    """What each element shows, in its inner elements too."""
    return [text.strip() for text in elements.evaluate_all(_SHOWN)]


def cells(row: Locator) -> list[str]:
    """What a table's row shows, cell by cell."""
    return shown(row.locator("td"))


def make_slices(lit: LitPage, *columns: str) -> Locator:
    """Makes a slice for each combination of the columns' values, and returns the slice editor."""
    lit.button("Slices").click()
    slices = lit.module("lit-slice-module")
    lit.button("Facets", slices).click()
    for column in columns:
        slices.locator("lit-checkbox", has_text=f"{column} (").locator("input").click()
    lit.button("Create slices", slices).click()
    return slices
