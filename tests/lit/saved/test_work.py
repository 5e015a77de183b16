import json

import pytest

from lit_plugins.errors import UserError
from lit_plugins.lit.build import build_app
from lit_plugins.lit.saved.store import Store
from lit_plugins.lit.saved.work import SavedWork
from tests.lit.conftest import TEXTS, a_table
from tests.lit.saved.asking import ask, get, new, save, values

FILE = "texts.added.jsonl"
FIELDS = ["sentence", "edit", "label", "domain"]


def test_what_is_saved_is_part_of_the_dataset_after_a_restart(app, new_app, tmp_path):
    parent = ask(app, "/get_dataset")[0]["id"]
    made = new(app, "a text of mine", parent)
    answer = ask(app, "/save_datapoints", [made])
    assert answer["saved"] == {made["id"]: answer["since"]}
    assert answer["count"] == 1
    assert answer["revision"]
    for again in (app, new_app()):
        whole = ask(again, "/get_dataset")
        assert [each["data"]["sentence"] for each in whole] == [*TEXTS, "a text of mine"]
        saved = whole[-1]
        assert saved["id"] == saved["data"]["_id"] == made["id"]
        assert saved["meta"] == {
            "added": True,
            "source": "manual",
            "parentId": parent,
            "saved": answer["since"],
        }
        own = {name for name in saved["data"] if not name.startswith("_")}
        assert {name: saved["data"][name] for name in own} == {
            name: made["data"][name] for name in made["data"] if name in own
        }
    assert "negation" not in (tmp_path / FILE).read_text()


def test_what_follows_from_the_text_is_computed_again(app, new_app):
    made = new(app, "not good, not bad at all")
    found = {name for name in made["data"] if made["data"][name] is True}
    assert found
    made["data"].update(dict.fromkeys(found, False))
    made["data"]["unheard of"] = "x"
    ask(app, "/save_datapoints", [made])
    (saved,) = get(app)
    assert all(saved["data"][name] is True for name in found)
    assert "unheard of" not in saved["data"]


def test_with_other_models_it_is_still_known_what_was_made_of_what(app, new_app):
    parent = ask(app, "/get_dataset")[0]
    made = new(app, "a text of mine", parent["id"])
    ask(app, "/save_datapoints", [made])
    other = new_app(("bert", "gpt2"))
    (saved,) = get(other)
    assert "unknown words gpt2" in saved["data"]
    assert saved["id"] == made["id"] == new(other, "a text of mine")["id"]
    assert ask(other, "/get_dataset")[0]["id"] == saved["meta"]["parentId"] == parent["id"]


def test_the_page_can_ask_the_models_about_them(app):
    save(app, "a text of mine")
    answer = json.loads(
        app.answer(
            "/get_preds",
            {"model": "bert", "dataset_name": "texts", "requested_types": "MulticlassPreds"},
            {"inputs": get(app)},
        )
    )
    assert len(answer[0]["probas"]) == 2


def test_two_apps_on_one_folder_see_each_other(app, new_app):
    other = new_app()
    mine, *_ = save(app, "mine")
    theirs, *_ = save(other, "theirs")
    before = ask(app, "/saved_datapoints")
    assert [each["id"] for each in before["inputs"]] == [mine["id"], theirs["id"]]
    assert values(get(app)) == values(get(other))
    assert ask(app, "/saved_datapoints", known=before["revision"])["inputs"] is None
    assert ask(other, "/remove_datapoints", ids=[mine["id"]])["count"] == 1
    after = ask(app, "/saved_datapoints", known=before["revision"])
    assert [each["id"] for each in after["inputs"]] == [theirs["id"]]


def test_what_anybody_removed_is_brought_back(app, new_app):
    made = save(app, "mine", "a word " * 100, "another")
    before = get(app)
    ask(app, "/remove_datapoints", ids=[each["id"] for each in made])
    other = new_app()
    assert ask(other, "/saved_datapoints")["removed"] == 3
    (removal,) = (answer := ask(other, "/removed_datapoints"))["removals"]
    assert answer["are_all"] is True
    assert removal["count"] == 3
    assert removal["first"][0] == {"id": made[0]["id"], "text": "mine"}
    assert removal["first"][1]["text"] == ("a word " * 100)[:300]
    assert ask(other, "/removed_datapoints", before=removal["at"])["removals"] == []
    answer = ask(other, "/restore_datapoints", ids=[made[2]["id"], "unknown"])
    assert [each["data"]["sentence"] for each in answer["inputs"]] == ["another"]
    assert (answer["count"], answer["removed"]) == (1, 2)
    answer = ask(other, "/restore_datapoints", at=removal["at"])
    assert [each["data"]["sentence"] for each in answer["inputs"]] == ["mine", "a word " * 100]
    by_id = lambda points: sorted(values(points))  # noqa: E731
    assert by_id(get(app)) == by_id(get(other)) == by_id(before)


def test_the_same_datapoint_is_saved_once(app, tmp_path):
    made = new(app, "a text of mine")
    ask(app, "/save_datapoints", [made, made])
    assert ask(app, "/save_datapoints", [made])["count"] == 1
    own = ask(app, "/get_dataset")[0]
    own["meta"]["added"] = True
    assert ask(app, "/save_datapoints", [own])["saved"] == {}
    assert len(get(app)) == 1


def test_one_that_stands_in_the_pages_address_too_is_there_once(app):
    (made,) = save(app, "a text of mine", edit='"a" → "b"')
    own = {"sentence": "a text of mine", "edit": "", "label": "positive", "domain": None}
    asked = [{"id": "", "data": own, "meta": {"added": True, "source": "url"}}]
    (found,) = ask(app, "/annotate_new_data", asked)
    assert found["id"] == made["id"]
    asked[0]["data"]["label"] = "negative"
    (other,) = ask(app, "/annotate_new_data", asked)
    assert other["id"] != made["id"]


def test_each_dataset_has_a_file_of_its_own(named_classifier, tmp_path):
    tables = {"one": a_table(), "two": a_table()}
    app = build_app({"bert": named_classifier("bert")}, tables, data_dir=tmp_path)
    made = new(app, "a text", dataset_name="one")
    ask(app, "/save_datapoints", [made], "one")
    assert len(get(app, "one")) == 1
    assert get(app, "two") == []
    assert sorted(each.name for each in tmp_path.glob("*.jsonl")) == ["one.added.jsonl"]


def test_without_a_data_folder_there_are_no_such_routes(named_classifier):
    app = build_app({"bert": named_classifier("bert")}, {"texts": a_table()})
    assert not [route for route in app.routes if "datapoints" in route]
    info = json.loads(app.answer("/get_info", {}, None))
    assert info["savesDatapoints"] is False
    assert "saved-work-module" not in json.dumps(info["layouts"])


def test_with_one_the_page_is_told(app):
    info = json.loads(app.answer("/get_info", {}, None))
    assert info["savesDatapoints"] is True
    for name, layout in info["layouts"].items():
        own = name not in ("simple", "three_panel")
        assert (layout["lower"].get("Saved Work") == ["saved-work-module"]) == own


def test_bad_requests_are_refused(app):
    made = new(app, "a text of mine")
    for route, config in [
        ("/remove_datapoints", {}),
        ("/remove_datapoints", {"ids": "all"}),
        ("/remove_datapoints", {"ids": ["../x"]}),
        ("/restore_datapoints", {}),
        ("/restore_datapoints", {"ids": ["../x"], "at": None}),
        ("/removed_datapoints", {"before": 1}),
        ("/load_datapoints", {}),
        ("/load_datapoints", {"name": "a.csv"}),
        ("/load_datapoints", {"name": 1, "text": []}),
        ("/download_datapoints", {}),
        ("/download_datapoints", {"kind": "../csv"}),
        ("/download_datapoints", {"kind": ["csv"]}),
    ]:
        with pytest.raises(UserError):
            ask(app, route, **config)

    def named(**changed):
        bad = {**made["data"], **changed}
        id_ = app.datasets["texts"].id_fn(bad)
        return {**made, "id": id_, "data": {**bad, "_id": id_}}

    for bad in (
        named(label="sideways"),
        named(sentence="a\0b"),
        named(sentence="\ud800"),
        {**made, "id": "", "data": {**made["data"], "_id": ""}},
        {**made, "id": "../x", "data": {**made["data"], "_id": "../x"}},
        {**made, "data": {**made["data"], "sentence": "a text of somebody else"}},
    ):
        with pytest.raises(UserError):
            ask(app, "/save_datapoints", [bad])
    with pytest.raises(UserError, match="Nothing can be saved without a dataset"):
        ask(app, "/saved_datapoints", dataset_name="_union_empty")
    assert get(app) == []


@pytest.mark.parametrize(
    "name", ["../texts", "..", "a/b", "/etc/texts", "%2e%2e/texts", "texts/../../x", "a\0b"]
)
def test_a_dataset_that_nobody_has_named_is_refused(app, name, tmp_path):
    before = sorted(tmp_path.parent.rglob("*"))
    for route in ("/save_datapoints", "/saved_datapoints", "/download_datapoints"):
        with pytest.raises(UserError, match="There is no dataset"):
            ask(app, route, dataset_name=name, kind="csv")
    assert sorted(tmp_path.parent.rglob("*")) == before


@pytest.mark.parametrize("name", ["../texts", "../data-other/texts", "a/b", "/etc/texts", "a\0b"])
def test_the_files_stand_in_the_folder_itself(app, tmp_path, name):
    folder = tmp_path / "data"
    folder.mkdir()
    (tmp_path / "data-other").mkdir()
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UserError, match="give the dataset a plain name"):
        SavedWork(folder, {name: app.datasets["texts"]}, app._annotated)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_out_of_the_folder_is_refused(app, tmp_path):
    folder, outside = tmp_path / "data", tmp_path / "outside"
    folder.mkdir()
    outside.write_text("")
    (folder / FILE).symlink_to(outside)
    with pytest.raises(UserError, match="put no links there"):
        SavedWork(folder, {"texts": app.datasets["texts"]}, app._annotated)
    assert outside.read_text() == ""


def test_another_table_of_the_same_name_keeps_what_fits(app, new_app, tmp_path):
    save(app, "a text of mine", "another", domain="food")
    Store(tmp_path / FILE, [*FIELDS, "stars"]).add(
        [("x", {"sentence": "of five stars", "label": "sideways", "stars": 5}, {})]
    )
    plain = a_table()
    other = type(plain)(**{**vars(plain), "columns": {}, "kinds": {}})
    again = new_app(table=other)
    assert [each["data"]["sentence"] for each in get(again)] == [
        "a text of mine",
        "another",
        "of five stars",
    ]
    assert get(again)[-1]["data"]["label"] is None
    assert ask(again, "/saved_datapoints")["notes"] == [
        "Left out, as the dataset does not have them any more: domain, stars.",
        "Values of label that the dataset does not have are left out.",
    ]
    assert [each["data"]["domain"] for each in get(new_app())] == ["food", "food", None]


def test_lines_that_cannot_be_read_are_counted_in_the_log_and_in_the_page(
    app, new_app, tmp_path, caplog
):
    save(app, "a text of mine")
    with (tmp_path / FILE).open("ab") as file:
        file.write(b"?\n")
    again = new_app()
    assert len(get(again)) == 1
    sentence = "1 line of texts.added.jsonl cannot be read; it stays in the file: line 3."
    assert ask(again, "/saved_datapoints")["notes"] == [sentence]
    assert caplog.messages == [sentence]


def test_one_that_the_dataset_has_by_now_is_not_there_twice(app, new_app, tmp_path):
    own = ask(app, "/get_dataset")[0]
    point = (own["id"], {name: own["data"][name] for name in FIELDS}, {})
    Store(tmp_path / FILE, FIELDS).add([point])
    assert get(new_app()) == []


def test_there_is_a_most(named_classifier, tmp_path, monkeypatch):
    monkeypatch.setattr(
        Store.__init__, "__kwdefaults__", {**Store.__init__.__kwdefaults__, "most": 2}
    )
    app = build_app({"bert": named_classifier("bert")}, {"texts": a_table()}, data_dir=tmp_path)
    save(app, "one", "two")
    with pytest.raises(UserError, match="a dataset may have 2"):
        save(app, "three")
    text = "sentence\nthree\n"
    with pytest.raises(UserError, match="a dataset may have 2"):
        ask(app, "/load_datapoints", name="a.csv", text=text)
    assert len(get(app)) == 2
