"""A field of every row that the header does not name: an index before it, or nothing after it."""

from __future__ import annotations

from collections.abc import Sequence

_INDEX = (
    "Each row has one field more than the header: the first one, a number, was taken as an index "
    "and not read."
)
_NOTHING = "Each row ends with a separator: the empty field after it was not read."


def named_fields(rows: Sequence[Sequence[str]], width: int) -> tuple[slice, str] | None:
    """The place of the fields that a header names, in rows that have one field more.

    R's `write.table` writes an index of which the header says nothing, and other programs end rows,
    but not the header, with a separator. An index is a different whole number in every row. Any
    other first field could be the beginning of a text with an unquoted separator in it.

    Args:
        rows: the fields of the rows that can be read.
        width: the number of fields of the header.

    Returns:
        The place in each row of `width + 1` fields, and a sentence that says what is not read. None
        if a row has as many fields as the header, or the unnamed field is not clear.
    """
    longer = [row for row in rows if len(row) == width + 1]
    if not longer or any(len(row) == width for row in rows):
        return None
    firsts = {row[0].strip() for row in longer}
    is_index = len(firsts) == len(longer) and all(map(str.isdecimal, firsts))
    is_nothing = not any(row[-1].strip() for row in longer)
    if is_index == is_nothing:
        return None
    return (slice(1, None), _INDEX) if is_index else (slice(0, width), _NOTHING)
