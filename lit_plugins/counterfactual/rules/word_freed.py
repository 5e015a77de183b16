"""Removes or reverses a negating word: "never", "no", "nobody", "without"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Replacement, in_case_of
from lit_plugins.counterfactual.rules.auxiliary_freed import NOT_AFTER_NOT
from lit_plugins.counterfactual.rules.polarity_items import freed
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.adjectives import ADJECTIVES
from lit_plugins.lexicon.articles import article_for
from lit_plugins.lexicon.function_words import (
    AUXILIARIES,
    DETERMINERS,
    PREPOSITIONS,
    is_adverb,
)
from lit_plugins.lexicon.nouns import COUNTED, UNCOUNTED, is_plural
from lit_plugins.lexicon.verbs import READ
from lit_plugins.lexicon.words import listed

_ALL = {
    "nobody": "everybody",
    "no-one": "everyone",
    "nothing": "everything",
    "nowhere": "everywhere",
}
_NOT_AFTER_NONE = frozenset(
    listed("but like to extra short less if more near special new wrong says beats")
)
_NOT_BEFORE_NONE = frozenset(listed("to for if like almost or and but 's there's says"))
_SELDOM = frozenset(listed("hardly barely scarcely rarely seldom"))
_NOT_AFTER_NEVER = (
    (AUXILIARIES - {"be", "had"})
    | DETERMINERS
    | PREPOSITIONS
    | frozenset(listed("once again mind ever not before quite so more"))
)
_HAVING = frozenset(listed("have has had having is are was were 's 've with found find there's"))
_MORE_NOUNS = frozenset(listed("or nor and , no"))


def without_negation(reading: Reading, index: int) -> list[Replacement] | None:
    """Frees a clause of the negating word at an index.

    Returns:
        The replacements; None if the result would not be English.
    """
    key = reading.key(index)
    if key == "no" and reading.key(index + 1) == "one" and reading.key(index + 2) != "of":
        return _all(reading, index, index + 1, "everyone")
    if key in _ALL:
        return _all(reading, index, index, _ALL[key])
    if key == "without":
        return _with(reading, index)
    if key == "no":
        return _no(reading, index)
    goes = (
        (key == "not" and _may_lose_not(reading, index))
        or (key == "never" and _may_lose_never(reading, index))
        or (key in _SELDOM and _may_lose_seldom(reading, index))
    )
    rest = freed(reading, index + 1) if goes else None
    return None if rest is None else [(reading.span(index, index), ""), *rest]


def _may_lose_not(reading: Reading, index: int) -> bool:
    """Whether a "not" can be removed: not good, not very good, not always funny, not enough."""
    before, after = reading.key(index - 1), reading.key(index + 1)
    if before in AUXILIARIES or reading.is_be(index - 1):
        # `auxiliary_freed` handles a "not" after an auxiliary.
        return False
    if (
        after in NOT_AFTER_NOT
        or after == "much"
        or before in ("or", "if", "why", "but", "and", ",")
    ):
        return False
    if (after, reading.key(index + 2)) in (("worth", "a"), ("as", "if"), ("as", "though")):
        return False
    quality = index + 1
    while quality < index + 6 and (reading.is_degree(quality) or is_adverb(reading.key(quality))):
        quality += 1
    return reading.key(quality) in ADJECTIVES or after in ("worth", "all", "every", "enough", "as")


def _may_lose_never(reading: Reading, index: int) -> bool:
    before, after = reading.key(index - 1), reading.key(index + 1)
    if reading.is_mark(index + 1) or after in _NOT_AFTER_NEVER or before in ("or", "and", "but"):
        return False
    # "Never had I seen it" has its subject after the verb.
    return not (after == "had" and reading.starts_clause(index))


def _may_lose_seldom(reading: Reading, index: int) -> bool:
    after = reading.key(index + 1)
    return (after in ADJECTIVES or after in READ) and reading.key(index - 1) != "can"


def _no(reading: Reading, index: int) -> list[Replacement] | None:
    """Frees a clause of a "no": have no complaints, is no reason, makes no sense."""
    before, after = reading.key(index - 1), reading.key(index + 1)
    having = before in _HAVING or before.endswith(("'s", "'ve")) or before in READ
    rest = freed(reading, index + 1)
    if rest is None or not having or reading.key(index + 2) in _MORE_NOUNS:
        return None
    word = reading.words[index]
    if is_plural(after) or (after in UNCOUNTED and reading.key(index + 2) != "of"):
        return [((word.start, word.end), ""), *rest]
    if after in COUNTED or after == "sense":
        return [((word.start, word.end), in_case_of(article_for(after), word.text)), *rest]
    return None


def _with(reading: Reading, index: int) -> list[Replacement] | None:
    after = reading.key(index + 1)
    counted = after in ("a", "an") and reading.key(index + 2) in COUNTED
    alone = reading.negations(reading.clause(index)) == 1 and not reading.is_be(index - 1)
    if not alone or not (counted or after in UNCOUNTED or is_plural(after)):
        return None
    word = reading.words[index]
    return [((word.start, word.end), in_case_of("with", word.text))]


def _all(reading: Reading, first: int, last: int, all_of_it: str) -> list[Replacement] | None:
    """Reverses a word such as "nobody" to one such as "everybody", as a subject or an object."""
    before, after = reading.key(first - 1), reading.key(last + 1)
    rest = freed(reading, last + 1)
    if rest is None or after in _NOT_AFTER_NONE or after in ADJECTIVES:
        return None
    if before in _NOT_BEFORE_NONE or reading.is_be(first - 1):
        return None
    if reading.is_mark(last + 1) and all_of_it == "everywhere":
        return None
    return [
        (reading.span(first, last), in_case_of(all_of_it, reading.words[first].text)),
        *rest,
    ]
