"""Takes a negation out: "not good" to "good", "doesn't fit" to "fits", "nobody" to "everybody"."""

from __future__ import annotations

from lit_plugins.counterfactual.change import (
    Change,
    Replacement,
    capitalized,
    in_case_of,
    starts_sentence,
)
from lit_plugins.counterfactual.rules.negated import (
    NegatedAuxiliary,
    is_turned,
    negated_auxiliary,
)
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.counterfactual.rules.says import says_one_thing
from lit_plugins.lexicon.adjectives import ADJECTIVES
from lit_plugins.lexicon.articles import article_for
from lit_plugins.lexicon.forms import GRADED
from lit_plugins.lexicon.function_words import (
    AUXILIARIES,
    DETERMINERS,
    DO,
    FUNCTION_WORDS,
    PREPOSITIONS,
    is_adverb,
)
from lit_plugins.lexicon.nouns import COUNTED, UNCOUNTED, is_plural
from lit_plugins.lexicon.verbs import READ, forms_of
from lit_plugins.lexicon.words import listed

NAME = "negation_removed"

# What a negation brings along, and what stands there without it; None where nothing can.
_SOME = {
    "any": "some",
    "anything": "something",
    "anyone": "someone",
    "anybody": "somebody",
    "anywhere": "somewhere",
}
_ONLY_NEGATED = frozenset(
    listed(
        "ever yet either anymore until single whatsoever nor let bother half slightest dare "
        "nearly remotely"
    )
)
_NOT_AFTER_NOT = frozenset(
    listed(
        "only just merely simply to that exactly quite necessarily least even unlike because if "
        "when until unless by"
    )
)
_ALL = {
    "nobody": "everybody",
    "no-one": "everyone",
    "nothing": "everything",
    "nowhere": "everywhere",
}
_SELDOM = frozenset(listed("hardly barely scarcely rarely seldom"))
_TAKING_UP = frozenset(listed("none zero nor neither either"))
_LEAST = frozenset(listed("drop thing word soul penny dime cent bit scrap shred ounce jot patch"))
# Words that the rest of a clause is read for.
_FAR = 40
_HAVING = frozenset(listed("have has had having is are was were 's 've with found find there's"))


def find(text: str) -> list[Change]:
    """One change for each negation that can go and leave English."""
    reading = Reading(text)
    changes = []
    for at in range(len(reading)):
        if reading.is_question(at):
            continue
        parts = _without_negation(reading, at)
        if parts:
            changes.append(Change(tuple(sorted(parts)), NAME))
    return changes


def _without_negation(reading: Reading, at: int) -> list[Replacement] | None:
    auxiliary = negated_auxiliary(reading, at)
    if auxiliary is not None:
        return _auxiliary(reading, at, auxiliary)
    key = reading.key(at)
    if key == "not":
        before = reading.key(at - 1)
        # What follows an auxiliary was looked at with it.
        return None if before in AUXILIARIES or reading.is_be(at - 1) else _not(reading, at)
    if key == "never":
        return _never(reading, at)
    if key in _SELDOM:
        return _seldom(reading, at)
    if key == "no":
        return _no(reading, at)
    if key == "without":
        return _without(reading, at)
    if key in _ALL:
        return _all(reading, at, at, _ALL[key])
    return None


def _auxiliary(reading: Reading, at: int, found: NegatedAuxiliary) -> list[Replacement] | None:
    rest = _rest(reading, found.last + 1)
    after = reading.key(found.last + 1)
    if rest is None or reading.is_mark(found.last + 1) or is_turned(reading, found.last):
        return None
    if found.auxiliary in DO:
        done = _without_do(reading, at, found)
        return None if done is None else done + rest
    if after == "as" and reading.key(found.last + 2) in ("if", "though"):
        return None
    if after in _NOT_AFTER_NOT or after in ("much", "really", "all", "every", "so", "too"):
        return None
    if found.auxiliary in ("need", "must") or after in ("help", "mind", "care"):
        return None
    if reading.starts_clause(at) and found.auxiliary in AUXILIARIES:
        # "Could look away" asks, "Couldn't look away" leaves out who.
        return None
    start, end = reading.span(at, found.last)
    if reading.key(found.last) == "not":
        return [((reading.words[found.last].start, end), ""), *rest]
    return [((start, end), in_case_of(found.auxiliary, reading.words[at].text)), *rest]


def _without_do(reading: Reading, at: int, found: NegatedAuxiliary) -> list[Replacement] | None:
    """Does not fit: fits. Does not really fit: really fits. Do not buy: buy."""
    first = found.last + 1
    verb = first
    if reading.key(verb) == "even":
        verb += 1
    adverb = verb
    not_before_it = _NOT_AFTER_NOT | {"much", "not"}
    while is_adverb(reading.key(verb)) and reading.key(verb) not in not_before_it:
        verb += 1
    base = reading.key(verb)
    if reading.is_mark(verb) or base in FUNCTION_WORDS - {"have", "do", "like"}:
        return None
    if base in ("mind", "bother", "wish", "give", "care", "know", "mean", "think", "worry", "let"):
        return None
    if found.auxiliary != "do" and _goes_on_with_a_verb(reading, verb):
        return None
    if not base.isalpha() or "any" in base:
        return None
    forms = forms_of(base)
    form = {"does": forms.third, "did": forms.past}.get(found.auxiliary, base)
    start = reading.words[at].start
    spelled = f"{reading.written(adverb, verb - 1).lower()} {form}" if adverb < verb else form
    negation, written = reading.words[at].text, reading.words[verb].text
    if negation.isupper() and not written.isupper():
        # "DO NOT book" shouts the negation only.
        spelled = capitalized(spelled) if starts_sentence(reading.text, start) else spelled
    else:
        spelled = in_case_of(spelled, negation)
    return [((start, reading.words[verb].end), spelled)]


def _goes_on_with_a_verb(reading: Reading, verb: int) -> bool:
    """Whether another verb hangs on the same auxiliary: doesn't sit and wait."""
    for at in range(verb + 1, min(reading.sentence(verb).stop, verb + _FAR)):
        if reading.key(at) in ("or", "nor"):
            return True
        if reading.key(at) in ("and", ",") and "base" in READ.get(reading.key(at + 1), {}):
            return True
    return False


def _not(reading: Reading, at: int) -> list[Replacement] | None:
    """Not good, not very good, not always funny, not all, not worth, not enough."""
    after = reading.key(at + 1)
    rest = _rest(reading, at + 1)
    if rest is None or after in _NOT_AFTER_NOT or reading.key(at - 1) in ("or", "if", "why"):
        return None
    quality = at + 1
    while quality < at + 6 and (reading.is_degree(quality) or is_adverb(reading.key(quality))):
        quality += 1
    if (after, reading.key(at + 2)) in (("worth", "a"), ("as", "if"), ("as", "though")):
        return None
    good = reading.key(quality) in ADJECTIVES or after in ("worth", "all", "every", "enough", "as")
    if not good or after == "much" or reading.key(at - 1) in ("but", "and", ","):
        return None
    return [(reading.span(at, at), ""), *rest]


def _never(reading: Reading, at: int) -> list[Replacement] | None:
    after, before = reading.key(at + 1), reading.key(at - 1)
    rest = _rest(reading, at + 1)
    if rest is None or reading.is_mark(at + 1) or after in AUXILIARIES - {"be", "been", "had"}:
        return None
    if after in DETERMINERS | PREPOSITIONS | {
        "once",
        "again",
        "mind",
        "ever",
        "not",
        "before",
        "quite",
        "so",
        "more",
        "been",
    } or before in ("or", "and", "but"):
        return None
    if after == "had" and before in ("", ".", ","):
        return None
    return [(reading.span(at, at), ""), *rest]


def _seldom(reading: Reading, at: int) -> list[Replacement] | None:
    after = reading.key(at + 1)
    rest = _rest(reading, at + 1)
    if rest is None or not (after in ADJECTIVES or after in READ) or reading.key(at - 1) == "can":
        return None
    return [(reading.span(at, at), ""), *rest]


def _no(reading: Reading, at: int) -> list[Replacement] | None:
    after = reading.key(at + 1)
    if after == "one" and reading.key(at + 2) != "of":
        return _all(reading, at, at + 1, "everyone")
    before = reading.key(at - 1)
    having = before in _HAVING or before.endswith(("'s", "'ve")) or before in READ
    rest = _rest(reading, at + 1)
    if rest is None or not having or reading.key(at + 2) in ("or", "nor", "and", ",", "no"):
        return None
    word = reading.words[at]
    if is_plural(after) or (after in UNCOUNTED and reading.key(at + 2) != "of"):
        return [((word.start, word.end), ""), *rest]
    if after in COUNTED or after == "sense":
        return [((word.start, word.end), in_case_of(article_for(after), word.text)), *rest]
    return None


def _without(reading: Reading, at: int) -> list[Replacement] | None:
    after = reading.key(at + 1)
    counted = after in ("a", "an") and reading.key(at + 2) in COUNTED
    if not (counted or after in UNCOUNTED or is_plural(after)) or (
        reading.negations(reading.clause(at)) > 1
    ):
        return None
    if reading.is_be(at - 1):
        return None
    word = reading.words[at]
    return [((word.start, word.end), in_case_of("with", word.text))]


def _all(reading: Reading, first: int, last: int, all_of_it: str) -> list[Replacement] | None:
    """Nobody: everybody; as subjects and objects."""
    after, before = reading.key(last + 1), reading.key(first - 1)
    rest = _rest(reading, last + 1)
    if rest is None or after in (
        "but",
        "like",
        "to",
        "extra",
        "short",
        "less",
        "if",
        "more",
        "near",
    ):
        return None
    if before in ("to", "for", "if", "like", "almost", "or", "and", "but", "'s", "there's", "says"):
        return None
    if after in ADJECTIVES or after in ("special", "new", "wrong", "says", "beats"):
        return None
    if reading.is_be(first - 1) or reading.is_mark(last + 1) and all_of_it == "everywhere":
        return None
    word = reading.words[first]
    return [(reading.span(first, last), in_case_of(all_of_it, word.text)), *rest]


def _rest(reading: Reading, first: int) -> list[Replacement] | None:
    """What else changes up to the end of the clause once the negation is gone; None if it cannot.

    "any" becomes "some", "at all" goes; "ever", "yet" and their like have nothing to become.
    """
    if first >= len(reading) or _is_taken_up(reading, reading.clause(first).stop):
        return None
    parts: list[Replacement] = []
    for at in range(first, min(reading.clause(first).stop, first + _FAR)):
        key, after = reading.key(at), reading.key(at + 1)
        little = key == "a" and after in _LEAST
        if little or key in _ONLY_NEGATED or (key == "so" and after == "much"):
            return None
        if key == "much" and reading.key(at - 1) not in ("so", "too", "very", "how", "as"):
            return None
        if reading.is_negation(at):
            break
        if key in _SOME:
            if after in ("good", "better", "worse", "more", "longer", "less", "fewer", "other") or (
                after in GRADED
            ):
                return None
            word = reading.words[at]
            parts.append(((word.start, word.end), in_case_of(_SOME[key], word.text)))
        elif key == "at" and after == "all":
            parts.append((reading.span(at, at + 1), ""))
    return parts


def _is_taken_up(reading: Reading, end: int) -> bool:
    """Whether what comes later says the negation again: not even the salad; none, zero; either."""
    later = reading.keys[end : end + 12]
    instead = {"rather", "instead", "also"}.intersection(later[:3])
    return bool(instead) or not _TAKING_UP.isdisjoint(later) or "not even" in " ".join(later)


def testable(text: str) -> bool:
    """Whether the one word that judges is what all negations of the text are about."""
    reading = Reading(text)
    negations = [at for at in range(len(reading)) if reading.is_negation(at)]
    return says_one_thing(text) and all(reading.judges(at) for at in negations)


RULE = Rule(
    NAME,
    "Negation removed",
    'Takes a negation out: "not good" to "good", "doesn\'t fit" to "fits", "nobody" to '
    '"everybody".',
    "opposite",
    find,
    testable,
)
