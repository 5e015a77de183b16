"""What a reader breaks, the check names."""

import pytest

from lit_plugins.data import Reader, Rows
from lit_plugins.errors import UserError
from lit_plugins.testing import check_reader

DATA = b"a good film\nbad\n"
COLUMNS = {"text": ["a good film", "bad"]}


def lines(data, title):
    texts = data.decode("utf-8", "replace").splitlines()
    if not texts:
        raise UserError(f"{title} is empty: write a line.")
    return Rows({"text": texts}, range(1, len(texts) + 1), unit="line")


def test_a_reader_that_keeps_its_contract_passes():
    check_reader(Reader(".txt", lines), DATA, COLUMNS)


@pytest.mark.parametrize(
    ("reader", "said"),
    [
        (Reader("txt", lines), "The ending 'txt' cannot be looked up"),
        (Reader(".txt", lambda data, title: [data]), "gives a list; give Rows"),
        (Reader(".txt", lambda data, title: Rows({"text": ["a"]}, [1])), "the file holds"),
        (Reader(".txt", lambda data, title: Rows({"text": []}, [1])), "has 0 cells for 1 rows"),
        (
            Reader(".txt", lambda data, title: Rows(COLUMNS, [2, 1])),
            "do not increase from 1",
        ),
        (
            Reader(".txt", lambda data, title: Rows(COLUMNS, [1, 2], reasons={3: "not JSON"})),
            "has a reason but is not among",
        ),
        (
            Reader(".txt", lambda data, title: lines(data.decode().encode(), title)),
            "raises UnicodeDecodeError for a damaged file",
        ),
    ],
)
def test_what_a_reader_breaks_is_one_sentence(reader, said):
    with pytest.raises(AssertionError, match=said):
        check_reader(reader, DATA, COLUMNS)
