"""`check_reader`: the contract of readers of data files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lit_plugins.data.readers import Reader, check_declaration
from lit_plugins.data.rows import Rows
from lit_plugins.errors import UserError
from lit_plugins.testing.claims import claim, claim_declared

_TITLE = "'a file'"
_CUTS = 16


def check_reader(reader: Reader, data: bytes, columns: Mapping[str, Sequence[object]]) -> None:
    """Checks a reader on one file, and on damaged copies of it.

    For a damaged file, the reader must return rows or raise a `UserError`.

    Args:
        reader: the reader; it need not be registered.
        data: the bytes of a valid file.
        columns: the cells of the file, by column.

    Raises:
        AssertionError: the reader violates the contract; one sentence says how.
    """
    claim_declared(check_declaration, reader)
    rows = reader.read(data, _TITLE)
    _check_rows(reader, rows)
    claim(not rows.malformed, f"The reader of {reader.ending} refuses rows of a sound file.")
    claim(
        {name: list(cells) for name, cells in rows.columns.items()}
        == {name: list(cells) for name, cells in columns.items()},
        f"The reader of {reader.ending} gives {dict(rows.columns)!r:.200}; the file holds "
        f"{dict(columns)!r:.200}.",
    )
    noise = np.random.default_rng(0).bytes(len(data))
    cut = [data[: len(data) * part // _CUTS] for part in range(1, _CUTS)]
    for damaged in (noise, *cut, data.replace(b"a", b"\xff"), data + noise, b"\0" * len(data)):
        try:
            rows = reader.read(damaged, _TITLE)
        except UserError as error:
            claim(
                _TITLE in str(error) and str(error).endswith("."),
                f"The reader of {reader.ending} says {str(error)!r}; name the title that it gets, "
                "and end with a full stop.",
            )
        except Exception as error:
            raise AssertionError(
                f"The reader of {reader.ending} raises {type(error).__name__} for a damaged file; "
                "raise a UserError that says what is wrong."
            ) from error
        else:
            _check_rows(reader, rows)


def _check_rows(reader: Reader, rows: Rows) -> None:
    claim(
        isinstance(rows, Rows),
        f"The reader of {reader.ending} gives a {type(rows).__name__}; give Rows.",
    )
    for name, cells in rows.columns.items():
        claim(
            len(cells) == len(rows.numbers),
            f"The column {name!r} of {reader.ending} has {len(cells)} cells for "
            f"{len(rows.numbers)} rows.",
        )
    claim(
        list(rows.numbers) == sorted(set(rows.numbers)) and min(rows.numbers, default=1) >= 1,
        f"The row numbers of {reader.ending} do not increase from 1 on.",
    )
    claim(
        not set(rows.numbers) & set(rows.malformed),
        f"A row of {reader.ending} is in the columns and among the malformed rows.",
    )
    claim(
        set(rows.reasons) <= set(rows.malformed),
        f"A row of {reader.ending} has a reason but is not among the malformed rows.",
    )
