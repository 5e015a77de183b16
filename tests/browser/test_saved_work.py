"""What is added to the dataset is there after a reload and a restart, and for others."""

import contextlib
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, expect

from lit_plugins import TextClassifier
from lit_plugins.data import TextTable
from lit_plugins.serve.factory import create_app
from tests.browser.page import VIEWPORT, LitPage, cells, whole
from tests.browser.test_accessibility import violations
from tests.serving import serve_in_thread

TEXT = "No one leaves this bakery hungry."
FILE = "reviews.added.jsonl"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


def start(classifiers: dict[str, TextClassifier], folder: Path) -> str:
    """Starts a server that keeps its additions in a folder, and returns its address."""
    return serve_in_thread(create_app(classifiers, data_dir=folder, log=None))


@pytest.fixture(scope="module")
def saving_address(classifiers: dict[str, TextClassifier], folder: Path) -> str:
    return start(classifiers, folder)


@contextlib.contextmanager
def opened(browser: Browser, address: str) -> Iterator[LitPage]:
    """A page of somebody, who knows nothing of others' pages."""
    context = browser.new_context(viewport=VIEWPORT)
    try:
        lit = LitPage.watched(context.new_page())
        lit.open(address)
        yield lit
        lit.wait_idle()
        assert lit.problems == []
    finally:
        context.close()


@pytest.fixture
def saving(browser: Browser, saving_address: str, folder: Path) -> Iterator[LitPage]:
    """The page of a server that has saved nothing yet."""
    (folder / FILE).unlink(missing_ok=True)
    with opened(browser, saving_address) as lit:
        yield lit


def add(lit: LitPage, parent: str, text: str) -> None:
    """Writes a new text into the editor and adds it."""
    lit.row(parent).click()
    expect(lit.editor_text()).to_have_value(parent)
    lit.editor_text().fill(text)
    with lit.page.expect_response("**/save_datapoints?*") as answer:
        lit.button("Add", lit.module("datapoint-editor-module")).click()
    assert answer.value.ok
    expect(lit.row(text)).to_be_visible()
    lit.wait_idle()


def replace(lit: LitPage, substitutions: str) -> None:
    """Generates texts with other words of the selected ones, and adds them all."""
    lit.open_tab("Counterfactuals")
    module = lit.module("generator-module")
    form = lit.unfold("Word Replacer", module)
    form.locator(".option", has_text="Substitutions").locator("input").fill(substitutions)
    lit.button("Apply", form).click()
    with lit.page.expect_response("**/save_datapoints?*") as answer:
        lit.button("Add all", module).click()
    assert answer.value.ok
    lit.wait_idle()


def module(lit: LitPage) -> Locator:
    """The module, opened."""
    lit.open_tab("Saved Work")
    found = lit.module("saved-work-module")
    expect(found.get_by_role("status")).to_contain_text("saved")
    lit.wait_idle()
    return found


def texts(module: Locator) -> list[str]:
    """The saved texts that the module lists, the latest first."""
    return module.locator(".line > span:first-child").all_inner_texts()


def reload(lit: LitPage) -> None:
    lit.page.reload()
    expect(lit.rows().first).to_be_visible()
    lit.wait_idle()


def test_additions_survive_a_reload_and_a_restart(
    browser: Browser, classifiers: dict[str, TextClassifier], reviews: TextTable, tmp_path: Path
):
    made = [TEXT.replace("hungry", "happy"), TEXT.replace("hungry", "angry")]
    total = len(reviews.texts) + 3
    with opened(browser, start(classifiers, tmp_path)) as lit:
        add(lit, reviews.texts[3], "Written by hand.")
        lit.row(TEXT).click()
        replace(lit, "hungry -> happy|angry")
        lit.button("Clear selection").click()
        for _ in range(2):
            expect(lit.page.locator("#number-selected")).to_contain_text(f"{total} datapoints")
            saved = module(lit)
            assert sorted(texts(saved)) == sorted([*made, "Written by hand."])
            expect(saved.locator(".line").last).to_contain_text("manual")
            expect(saved.locator(".line").first).to_contain_text("Word Replacer")
            reload(lit)

    with opened(browser, start(classifiers, tmp_path)) as lit:
        expect(lit.page.locator("#number-selected")).to_contain_text(f"{total} datapoints")
        saved = module(lit)
        assert sorted(texts(saved)) == sorted([*made, "Written by hand."])
        expect(saved.get_by_role("status")).to_contain_text(
            "3 datapoints added to reviews are saved, the first since"
        )
        # It is a datapoint like others: selected, predicted, beside its parent.
        saved.get_by_role("option").first.click()
        lit.expect_shown(made[-1])
        rows = [cells(row)[1] for row in lit.rows().all()]
        assert set(rows[rows.index(TEXT) + 1 :][:2]) == set(made)


def test_two_pages_keep_what_both_add(
    browser: Browser, saving: LitPage, saving_address: str, reviews: TextTable
):
    with opened(browser, saving_address) as other:
        mine, theirs = "Mine, all mine.", "Theirs, all theirs."
        add(saving, reviews.texts[3], mine)
        add(other, reviews.texts[3], theirs)
        # Coming back to a page shows what others have added, and leaves the selection alone.
        saving.page.evaluate("window.dispatchEvent(new Event('focus'))")
        expect(saving.page.locator("#number-selected")).to_contain_text("550 datapoints")
        saving.expect_shown(mine)
        for lit in (saving, other):
            reload(lit)
            assert sorted(texts(module(lit))) == [mine, theirs]

        # And what others have removed.
        saving.row(theirs).click()
        saving.button("Remove selected (1)", module(saving)).click()
        saving.button("Remove", saving.module("saved-work-module")).click()
        expect(module(saving).get_by_role("status")).to_contain_text("Removed 1 datapoint.")
        other.button("Refresh", module(other)).click()
        expect(module(other).get_by_role("status")).to_contain_text("The list is up to date.")
        for lit in (saving, other):
            assert texts(module(lit)) == [mine]
            expect(lit.row(theirs)).to_have_count(0)


@pytest.mark.parametrize(("kind", "ending"), [("CSV", "csv"), ("JSON lines", "jsonl")])
def test_a_download_loads_again(
    saving: LitPage, reviews: TextTable, folder: Path, kind: str, ending: str
):
    formula = '=cmd("x"), or so'
    add(saving, reviews.texts[3], formula)
    add(saving, TEXT, "A last one.")
    saved = module(saving)
    before = [json.loads(line)["saved"] for line in (folder / FILE).open() if '"saved"' in line]
    with saving.page.expect_download() as started:
        saving.button(f"Download {kind}", saved).click()
    assert started.value.suggested_filename == f"reviews.added.{ending}"
    file = folder / f"download.{ending}"
    started.value.save_as(file)
    if ending == "csv":
        with file.open(newline="", encoding="utf-8") as rows:
            assert [row["sentence"] for row in csv.DictReader(rows)] == [
                f"'{formula}",
                "A last one.",
            ]

    saving.row(TEXT).click()
    saving.button("Remove all (2)", saved).click()
    question = saved.get_by_role("alertdialog")
    expect(question).to_contain_text("Remove 2 datapoints for everybody?")
    expect(saving.button("Keep", question)).to_be_focused()
    saving.page.keyboard.press("Escape")
    expect(question).to_have_count(0)
    assert len(texts(saved)) == 2
    saving.button("Remove all (2)", saved).click()
    saving.button("Remove", question).click()
    expect(saved.get_by_role("status")).to_contain_text("No datapoint added")
    expect(saving.page.locator("#number-selected")).to_contain_text(f"of {len(reviews.texts)} data")

    saved.locator("input[type=file]").set_input_files(file)
    added = f"Added 2 datapoints from download.{ending}."
    expect(saved.get_by_role("status")).to_contain_text(added)
    assert texts(saved) == ["A last one.", formula]
    lines = [json.loads(line) for line in (folder / FILE).open()]
    assert [line["saved"] for line in lines if "saved" in line][2:] == before
    saving.expect_selected(1, len(reviews.texts) + 2)
    saving.expect_shown(TEXT)


def remove_all(lit: LitPage, saved: Locator, count: int) -> None:
    lit.button(f"Remove all ({count})", saved).click()
    lit.button("Remove", saved.get_by_role("alertdialog")).click()
    expect(saved.get_by_role("status")).to_contain_text(f"Removed {count} datapoint")
    lit.wait_idle()


def test_who_removes_can_undo_it(saving: LitPage, reviews: TextTable):
    add(saving, reviews.texts[3], "One of mine.")
    add(saving, reviews.texts[3], "Two of mine.")
    saved = module(saving)
    remove_all(saving, saved, 2)
    assert texts(saved) == []
    saving.button("Undo", saved).click()
    expect(saved.get_by_role("status")).to_contain_text("Brought back 2 datapoints.")
    expect(saving.button("Undo", saved)).to_have_count(0)
    expect(saving.button("Removed (0)", saved)).to_be_disabled()
    saving.wait_idle()
    for _ in range(2):
        assert sorted(texts(saved)) == ["One of mine.", "Two of mine."]
        expect(saving.row("One of mine.")).to_be_visible()
        reload(saving)
        saved = module(saving)


def test_what_somebody_removed_is_brought_back_by_anybody(
    browser: Browser, saving: LitPage, saving_address: str, reviews: TextTable
):
    mine = [f"Number {number} of mine." for number in range(3)]
    for text in mine:
        add(saving, reviews.texts[3], text)
    with opened(browser, saving_address) as other:
        remove_all(other, module(other), 3)
    saved = module(saving)
    saving.button("Refresh", saved).click()
    saving.button("Removed (3)", saved).click()
    removed = saved.get_by_role("region")
    expect(removed).to_contain_text("3 datapoints removed on")
    assert removed.locator(".removed > span").all_inner_texts() == mine[::-1]
    assert violations(saving, saved) == []

    removed.get_by_role("button", name=f"Bring back: {mine[1]}").click()
    expect(saved.get_by_role("status")).to_contain_text("Brought back 1 datapoint.")
    expect(saving.button("Refresh", saved)).to_be_focused()
    saving.button("Bring back all 2", removed).click()
    expect(removed).to_have_count(0)
    expect(saved).to_contain_text("No datapoint was removed.")
    saving.button("Removed (0)", saved).click()
    assert sorted(texts(saved)) == mine
    saving.wait_idle()


def test_a_file_that_cannot_be_loaded_is_refused(saving: LitPage):
    saved = module(saving)
    files = [
        FilePayload(name="a.csv", mimeType="text/csv", buffer=b"x,y\n1,2\n"),
        FilePayload(name="b.csv", mimeType="text/csv", buffer=b"sentence\n\xff\n"),
    ]
    for file, sentence in zip(files, ["holds the texts: name it", "is not UTF-8"], strict=True):
        saved.locator("input[type=file]").set_input_files(file)
        expect(saved.get_by_role("status")).to_contain_text(sentence)
    (problem, *_) = saving.take_problems()
    assert "400" in problem


def test_what_cannot_be_saved_stays_in_the_page(saving: LitPage, reviews: TextTable, folder: Path):
    (folder / FILE).mkdir()  # as good as a disk that fails
    saving.row(TEXT).click()
    saving.editor_text().fill("Not saved at first.")
    saving.button("Add", saving.module("datapoint-editor-module")).click()
    expect(saving.error()).to_contain_text(f"The file {FILE} of the data folder cannot be used")
    expect(saving.row("Not saved at first.")).to_be_visible()
    saved = saving.module("saved-work-module")
    saving.open_tab("Saved Work")
    expect(saved).to_contain_text("1 datapoint in the page is not saved.")
    assert saving.take_problems()

    (folder / FILE).rmdir()
    saving.button("Save now", saved).click()
    expect(saved.get_by_role("status")).to_contain_text("Saved 1 datapoint.")
    expect(saving.error()).to_have_count(0)
    reload(saving)
    assert texts(module(saving)) == ["Not saved at first."]


def test_the_module_is_used_by_keyboard(saving: LitPage, reviews: TextTable):
    assert violations(saving, module(saving)) == []
    for text in ("One.", "Two.", "Three."):
        add(saving, reviews.texts[3], text)
    saved = module(saving)
    saved.get_by_role("listbox").focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        saving.page.keyboard.press(key)
    saving.expect_shown("Two.")
    saving.wait_idle()
    assert violations(saving, saved) == []


def test_without_a_data_folder_there_is_none_of_it(lit: LitPage, reviews: TextTable):
    lit.row(TEXT).click()
    lit.editor_text().fill("Of no duration.")
    lit.button("Add", lit.module("datapoint-editor-module")).click()
    expect(lit.row("Of no duration.")).to_be_visible()
    expect(lit.page.locator("lit-modules .tab", has_text=whole("Saved Work"))).to_have_count(0)
    expect(lit.page.locator("saved-work-module")).to_have_count(0)
    for route in ("save", "saved", "load", "remove", "download"):
        path = f"/{route}_datapoints?dataset_name=reviews"
        status = lit.page.evaluate(
            "async (path) => (await fetch(path, { method: 'POST', body: '{}' })).status", path
        )
        assert status in (404, 405)  # as any address that there is not
    assert len(lit.take_problems()) >= 5
