from __future__ import annotations

import pytest

from lit_plugins.data.json_lines import read_json_lines
from lit_plugins.errors import UserError


def test_keys_become_columns_and_lines_are_numbered() -> None:
    rows = read_json_lines(
        b'{"text": "a\\nb", "label": 1}\r\n\r\n{"text": "\xc3\xa9", "n": 2.5, " ": 0}\n', "'x'"
    )
    assert rows.columns == {"text": ["a\nb", "é"], "label": [1, None], "n": [None, 2.5]}
    assert rows.numbers == [1, 3]
    assert (rows.unit, rows.typed) == ("line", True)


def test_malformed_lines() -> None:
    lines = [
        b'{"text": "a"}',
        b'{"text": "b"',
        b'["c"]',
        b'{"text": "caf\xe9"}',
        b"null",
        b"[" * 100_000,
        b'{"text": "d"}',
    ]
    rows = read_json_lines(b"\n".join(lines), "'x'")
    assert rows.columns == {"text": ["a", "d"]}
    assert rows.malformed == [2, 3, 4, 5, 6]
    assert rows.reasons == {
        2: "not JSON",
        3: "not an object",
        4: "not UTF-8",
        5: "not an object",
        6: "nested too deeply",
    }
    assert rows.numbers == [1, 7]


def test_one_array() -> None:
    rows = read_json_lines(b' [\n {"text": "a"},\n 7,\n {"text": "b"}\n]\n', "'x'")
    assert rows.columns == {"text": ["a", "b"]}
    assert (rows.numbers, rows.malformed, rows.unit) == ([1, 3], [2], "row")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'[{"text": 1},', "not valid JSON"),
        (b'[\n{"text": "a"},\n{"text": "b"}\n', r"Expecting ',' .*: mend it, or write one object"),
        (b'["\xe9"]', "not UTF-8"),
    ],
)
def test_a_broken_array(data: bytes, words: str) -> None:
    with pytest.raises(UserError, match=words):
        read_json_lines(data, "'x'")


def test_a_first_line_with_an_open_bracket_hides_no_other_line() -> None:
    rows = read_json_lines(b'["a\n{"text": "b"}\n{"text": "c"}\n', "'x'")
    assert rows.columns == {"text": ["b", "c"]}
    assert rows.reasons == {1: "not JSON"}
    rows = read_json_lines(b'["a"]\n{"text": \n{"text": \n{"text": "b"}\n', "'x'")
    assert rows.columns == {"text": ["b"]}
    assert rows.reasons == {1: "not an object", 2: "not JSON", 3: "not JSON"}


def test_objects_that_share_no_keys_are_refused_before_they_fill_the_memory() -> None:
    lines = b"\n".join(b'{"k%d": 1}' % number for number in range(4_000))
    with pytest.raises(UserError, match="have 4,000 different keys, most of them in few objects"):
        read_json_lines(lines, "'x'")
    assert len(read_json_lines(lines.split(b"\n", 2_000)[0], "'x'").columns) == 1


def test_one_object_may_have_many_keys() -> None:
    object_ = b"{" + b", ".join(b'"k%d": 1' % number for number in range(20_000)) + b"}"
    assert len(read_json_lines(b"\n".join([object_] * 3), "'x'").columns) == 20_000


def test_objects_of_several_lines() -> None:
    data = b'{\n "text": "a",\n "more": {}\n}\n{\n "text": b\n}\n\n{\n "text": "c"\n}\n'
    indented = b"\n" + b"\n".join(b" " + line for line in data.splitlines())
    assert read_json_lines(indented, "'x'").numbers == [2, 10]
    rows = read_json_lines(data, "'x'")
    assert rows.columns["text"] == ["a", "c"]
    assert (rows.numbers, rows.malformed, rows.unit) == ([1, 9], [5], "line")


def test_a_broken_object_hides_no_other_that_spans_lines() -> None:
    rows = read_json_lines(b'{\n "text": a\n}\n{\n "text": "b"\n}\n{"text": "c"}\n', "'x'")
    assert (rows.columns["text"], rows.numbers, rows.malformed) == (["b", "c"], [4, 7], [1])


def test_strings_without_objects_are_texts() -> None:
    for data in (b'["a", null, 3, "b"]', b'"a"\nnull\n3\n"b"\n'):
        rows = read_json_lines(data, "'x'")
        assert rows.columns == {"text": ["a", None, "b"]}
        assert rows.malformed == [3]


@pytest.mark.parametrize("data", [b'["a", 1]\n["b", 2]\n', b'[["a", 1], ["b", 2]]'])
def test_rows_without_names_are_refused(data: bytes) -> None:
    with pytest.raises(UserError, match="are arrays, which name no columns"):
        read_json_lines(data, "'x'")
