"""Registries of methods, rules, metrics and more: this package's own, and other packages'.

Other packages add their records by entry points.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from lit_plugins.errors import UserError

LOG = logging.getLogger(__name__)

Record = TypeVar("Record")

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Registry(Mapping[str, Record]):
    """A read-only mapping from names to records.

    This package's own records come first, then those of other packages, sorted by the name of
    their entry point. Entry points are loaded at the first look-up, not at import. A failing one is
    left out, and the log says why, in one sentence and only once. Look-ups are safe from any
    thread. A plug-in that looks up records while it is being loaded sees only this package's own.
    """

    def __init__(
        self,
        group: str,
        noun: str,
        kind: type[Record],
        own: Callable[[], Iterable[Record]],
        *,
        unique: tuple[str, ...] = ("name", "title"),
        check: Callable[[Record], None] | None = None,
    ):
        """Describes the records, and loads none of them.

        Args:
            group: the group of entry points, such as "lit_plugins.rules".
            noun: the word for one record in a sentence, such as "rule".
            kind: the class of the records.
            own: returns this package's records, in order.
            unique: attributes in which any two records must differ; the first one is the key.
            check: raises a `UserError` if another package's record cannot be used.
        """
        self._group = group
        self._noun = noun
        self._kind = kind
        self._own = own
        self._unique = unique
        self._check = check
        self._records: dict[str, Record] | None = None
        self._publishing = threading.Lock()
        self._in_this_thread = threading.local()

    def __getitem__(self, name: str) -> Record:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> Mapping[str, Record]:
        if self._records is not None:
            return self._records
        records = {self._key(record): record for record in self._own()}
        if getattr(self._in_this_thread, "loading", False):
            return records
        # Loading holds no lock: it could deadlock with a thread that imports the same modules and
        # looks up records here. Both threads may load instead, and the first result stays.
        self._in_this_thread.loading = True
        try:
            problems = self._load(records)
        finally:
            self._in_this_thread.loading = False
        with self._publishing:
            if self._records is None:
                self._records = records
                for sentence in problems:
                    LOG.warning(sentence)
            return self._records

    def _load(self, records: dict[str, Record]) -> list[str]:
        """Adds other packages' records; returns one sentence for each that is left out."""
        from importlib.metadata import entry_points  # takes a while to import

        problems = []
        for entry in sorted(entry_points(group=self._group)):
            try:
                record = entry.load()
                self._refuse_misfit(record, records.values())
            # Another package's code may raise anything, even SystemExit.
            except (Exception, SystemExit) as error:
                problems.append(
                    f"The {self._noun} {entry.name!r} ({entry.value}) is left out: {_reason(error)}"
                )
            else:
                records[self._key(record)] = record
        return problems

    def _key(self, record: Record) -> str:
        return getattr(record, self._unique[0])

    def _refuse_misfit(self, record: Any, others: Iterable[Record]) -> None:
        if not isinstance(record, self._kind):
            raise UserError(
                f"It is of type {type(record).__name__}; make it of type {self._kind.__name__}."
            )
        if self._check is not None:
            self._check(record)
        for other in others:
            for attribute in self._unique:
                value = getattr(record, attribute)
                if value == getattr(other, attribute):
                    raise UserError(
                        f"There is a {self._noun} with the {attribute} {value!r} already."
                    )


def record_named(records: Mapping[str, Record], name: str, noun: str) -> Record:
    """Looks a record up by the name that a user gave.

    Args:
        records: a registry, or any mapping from names.
        name: the name.
        noun: the word for one record in a sentence, such as "rule".

    Raises:
        UserError: the name is unknown; the sentence lists the names to choose from.
    """
    if name not in records:
        raise UserError(f"The {noun} {name!r} is not known; choose from {', '.join(records)}.")
    return records[name]


class Names(Collection[str]):
    """Names to choose from: fixed words, then a registry's names, which are looked up on demand."""

    def __init__(self, *words: str, of: Mapping[str, object]):
        self._words = words
        self._records = of

    def __contains__(self, name: object) -> bool:
        return name in self._words or name in self._records

    def __iter__(self) -> Iterator[str]:
        yield from self._words
        yield from self._records

    def __len__(self) -> int:
        return len(self._words) + len(self._records)


class Described(Protocol):
    """A record that users choose by name, with texts about it."""

    @property
    def name(self) -> str:
        """The name in Python and on the command line."""

    @property
    def title(self) -> str:
        """The name for readers of the page."""

    @property
    def help(self) -> str:
        """One or two sentences on what the record does."""


def check_described(record: Described) -> None:
    """Checks a record's name, title and help.

    Raises:
        UserError: the name is not a lower-case identifier, or the title or the help is empty.
    """
    if not isinstance(record.name, str) or not _NAME.fullmatch(record.name):
        raise UserError(
            f"The name {record.name!r} cannot be typed as a flag's value; use lower-case letters, "
            "digits and underscores."
        )
    for attribute in ("title", "help"):
        text = getattr(record, attribute)
        if not isinstance(text, str) or not text.strip():
            raise UserError(f"The {attribute} of {record.name} is {text!r}; write some words.")


def _reason(error: BaseException) -> str:
    """An error in the form of the end of a sentence, on one line."""
    if isinstance(error, UserError):
        return str(error)
    first_line = str(error).strip().partition("\n")[0]
    kind = type(error).__name__
    return f"{kind}: {first_line}" if first_line else f"{kind}."
