from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from lit_plugins.data.json_tables import objects_in
from lit_plugins.errors import UserError

ROWS = [{"text": "a", "label": 1}, {"text": "b", "label": 0}]
FRAME = pd.DataFrame(ROWS)


def rows_of(value: Any) -> list[object]:
    return objects_in(value, "'x'")[0]


@pytest.mark.parametrize("orient", ["columns", "index", "split", "table", "records"])
@pytest.mark.parametrize("index", [[0, 1], ["p", "q"], [7, 3]])
def test_what_pandas_writes(orient: Any, index: list[Any]) -> None:
    frame = FRAME.set_index(pd.Index(index))
    assert rows_of(json.loads(frame.to_json(orient=orient))) == ROWS


def test_a_series_that_pandas_wrote() -> None:
    assert rows_of(json.loads(FRAME["text"].to_json())) == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (ROWS, ROWS),
        (["a", "b"], ["a", "b"]),
        ({"text": ["a", "b"], "label": [1, 0]}, ROWS),
        ({"text": []}, []),
        ({}, []),
        (ROWS[0], ROWS[:1]),
        ({"text": "a", "entities": [{"start": 0}]}, [{"text": "a", "entities": [{"start": 0}]}]),
        ({"columns": ["a", "b"], "data": [[1, 2], [3]]}, [{"a": 1, "b": 2}, [3]]),
    ],
)
def test_forms(value: Any, rows: list[object]) -> None:
    assert rows_of(value) == rows


def test_rows_under_a_key() -> None:
    value = {"version": 1, "message": "ok", "rows": ROWS}
    assert objects_in(value, "'x'") == (
        ROWS,
        ("The rows are those under the key 'rows'; not read: 'version', 'message'.",),
    )
    assert objects_in({"rows": ROWS}, "'x'")[1] == ("The rows are those under the key 'rows'.",)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "'x' holds a single JSON value that is no object: write one object a row"),
        ({"train": ROWS, "test": ROWS}, "under several keys (train, test): write each into its"),
        ({"text": ["a"], "n": [1, 2]}, "('text' with 1 value, 'n' with 2 values)"),
        ({"texts": ["a", "b"], "source": "web"}, "keys texts, source, and none of them holds rows"),
        ({"p": {"q": 1}, "r": {"q": 2}}, "unclear whether these are rows or columns"),
        ({"columns": ["a", "a"], "data": [[1, 2]]}, "names the column 'a' twice"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(value: Any, words: str) -> None:
    with pytest.raises(UserError) as caught:
        objects_in(value, "'x'")
    assert words in str(caught.value)
