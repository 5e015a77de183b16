"""Words replaced by others as a user says; after LIT's generator of this name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from typing import NamedTuple

import regex
from lit_nlp.api import dataset as lit_dataset
from lit_nlp.api import model as lit_model
from lit_nlp.api import types as lit_types

from lit_plugins.counterfactual import Change
from lit_plugins.counterfactual.change import apply
from lit_plugins.errors import UserError
from lit_plugins.lit.forms import config_fields
from lit_plugins.lit.generators.chosen_fields import FIELDS_TYPE, chosen_fields, has_text
from lit_plugins.lit.generators.derived_examples import TextGenerator, child, describe
from lit_plugins.options import Boolean, Text
from lit_plugins.runtime import cancellation
from lit_plugins.runtime.progress import note, tell
from lit_plugins.text.encoded import Span

SUBSTITUTIONS = "Substitutions"
FIELDS = "Fields to replace"
IGNORE_CASING = "ignore_casing"

_MOST = 100
"""New examples of one: a common word in a long text would make thousands of long texts."""
_FORM = "good -> bad | poor, film -> book"
_WRITTEN = Text(SUBSTITUTIONS, "great -> terrible", "Which words become which.")
_IGNORE_CASING = Boolean(
    IGNORE_CASING, True, "Whether capital and small letters count as the same."
)


class _Rule(NamedTuple):
    pattern: regex.Pattern[str]
    targets: tuple[str, ...]


class WordReplacer(TextGenerator):
    """One new example for each place and each word that is to stand there."""

    options = (_WRITTEN, _IGNORE_CASING)

    def description(self) -> str:
        """Shown in the page."""
        return (
            f'Replaces words, one place at a time. Rules look like "{_FORM}"; nothing after the '
            "arrow leaves the word out. The label is copied, and may not hold any more."
        )

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the dataset has texts."""
        return has_text(dataset)

    def config_spec(self) -> lit_types.Spec:
        """LIT's fields, and whether case counts."""
        return {**config_fields(self.options), FIELDS: FIELDS_TYPE}

    def generate_all(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[list[lit_types.JsonDict]]:
        """New examples for each input, at most a hundred, in the order of its text.

        Raises:
            UserError: a rule is malformed.
        """
        config = config or {}
        written = _WRITTEN.check(config.get(SUBSTITUTIONS) or "")
        rules = _rules(written, bool(config.get(IGNORE_CASING, True)))
        names = chosen_fields(dataset, config.get(FIELDS))
        made: list[list[lit_types.JsonDict]] = []
        for parent in inputs:
            cancellation.check()
            made.append(_replaced(parent, dataset, names, rules))
            tell(len(made), len(inputs))
        return made


def _replaced(
    parent: lit_types.JsonDict,
    dataset: lit_dataset.Dataset,
    names: Sequence[str],
    rules: Sequence[_Rule],
) -> list[lit_types.JsonDict]:
    made: dict[tuple[str, str], lit_types.JsonDict] = {}
    for name in names:
        text = parent.get(name) or ""
        for change in _changes(text, rules):
            cancellation.check()
            if len(made) == _MOST:
                note(f"Only the first {_MOST} results of a text are shown.")
                return list(made.values())
            new_text, edits = apply(text, [change])
            if new_text != text:
                made[name, new_text] = child(parent, dataset, {name: new_text}, describe(edits))
    return list(made.values())


def _changes(text: str, rules: Sequence[_Rule]) -> Iterator[Change]:
    # No longer than they are asked for: all places times all targets may be millions.
    def spans(rule: _Rule) -> Iterator[tuple[Span, _Rule]]:
        return ((match.span(), rule) for match in rule.pattern.finditer(text))

    for (start, end), rule in merge(*map(spans, rules), key=lambda each: each[0]):
        for target in rule.targets:
            if target != text[start:end]:
                yield Change((((start, end), target),))


def _rules(written: str, ignore_casing: bool) -> list[_Rule]:
    """The rules of "good -> bad | poor, film -> book".

    Raises:
        UserError: one is malformed, or there is none.
    """
    rules = []
    for each in written.split(","):
        source, arrow, targets = (part.strip() for part in each.partition("->"))
        if not source or not arrow or "->" in targets:
            said = f"{each.strip()!r:.60}" if each.strip() else "empty"
            raise UserError(f'A rule of {SUBSTITUTIONS} is {said}; write rules like "{_FORM}".')
        # As in LIT, a rule that begins or ends with a mark may match beside or within a word.
        start = r"\b" if regex.match(r"\w", source) else ""
        end = r"\b" if regex.search(r"\w\Z", source) else ""
        rules.append(
            _Rule(
                regex.compile(
                    start + regex.escape(source) + end, regex.IGNORECASE if ignore_casing else 0
                ),
                tuple(dict.fromkeys(target.strip() for target in targets.split("|"))),
            )
        )
    return rules
