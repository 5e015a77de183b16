import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from lit_plugins import UserError
from lit_plugins.text.given import check_texts

TEXTS = ["a film", "", "最高"]


@pytest.mark.parametrize(
    "texts",
    [
        TEXTS,
        tuple(TEXTS),
        iter(TEXTS),
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        pd.Series(TEXTS, index=[3, 1, 2]),
        pd.Index(TEXTS),
        pa.array(TEXTS),
        pa.chunked_array([TEXTS]),
    ],
    ids=lambda texts: type(texts).__name__,
)
def test_sequences_of_texts_become_lists_of_plain_strings(texts):
    checked = check_texts(texts)
    assert checked == TEXTS
    assert {type(text) for text in checked} == {str}


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("a film", "texts is one string, 'a film'; give a list of strings."),
        (np.array("a film"), "texts is one string, 'a film'; give a list of strings."),
        (["a", None], "Text 1 is None, which is not a string; give strings only."),
        (["a", pd.NA], "Text 1 is <NA>, which is not a string; give strings only."),
        (np.array([["a"]]), "Text 0 is array(['a'], dtype='<U1'), which is not a string; give "),
        (pd.DataFrame({"text": ["a"]}), "texts is a DataFrame; give its column of texts, such as "),
        ({"a": "b"}, "texts is a dict; give its column of texts, such as data['text']."),
        ({"a", "b"}, "texts is of type set, which has no texts in order; give a list."),
        (7, "texts is of type int, which has no texts in order; give a list."),
    ],
)
def test_what_holds_no_texts_in_order_is_refused(texts, said):
    with pytest.raises(UserError) as caught:
        check_texts(texts)
    assert str(caught.value).startswith(said)
