import csv
import io
import json
import random

import pytest
from pandas import DataFrame

from lit_plugins.data import load_table
from lit_plugins.errors import UserError
from lit_plugins.lit.build import build_app
from tests.lit.conftest import TEXTS, a_table
from tests.lit.saved.asking import ask, get, new, save, values

STRANGE = [
    "=1+1",
    "'=1+1",
    "''-x",
    "-1",
    "+1",
    "@name",
    "\ttab",
    "\rreturn",
    "＝1",
    "a;=1+1;'=2",
    'a;"@b\t-c\r\n=d',
    "'quoted'",
    '"quoted", said\nand\r\nwent on\r',
    "naïve 😀\u2028 and \u00a0 more",
    " a space before and after ",
    "1",
    "true",
    "null",
]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_download_loads_as_what_it_was(app, kind):
    first, *_ = save(app, "a text of mine")
    children = [
        new(app, text, first["id"], edit=text, label=None, domain="food") for text in STRANGE
    ]
    ask(app, "/save_datapoints", children)
    before = get(app)
    assert len(before) == 1 + len(STRANGE)
    file = ask(app, "/download_datapoints", kind=kind)
    assert file["name"] == f"texts.added.{kind}"
    ask(app, "/remove_datapoints", ids=[each["id"] for each in before])
    assert get(app) == []
    answer = ask(app, "/load_datapoints", name=file["name"], text=file["text"])
    assert answer["notes"] == []
    assert answer["count"] == len(before)
    after = get(app)
    assert values(answer["inputs"]) == values(after)
    for each in (*before, *after):
        del each["meta"]["saved"], each["data"]["_meta"]
    assert values(after) == values(before)
    assert ask(app, "/download_datapoints", kind=kind) == file


@pytest.mark.parametrize("seed", range(5))
def test_any_text_survives_a_csv_file(app, seed):
    rng = random.Random(seed)
    texts = {"".join(rng.choices("=+-@';;\t\r\n\", a_é", k=rng.randint(1, 8))) for _ in range(40)}
    texts = {text for text in texts if text.strip()}
    save(app, *texts)
    before = values(get(app))
    file = ask(app, "/download_datapoints", kind="csv")
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(file["text"], newline=""), delimiter=separator):
            assert not any(cell.lstrip("\t\r\n").startswith(tuple("=+-@")) for cell in row)
    ask(app, "/remove_datapoints", ids=[id_ for id_, *_ in before])
    ask(app, "/load_datapoints", name="a.csv", text=file["text"])
    assert [each["data"]["sentence"] for each in get(app)] == [
        data["sentence"] for _, data, _ in before
    ]


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_columns_and_classes_of_strange_names_survive_a_file(named_classifier, tmp_path, kind):
    model = named_classifier("bert").with_labels(["-1", "+1"])
    columns = {"text": ["one", "two"], "label": ["-1", "+1"], "=col": ["=a", "-b"]}
    table = load_table(DataFrame({**columns, "@user": ["e f", "g h"]}), label_names=model.labels)
    app = build_app({"bert": model}, {"texts": table}, data_dir=tmp_path)
    save(app, "mine", label="-1", domain=None, **{"=col": "=a", "@user": "e f"})
    before = get(app)
    assert [before[0]["data"][name] for name in ("label", "=col", "@user")] == ["-1", "=a", "e f"]
    file = ask(app, "/download_datapoints", kind=kind)
    ask(app, "/remove_datapoints", ids=[before[0]["id"]])
    answer = ask(app, "/load_datapoints", name=f"a.{kind}", text=file["text"])
    assert answer["notes"] == []
    (after,) = get(app)
    for example in (after, before[0]):
        del example["data"]["_meta"]  # it was saved anew, perhaps a second later
    assert after["data"] == before[0]["data"]


def test_what_is_known_of_a_datapoint_cannot_take_the_place_of_its_id(app):
    made = new(app, "a text of mine")
    made["meta"]["id"] = "zzz"
    ask(app, "/save_datapoints", [made])
    for kind in ("csv", "jsonl"):
        file = ask(app, "/download_datapoints", kind=kind)
        answer = ask(app, "/load_datapoints", name=f"a.{kind}", text=file["text"])
        assert answer["notes"] == ["1 row is in the dataset already."]
        assert "zzz" not in file["text"]


def test_a_download_is_a_dataset(app, tmp_path):
    made = save(app, "a text of mine", "and another")
    file = ask(app, "/download_datapoints", kind="jsonl")
    (tmp_path / file["name"]).write_text(file["text"], "utf-8")
    table = load_table(str(tmp_path / file["name"]), label_names=["negative", "positive"])
    assert list(table.texts) == [each["data"]["sentence"] for each in made]
    assert set(table.labels) == {"positive"}
    assert set(table.columns["domain"]) == {"film"}
    assert table.report.sentences() == []


def test_a_loaded_file_keeps_who_was_made_of_whom(app):
    text = "\n".join(
        json.dumps(each)
        for each in [
            {"_id": "x", "sentence": "a parent", "label": "positive"},
            {"_id": "y", "sentence": "a child", "_parentId": "x", "_source": "HotFlip"},
            {"_id": "z", "sentence": "an orphan", "_parentId": "gone", "_source": ["no text"]},
        ]
    )
    answer = ask(app, "/load_datapoints", name="mine.jsonl", text=text)
    parent, child, orphan = answer["inputs"]
    assert child["meta"]["parentId"] == parent["id"] != "x"
    assert child["meta"]["source"] == "HotFlip"
    assert orphan["meta"]["parentId"] == "gone"
    assert orphan["meta"]["source"] == "file"
    assert answer["notes"] == ["Left empty, as the file does not have them: domain."]


def test_a_file_of_somebody_else_loads_as_far_as_it_fits(app):
    lines = [
        "text,sentiment,stars,domain",
        "A fine film.,POSITIVE,5,film",
        "A bad film.,negative,1,opera",
        ",positive,1,film",
        "Too,many,cells,in,it",
        "What?,sideways,2,film",
        "A fine film.,POSITIVE,5,film",
        f"{TEXTS[3]},positive,1,food",
    ]
    answer = ask(app, "/load_datapoints", name="C:\\x\\mine.csv", text="\n".join(lines))
    assert [each["data"]["sentence"] for each in answer["inputs"]] == [
        "A fine film.",
        "A bad film.",
    ]
    assert [each["data"]["label"] for each in answer["inputs"]] == ["positive", "negative"]
    assert [each["data"]["domain"] for each in answer["inputs"]] == ["film", None]
    assert answer["notes"] == [
        "1 row is malformed and was left out: 1 with 5 fields instead of 4 (line 5).",
        "1 row has an empty text and was left out: line 4.",
        "1 row has an unknown label and was left out: line 6.",
        "These labels are none of negative, positive: 'sideways'.",
        "1 value of domain did not fit the dataset and was left out.",
        "Left out, as the dataset does not have them: stars.",
        "2 rows are in the dataset already.",
    ]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.xlsx", "x", "has the unknown ending '.xlsx': load a file that ends in one of .csv"),
        ("a", "x", "has the unknown ending ''"),
        ("a.csv", " \n", "'a.csv' is empty: load a file"),
        ("a.csv", "sentence\n", "No row of 'a.csv' can be loaded: it has none."),
        ("a.csv", "x,y\n1,2\n", "not clear which column of 'a.csv' holds the texts: name it"),
        ("a.jsonl", "no json", "column of 'a.jsonl' holds the texts"),
        ("a.json", "[1", "begins as a JSON array but is not valid JSON"),
        ("a.csv", "sentence,label\nx,y\n", "The labels in the column 'label' of 'a.csv' do"),
        ("a.csv", "sentence,label\nx,1\ny,2\n", "the classes negative, positive they mean: write"),
        ("a.jsonl", '{"sentence": 1}', "can be loaded: 1 row is malformed and was left out"),
        ("a.jsonl", '{"sentence": "\\ud800"}', "1 row is malformed"),
        ("a.csv", "sentence\n\ud800\n", "is not UTF-8 text: save it again as UTF-8."),
        ("a.csv", "\ud800\nx\n", "is not UTF-8 text"),
        ("../../etc/a.csv", "", "'a.csv' is empty"),
        ("a.csv", "sentence\n" + "x\n" * 10_001, "has 10,001 rows; load at most 10,000 at once"),
        ("a.csv", "sentence\n" + 'x","z\n' * 10_001, "has 10,001 rows; load at most 10,000"),
        ("a.tsv", "sentence\r" * 100_001, "has 100,001 lines; load at most 100,000 at once"),
        ("a.json", "[" + "1," * 10_000 + "1]", "has 10,001 rows; load at most 10,000 at once"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_one_sentence(app, name, text, sentence):
    with pytest.raises(UserError) as refused:
        ask(app, "/load_datapoints", name=name, text=text)
    assert sentence in str(refused.value)
    assert "--" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert get(app) == []


def test_numbers_are_labels_only_if_all_models_have_their_classes_in_one_order(
    named_classifier, tmp_path
):
    model = named_classifier("bert")
    turned = model.with_labels(model.labels[::-1])
    file = {"name": "a.csv", "text": "sentence,label\nGrim.,0\nBright.,1\n"}
    app = build_app({"a": model}, {"texts": a_table()}, data_dir=tmp_path)
    labels = [each["data"]["label"] for each in ask(app, "/load_datapoints", **file)["inputs"]]
    assert labels == ["negative", "positive"]
    app = build_app({"a": model, "b": turned}, {"texts": a_table()}, data_dir=tmp_path)
    with pytest.raises(UserError, match="do not say which of the classes negative, positive"):
        ask(app, "/load_datapoints", **file)
