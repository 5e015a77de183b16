import pytest

from lit_plugins.errors import UserError
from lit_plugins.lit.layouts import LAYOUTS
from lit_plugins.lit.page_modules import GROUP, PageModule, registered_modules, with_modules


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "some.js"
    path.write_text("")
    return path


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Installs a package of one Python module with some entry points."""
    monkeypatch.syspath_prepend(tmp_path)

    def installed(name, code, *entries):
        (tmp_path / f"{name}.py").write_text(code)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"[{GROUP}]", *(f"{entry} = {name}:{entry}" for entry in entries)]
        (info / "entry_points.txt").write_text("\n".join(lines))

    return installed


CODE = """
from pathlib import Path
from lit_plugins.lit.page_modules import PageModule
script = Path({script!r})
good = PageModule("good-module", script, tab="Good")
again = PageModule("good-module", script, tab="Again")
number = 3
"""


def test_packages_register_modules(install, script):
    install("some_modules", CODE.format(script=str(script)), "good")
    modules, problems = registered_modules()
    assert PageModule("good-module", script, tab="Good") in modules
    assert problems == []


def test_what_cannot_be_used_is_left_out_with_a_sentence(install, script):
    code = CODE.format(script=str(script))
    install("some_modules", code, "good", "again", "number", "absent")
    install("broken_modules", "1 / 0", "never")
    modules, problems = registered_modules()
    assert [module.tab for module in modules if module.tag == "good-module"] == ["Good"]
    told = "\n".join(sorted(problems))
    assert len(problems) == 4
    assert "'again' (some_modules:again) is left out: There is a module good-module" in told
    assert "'number' (some_modules:number) is left out: It is of type int" in told
    assert "'absent'" in told
    assert "division by zero" in told


def test_modules_stand_last_in_their_tab(script):
    layouts = with_modules(
        LAYOUTS,
        [
            PageModule("one-module", script, tab="Explanations", layouts=("debug", "compare")),
            PageModule("other-module", script, tab="New"),
        ],
    )
    assert layouts["debug"].lower["Explanations"][-1] == "one-module"
    assert layouts["debug"].lower["New"] == ["other-module"]
    assert "one-module" in str(layouts["compare"])
    assert "one-module" not in str(layouts["counterfactuals"])
    assert "one-module" not in str(LAYOUTS)


def test_an_unknown_layout_is_refused(script):
    with pytest.raises(UserError, match="names the layout 'other'; choose from debug"):
        with_modules(LAYOUTS, [PageModule("one-module", script, tab="A", layouts=("other",))])


@pytest.mark.parametrize("tag", ["plain", "Upper-Case", "x-<script>", "a b-c", ""])
def test_a_tag_that_names_no_element_is_refused(tag, script):
    with pytest.raises(UserError, match="lower-case words joined by hyphens"):
        PageModule(tag, script, tab="A")


def test_a_script_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UserError, match="There is no script"):
        PageModule("one-module", tmp_path / "none.js", tab="A")
