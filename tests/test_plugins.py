import threading
from dataclasses import dataclass

import pytest

from lit_plugins.errors import UserError
from lit_plugins.plugins import Names, Registry, check_described
from tests.installing import install

GROUP = "lit_plugins.test_records"


@dataclass(frozen=True)
class Thing:
    name: str
    title: str
    help: str = "Some help."


def a_registry(*own, check=check_described):
    return Registry(GROUP, "thing", Thing, lambda: own, check=check)


OWN = Thing("zebra", "A zebra")
CODE = """
from tests.test_plugins import OWN, Thing
second = Thing("second", "The second")
first = Thing("first", "The first")
taken = Thing("zebra", "Another")
title_taken = Thing("other", "The first")
number = 3
unnamed = Thing("No name", "Title")
untitled = Thing("untitled", " ")
"""


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Installs a module under a name that no other test has, with entries by their own names."""
    monkeypatch.syspath_prepend(tmp_path)

    def installed(name, code, *entries):
        install(tmp_path, name, code, GROUP, dict(zip(entries, entries, strict=True)))

    return installed


def test_own_records_come_first_then_those_of_packages_by_name(packages):
    packages("plugin_in_order", CODE, "second", "first")
    assert list(a_registry(OWN)) == ["zebra", "first", "second"]
    assert a_registry(OWN)["first"].title == "The first"


def test_nothing_is_loaded_before_the_first_look_up(packages, capsys):
    packages("plugin_that_prints", "print('loaded')\n" + CODE, "first")
    registry = a_registry(OWN)
    assert capsys.readouterr().out == ""
    assert "first" in registry
    assert len(registry) == 2
    assert capsys.readouterr().out == "loaded\n"


def test_a_record_that_cannot_be_used_is_left_out_with_one_sentence_once(packages, caplog):
    entries = ["first", "number", "taken", "title_taken", "absent", "unnamed", "untitled"]
    packages("plugin_with_faults", CODE, *entries)
    packages("plugin_that_divides", "1 / 0", "never")
    packages("plugin_that_exits", "raise SystemExit", "ends")
    registry = a_registry(OWN)
    assert list(registry) == ["zebra", "first"]
    assert list(registry) == ["zebra", "first"]
    beginning = "The thing {!r} (plugin_with_faults:{}) is left out: "
    said = {
        "number": "It is of type int; make it of type Thing.",
        "taken": "There is a thing with the name 'zebra' already.",
        "title_taken": "There is a thing with the title 'The first' already.",
        "absent": "AttributeError: module 'plugin_with_faults' has no attribute 'absent'",
        "unnamed": "The name 'No name' cannot be typed as a flag's value; use lower-case "
        "letters, digits and underscores.",
        "untitled": "The title of untitled is ' '; write some words.",
    }
    assert sorted(caplog.messages) == sorted(
        [
            "The thing 'ends' (plugin_that_exits:ends) is left out: SystemExit.",
            "The thing 'never' (plugin_that_divides:never) is left out: "
            "ZeroDivisionError: division by zero",
            *(beginning.format(name, name) + sentence for name, sentence in said.items()),
        ]
    )


def test_a_registry_is_read_only():
    with pytest.raises(TypeError):
        a_registry(OWN)["other"] = OWN


def test_a_plug_in_that_looks_up_while_it_is_loaded_sees_this_packages_own(packages, monkeypatch):
    registry = a_registry(OWN)
    monkeypatch.setattr("tests.test_plugins.SHARED", registry, raising=False)
    code = "from tests import test_plugins\nfrom tests.test_plugins import Thing\n"
    code += "seen = Thing('seen', ', '.join(test_plugins.SHARED))\n"
    packages("plugin_that_looks_up", code, "seen")
    assert registry["seen"].title == "zebra"


def test_threads_that_look_up_at_once_see_the_same_and_one_sentence_is_said(packages, caplog):
    packages("plugin_that_is_slow", "import time\ntime.sleep(0.2)\n" + CODE, "first", "number")
    registry = a_registry(OWN)
    seen = []
    threads = [
        threading.Thread(target=lambda: seen.append(dict(registry)["first"])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(map(id, seen))) == 1
    assert len(caplog.messages) == 1


def test_names_are_looked_up_when_they_are_needed(packages):
    packages("plugin_with_a_name", CODE, "first")
    names = Names("all", of=a_registry(OWN))
    assert list(names) == ["all", "zebra", "first"]
    assert len(names) == 3
    assert "first" in names
    assert "all" in names
    assert "other" not in names


@pytest.mark.parametrize("help", ["", " ", None])
def test_a_record_without_help_is_refused(help):
    with pytest.raises(UserError, match="The help of thing is"):
        check_described(Thing("thing", "A thing", help))
