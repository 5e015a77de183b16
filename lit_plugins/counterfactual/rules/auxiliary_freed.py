"""Removes the negation of an auxiliary: "isn't" to "is", "doesn't fit" to "fits"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import (
    Replacement,
    capitalized,
    in_case_of,
    starts_sentence,
)
from lit_plugins.counterfactual.rules.negated import NegatedAuxiliary, is_turned
from lit_plugins.counterfactual.rules.polarity_items import freed
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.function_words import AUXILIARIES, DO, FUNCTION_WORDS, is_adverb
from lit_plugins.lexicon.verbs import READ, forms_of
from lit_plugins.lexicon.words import listed

NOT_AFTER_NOT = frozenset(
    listed(
        "only just merely simply to that exactly quite necessarily least even unlike because if "
        "when until unless by"
    )
)
"""Words after a "not" that cannot be removed or negates something else: not only, not quite."""

_NOT_AFTER_AUXILIARIES = NOT_AFTER_NOT | frozenset(
    listed("much really all every so too help mind care")
)
_NOT_AFTER_DO = frozenset(listed("mind bother wish give care know mean think worry let"))
_FAR = 40
"""How far, in words, to look for another verb of the same auxiliary."""


def without_negation(
    reading: Reading, index: int, negated: NegatedAuxiliary
) -> list[Replacement] | None:
    """Makes a negated auxiliary a plain one.

    Args:
        reading: the text.
        index: index of the auxiliary's first word.
        negated: the auxiliary.

    Returns:
        The replacements; None if the result would not be English.
    """
    after = reading.key(negated.last + 1)
    rest = freed(reading, negated.last + 1)
    if rest is None or reading.is_mark(negated.last + 1) or is_turned(reading, negated.last):
        return None
    if negated.auxiliary in DO:
        done = _without_do(reading, index, negated)
        return None if done is None else done + rest
    if after in _NOT_AFTER_AUXILIARIES or negated.auxiliary in ("need", "must"):
        return None
    if after == "as" and reading.key(negated.last + 2) in ("if", "though"):
        return None
    if reading.starts_clause(index) and negated.auxiliary in AUXILIARIES:
        # "Couldn't look away" omits its subject, but "Could look away" reads like a question.
        return None
    start, end = reading.span(index, negated.last)
    if reading.key(negated.last) == "not":
        return [((reading.words[negated.last].start, end), ""), *rest]
    return [((start, end), in_case_of(negated.auxiliary, reading.words[index].text)), *rest]


def _without_do(
    reading: Reading, index: int, negated: NegatedAuxiliary
) -> list[Replacement] | None:
    """Removes a negated "do": does not fit: fits. Does not really fit: really fits."""
    first = negated.last + 1 + (reading.key(negated.last + 1) == "even")
    ends = NOT_AFTER_NOT | {"much", "not"}
    verb = reading.skip(
        first, 1, lambda other: is_adverb(reading.key(other)) and reading.key(other) not in ends
    )
    base = reading.key(verb)
    if base in _NOT_AFTER_DO or base in FUNCTION_WORDS - {"have", "do", "like"}:
        return None
    if not base.isalpha() or (negated.auxiliary != "do" and _goes_on_with_a_verb(reading, verb)):
        return None
    forms = forms_of(base)
    form = {"does": forms.third, "did": forms.past}.get(negated.auxiliary, base)
    spelled = f"{reading.written(first, verb - 1).lower()} {form}" if first < verb else form
    start, negation = reading.words[index].start, reading.words[index].text
    if negation.isupper() and not reading.words[verb].text.isupper():
        # In "DO NOT book", the capitals stress only the negation, so the verb keeps its own case.
        spelled = capitalized(spelled) if starts_sentence(reading.text, start) else spelled
    else:
        spelled = in_case_of(spelled, negation)
    return [((start, reading.words[verb].end), spelled)]


def _goes_on_with_a_verb(reading: Reading, verb: int) -> bool:
    """Whether another verb depends on the same auxiliary: doesn't sit and wait."""
    for index in range(verb + 1, min(reading.sentence(verb).stop, verb + _FAR)):
        if reading.key(index) in ("or", "nor"):
            return True
        if reading.key(index) in ("and", ",") and "base" in READ.get(reading.key(index + 1), {}):
            return True
    return False
