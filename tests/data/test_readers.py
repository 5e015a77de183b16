import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lit_plugins.data import READERS
from lit_plugins.testing import check_reader

CSV = b'text,label\na good film,positive\n"bad, bad",negative\n'
LINES = b'{"text": "a good film", "label": "positive"}\n{"text": "bad, bad", "label": "negative"}\n'
COLUMNS = {"text": ["a good film", "bad, bad"], "label": ["positive", "negative"]}


def parquet() -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(COLUMNS), file)
    return file.getvalue()


FILES = {
    ".csv": CSV,
    ".tsv": b"text\tlabel\na good film\tpositive\nbad, bad\tnegative\n",
    ".jsonl": LINES,
    ".ndjson": LINES,
    ".json": b"[" + LINES.strip().replace(b"\n", b",") + b"]",
    ".parquet": parquet(),
}


@pytest.mark.parametrize("ending", READERS)
def test_every_reader_keeps_its_contract(ending):
    check_reader(READERS[ending], FILES[ending], COLUMNS)
