"""What other packages add: modules, one of them with a broken script, a method, rule and metric."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from tests.browser.page import LitPage, caption, cells, option_field, saliences
from tests.browser.server import demo_server

DEMOS = Path(__file__).parents[2] / "demos"
EXAMPLES = ("page_module", "plugin")
BROKEN = """
from pathlib import Path
from lit_plugins.lit.page_modules import PageModule
MODULE = PageModule("broken-module", Path(__file__).with_suffix(".js"), tab="Broken")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    flags = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    copies = tmp_path_factory.mktemp("sources")
    sources = [str(shutil.copytree(DEMOS / name, copies / name)) for name in EXAMPLES]
    pip = [sys.executable, "-m", "pip", "install", *flags, "--target", str(target), *sources]
    subprocess.run(pip, check=True)
    (target / "broken.py").write_text(BROKEN)
    (target / "broken.js").write_text("throw new Error('broken on purpose');")
    info = target / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[lit_plugins.modules]\nbroken = broken:MODULE\n")
    return target


@pytest.fixture(scope="module")
def demo(browser: Browser, installed: Path) -> Iterator[str]:
    """The address of the main demo, as a user starts it beside the installed packages."""
    with demo_server(str(installed)) as address:
        yield address


@pytest.fixture
def lit(blank: LitPage, demo: str) -> LitPage:
    blank.open(demo)
    # The page goes on without the script that fails.
    (problem,) = blank.take_problems()
    assert "broken on purpose" in problem
    return blank


def test_a_module_shows_its_figures(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Predictions")
    module = lit.module("margin-module")
    expect(module).to_have_count(len(classifiers))
    expect(module.first).to_contain_text("Select a text.")
    for text in reviews.texts[3:6]:
        lit.row(text).click()
        for name, model in classifiers.items():
            probabilities = sorted(model.predict([text]).probabilities[0])
            margin = probabilities[-1] - probabilities[-2]
            expect(lit.module("margin-module", name)).to_contain_text(f"{margin:.3f}")


def test_a_module_whose_script_fails_says_so_in_its_place(lit: LitPage):
    lit.open_tab("Broken")
    expect(lit.module("broken-module").first).to_contain_text("The script of broken-module failed")


def test_a_method_is_a_row_of_the_salience_maps(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    text = reviews.texts[4]
    lit.row(text).click()
    for name, model in classifiers.items():
        row = lit.explain(name, "Keep one in")
        words = model.encode([text])[0].words
        assert [word for word, _ in saliences(row)] == [text[start:end] for start, end in words]
        expect(caption(row)).to_contain_text(f"; {len(words) + 2} evaluations")


def test_a_rule_changes_the_text(lit: LitPage, reviews: TextTable):
    text = next(text for text in reviews.texts if text.endswith("."))
    lit.select(text)
    lit.open_tab("Counterfactuals")
    generators = lit.module("generator-module")
    form = lit.unfold("Rules", generators)
    option_field(form, "rule").locator("select").select_option(label="exclamation")
    option_field(form, "flips only").locator("input").set_checked(False)
    lit.button("Apply", form).click()
    rows = generators.locator(".lit-data-table-row")
    expect(rows).to_have_count(1)
    assert cells(rows)[0] == f"{text[:-1]}!"


def test_a_metric_is_computed_on_request(
    lit: LitPage, reviews: TextTable, classifiers: dict[str, TextClassifier]
):
    lit.open_tab("Metrics")
    module = lit.module("metrics-module")
    lit.button("More metrics", module).click()
    group = module.locator(".more-metrics-group", has_text="Confidence:")
    group.locator("lit-checkbox input").set_checked(True)
    lit.button("Compute", module).click()
    rows = module.locator(".lit-data-table-row").filter(has_text="Confidence")
    expect(rows).to_have_count(len(classifiers))
    for row, model in zip(rows.all(), classifiers.values(), strict=True):
        mean = model.predict(reviews.texts).probabilities.max(axis=1).mean()
        assert f"{mean:.3f}" in cells(row)
