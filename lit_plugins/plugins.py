"""Registries: this package's records by name, and those that other packages add as entry points."""

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
    """Records by name: this package's own first, then those of other packages, sorted by name.

    Read-only. Entry points are loaded at the first look-up, not at import. One that fails is left
    out, and the log says why in one sentence, once. Any thread may look up; a module that looks up
    while it is itself being loaded sees this package's own records only.
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
        """Describes the records; loads none.

        Args:
            group: the group of entry points, such as "lit_plugins.rules".
            noun: what one record is called in a sentence, such as "rule".
            kind: the class of the records.
            own: gives this package's records, in order.
            unique: attributes that tell any two records apart; the first is the key.
            check: raises a `UserError` on a record of another package that cannot be used.
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
        # No lock is held here: another thread may be importing what an entry point imports, and
        # wait for this registry. Both then load the same modules, and the first result stays.
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
        """Adds other packages' records; gives a sentence on each that is left out."""
        from importlib.metadata import entry_points  # takes a while to import

        problems = []
        for entry in sorted(entry_points(group=self._group)):
            try:
                record = entry.load()
                self._refuse_misfit(record, records.values())
            # Whatever the code of another package raises, be it that it ends the process.
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


class Names(Collection[str]):
    """Names to choose from: some words, then a registry's names, looked up when they are needed."""

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
    """What users ask for by name and read about."""

    @property
    def name(self) -> str:
        """As it is asked for."""

    @property
    def title(self) -> str:
        """As people read it."""

    @property
    def help(self) -> str:
        """One or two sentences on what it does."""


def check_described(record: Described) -> None:
    """Refuses a record that cannot be asked for, or read about.

    Raises:
        UserError: the name is no lower-case identifier, or the title or the help is empty.
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
    """An error as the end of a sentence on one line."""
    if isinstance(error, UserError):
        return str(error)
    first_line = str(error).strip().partition("\n")[0]
    kind = type(error).__name__
    return f"{kind}: {first_line}" if first_line else f"{kind}."
