"""Replaces words by the user's rules, like LIT's generator of this name."""

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
"""Most new examples from one input; a common word in a long text could make thousands."""
_FORM = "good -> bad | poor, film -> book"
_WRITTEN = Text(SUBSTITUTIONS, "great -> terrible", "The words to replace and their replacements.")
_IGNORE_CASING = Boolean(
    IGNORE_CASING, True, "Whether capital and small letters count as the same."
)


class _Rule(NamedTuple):
    pattern: regex.Pattern[str]
    targets: tuple[str, ...]


class WordReplacer(TextGenerator):
    """Makes one new example for each matching place in a text and each replacement."""

    options = (_WRITTEN, _IGNORE_CASING)

    def description(self) -> str:
        """The text that the page shows."""
        return (
            f'Replaces words, one place at a time. Rules look like "{_FORM}"; a rule with nothing '
            "after the arrow removes the word. The label is copied and may no longer be right."
        )

    def is_compatible(self, model: lit_model.Model, dataset: lit_dataset.Dataset) -> bool:
        """Whether the dataset has texts."""
        return has_text(dataset)

    def config_spec(self) -> lit_types.Spec:
        """The rules, whether case counts, and LIT's field for the fields to change."""
        return {**config_fields(self.options), FIELDS: FIELDS_TYPE}

    def generate_all(
        self,
        inputs: Sequence[lit_types.JsonDict],
        model: lit_model.Model,
        dataset: lit_dataset.Dataset,
        config: lit_types.JsonDict | None = None,
    ) -> list[list[lit_types.JsonDict]]:
        """At most a hundred new examples for each input, in the order of the places in its text.

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
    # Lazy, because there may be millions: each matching place times each replacement.
    def spans(rule: _Rule) -> Iterator[tuple[Span, _Rule]]:
        return ((match.span(), rule) for match in rule.pattern.finditer(text))

    for (start, end), rule in merge(*map(spans, rules), key=lambda match: match[0]):
        for target in rule.targets:
            if target != text[start:end]:
                yield Change((((start, end), target),))


def _rules(written: str, ignore_casing: bool) -> list[_Rule]:
    """Parses rules such as "good -> bad | poor, film -> book".

    Raises:
        UserError: a rule is malformed, or there is none.
    """
    rules = []
    for rule in written.split(","):
        source, arrow, targets = (part.strip() for part in rule.partition("->"))
        if not source or not arrow or "->" in targets:
            shown = f"{rule.strip()!r:.60}" if rule.strip() else "empty"
            raise UserError(f'A rule of {SUBSTITUTIONS} is {shown}; write rules like "{_FORM}".')
        # As in LIT, a source that begins or ends with punctuation may touch or cut a word.
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
