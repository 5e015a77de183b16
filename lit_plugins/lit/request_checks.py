"""What the page asks of LIT's app, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from lit_nlp.api.dataset import INPUT_ID_FIELD, IndexedDataset
from lit_nlp.api.types import ListLitType, Scalar, StringLitType, TextSegment

from lit_plugins.errors import TooLarge, UserError

MOST_EXAMPLES = 200_000
"""Examples of one request: as many as the largest dataset that the page can bear has."""

MOST_NEW_EXAMPLES = 10_000
"""Examples of one request that are no dataset's own."""

LONGEST_TEXT = 100_000
"""Characters of one text."""

MOST_CHARACTERS = 5_000_000
"""Characters of all new texts of one request: while they are encoded they take 80 times as much."""


def checked_options(
    query: Mapping[str, str], names: Mapping[str, Collection[str] | None], needed: Collection[str]
) -> dict[str, str]:
    """The part of a request's address that means something.

    Args:
        query: names and values.
        names: by each name that means something, the values that it may have, None for any.
        needed: names that must be there.

    Raises:
        UserError: one is missing, or has another value.
    """
    options = {name: query[name] for name in names if name in query}
    for name in needed:
        if not options.get(name):
            raise UserError(f"The request names no {name}; add it to the address.")
    for name, value in options.items():
        known = names[name]
        if known is not None and value not in known:
            raise UserError(
                f"There is no {name.removesuffix('_name')} {value[:60]!r}; "
                f"choose from {few(known, most=5)}."
            )
    return options


def checked_data(body: Any, dataset: IndexedDataset | None) -> dict[str, Any]:
    """A request's body, with the dataset's own examples in place of their ids.

    Args:
        body: parsed JSON; None for an empty one.
        dataset: the dataset that the request names, if it does.

    Raises:
        UserError: it is no request, or has an example that is not known or not whole.
        TooLarge: it has too many examples, or too long a text.
    """
    if body is None:
        body = {}
    if not isinstance(body, dict):
        raise UserError("The request's body is no JSON object; send inputs and config.")
    config = body.get("config")
    if config is not None and not isinstance(config, dict):
        raise UserError("The request's config is no JSON object; send options by their names.")
    given = body.get("inputs")
    if given is None:
        given = []
    if not isinstance(given, list):
        raise UserError("The request's inputs are no list; send ids or examples.")
    if len(given) > MOST_EXAMPLES:
        raise TooLarge(f"The request has {len(given):,} examples; send at most {MOST_EXAMPLES:,}.")
    new = sum(not isinstance(each, str) for each in given)
    if new > MOST_NEW_EXAMPLES:
        raise TooLarge(f"The request has {new:,} new examples; send at most {MOST_NEW_EXAMPLES:,}.")
    if given and dataset is None:
        raise UserError("The request has inputs but names no dataset_name; add it to the address.")
    inputs = [_example(each, at, dataset) for at, each in enumerate(given) if dataset is not None]
    characters = sum(
        len(value)
        for each, example in zip(given, inputs, strict=True)
        if not isinstance(each, str)
        for value in example["data"].values()
        if isinstance(value, str)
    )
    if characters > MOST_CHARACTERS:
        raise TooLarge(
            f"The request's new examples have {characters:,} characters; "
            f"send at most {MOST_CHARACTERS:,}."
        )
    return {**body, "inputs": inputs, "config": config}


def few(names: Collection[str], most: int) -> str:
    """The first names, but for LIT's own, and whether there are more: `a, b, …`."""
    shown = [name for name in names if not name.startswith("_")]
    return ", ".join(shown[:most]) + (", …" if len(shown) > most else "")


def _example(given: Any, at: int, dataset: IndexedDataset) -> Any:
    if isinstance(given, str):
        known = dataset.index.get(given)
        if known is None:
            raise UserError(
                f"There is no example {given[:60]!r} in the dataset; load the page again."
            )
        return known
    if not isinstance(given, dict) or not isinstance(given.get("data"), dict):
        raise UserError(f"Example {at} of the request has no data; send id, data and meta.")
    data = given["data"]
    meta = given.get("meta")
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise UserError(f"The meta of example {at} is no JSON object.")
    own = given.get("id", "")
    if not isinstance(own, str) or data.get(INPUT_ID_FIELD, own) != own:
        raise UserError(f"Example {at} of the request has two ids; send the same twice.")
    spec = dataset.spec()
    for name, kind in spec.items():
        if isinstance(kind, TextSegment) and kind.required and data.get(name) is None:
            raise UserError(f"Example {at} of the request has no {name!r}; send its text.")
    for name, value in data.items():
        if value is None:
            continue
        kind = spec.get(name)
        if isinstance(kind, StringLitType) and not isinstance(value, str):
            raise UserError(f"The field {name!r} of example {at} is no text; send a string.")
        if isinstance(kind, Scalar) and not isinstance(value, (int, float, str)):
            raise UserError(f"The field {name!r} of example {at} is no number; send one.")
        if isinstance(kind, ListLitType) and not _is_list(value):
            raise UserError(f"The field {name!r} of example {at} is no list of texts or numbers.")
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise TooLarge(
                f"The field {name!r} of example {at} has {len(value):,} characters; "
                f"send at most {LONGEST_TEXT:,}."
            )
    return {**given, "id": own, "data": data, "meta": meta}


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, (str, int, float)) or each is None for each in value
    )
