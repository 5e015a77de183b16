"""Sentences generated from templates, for domains, negation and contrast that SST-2 lacks."""

from __future__ import annotations

import random
from collections.abc import Callable

from lit_plugins.embedded.training import template_words as words
from lit_plugins.embedded.training.data import Example

DOMAINS = tuple(words.THINGS)


def sentences(count: int, seed: int, kinds: tuple[str, ...] | None = None) -> list[Example]:
    """Generates examples, which depend only on the arguments.

    Args:
        count: the number of examples.
        seed: seed of the random choices.
        kinds: names from `KINDS` to draw from by their weights; None for all of them.
    """
    rng = random.Random(seed)
    chosen = tuple(KINDS) if kinds is None else kinds
    weights = [KINDS[kind][1] for kind in chosen]
    examples = []
    for kind in rng.choices(chosen, weights, k=count):
        text, positive = KINDS[kind][0](rng)
        if kind != "neutral":
            text = text[:1].upper() + text[1:]
            text += rng.choice((".", ".", ".", ".", "!", ""))
        examples.append(Example(text, positive))
    return examples


def _adjective(rng: random.Random, domain: str, good: bool) -> str:
    lists = words.GOOD if good else words.BAD
    return rng.choice(lists[rng.choice(("any", domain))])


def _event(rng: random.Random, domain: str, good: bool) -> str:
    lists = words.GOOD_EVENTS if good else words.BAD_EVENTS
    return rng.choice(lists[rng.choice(("any", domain))])


def _thing(rng: random.Random, domain: str) -> str:
    return (
        rng.choice(("the", "the", "the", "this", "my", "their"))
        + " "
        + rng.choice(words.THINGS[domain])
    )


def _stands_alone(judgement: str) -> bool:
    """Whether a judgement cannot follow "very"."""
    return judgement.startswith(
        ("a ", "as ", "below ", "dead ", "first ", "free ", "full ", "what ", "worth ")
    )


def _is(rng: random.Random, thing: str) -> str:
    plural = thing.endswith("s") and not thing.endswith("ss")
    return rng.choice(("are", "were") if plural else ("is", "was", "was"))


def _clause(rng: random.Random, domain: str, good: bool) -> str:
    """A clause with a single judgement."""
    if rng.random() < 0.3:
        return _event(rng, domain, good)
    if rng.random() < 0.3:
        return _denial(rng, domain, good)
    thing = _thing(rng, domain)
    adjective = _adjective(rng, domain, good)
    strong = ""
    if rng.random() < 0.3 and not _stands_alone(adjective):
        strong = rng.choice(words.STRONG) + " "
    return f"{thing} {_is(rng, thing)} {strong}{adjective}"


def _denial(rng: random.Random, domain: str, good: bool) -> str:
    thing = _thing(rng, domain)
    denied = rng.choice(words.DENIED_BAD if good else words.DENIED_GOOD)
    how = "not" if _stands_alone(denied) else rng.choice(words.WEAK_NOT)
    verb = _is(rng, thing)
    if how == "not at all":
        how, denied = rng.choice((("not at all", denied), ("not", f"{denied} at all")))
    shape = rng.random()
    if shape < 0.35:
        strength = rng.choice(("", "", "that ", "very ", "at all "))
        return f"{thing} {verb}n't {'' if _stands_alone(denied) else strength}{denied}"
    if shape < 0.75:
        return f"{thing} {verb} {how} {denied}"
    if shape < 0.9:
        return f"{rng.choice(('not', 'never', 'not at all'))} {denied}" + rng.choice(
            ("", " at all", f", {thing}", f" for a {rng.choice(words.THINGS[domain])}")
        )
    return f"there is nothing {denied} about {thing}"


def _plain(rng: random.Random) -> tuple[str, float]:
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    thing = _thing(rng, domain)
    adjective = _adjective(rng, domain, good)
    second = _adjective(rng, domain, good)
    text = rng.choice(
        (
            f"{thing} {_is(rng, thing)} {adjective}",
            f"{thing} {_is(rng, thing)} {adjective} and {second}",
            f"{adjective}, {second}",
            f"{thing}: {adjective}",
            f"{rng.choice(words.NEUTRAL_ASIDES)} and {thing} {_is(rng, thing)} {adjective}",
            f"we found {thing} {adjective}",
            f"{thing} turned out to be {adjective}",
        )
    )
    return text, float(good)


def _events(rng: random.Random) -> tuple[str, float]:
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    text = _event(rng, domain, good)
    if rng.random() < 0.5:
        text += rng.choice((". ", ", and ", "; ")) + _event(rng, domain, good)
    elif rng.random() < 0.5:
        text = f"{rng.choice(words.NEUTRAL_ASIDES)} and {text}"
    return text, float(good)


def _negation(rng: random.Random) -> tuple[str, float]:
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    if rng.random() < 0.7:
        return _denial(rng, domain, good), float(good)
    thing = _thing(rng, domain)
    verb = rng.choice(words.BAD_VERBS if good else words.GOOD_VERBS)
    someone = rng.choice(("I", "we", "my family", "my friends", "you"))
    refuses = rng.choice(("did not", "didn't", "would not", "won't", "will not", "can't say I"))
    return f"{someone} {refuses} {verb} {thing}", float(good)


def _double_negation(rng: random.Random) -> tuple[str, float]:
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    thing = _thing(rng, domain)
    adjective = _adjective(rng, domain, not good)
    text = rng.choice(
        (
            f"nobody could say that {thing} {_is(rng, thing)} {adjective}",
            f"I would not call {thing} {adjective}",
            f"it is not true that {thing} {_is(rng, thing)} {adjective}",
            f"I can't say {thing} {_is(rng, thing)} {adjective}",
            f"don't believe those who call {thing} {adjective}",
        )
    )
    return text, float(good)


def _contrast(rng: random.Random) -> tuple[str, float]:
    """Two opposed clauses; the label is that of the clause after "but", or outside "although"."""
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    verdict, conceded = _clause(rng, domain, good), _clause(rng, domain, not good)
    text = rng.choice(
        (
            f"{conceded}, but {verdict}",
            f"{conceded} but {verdict}",
            f"{conceded}. Still, {verdict}",
            f"{conceded}; however, {verdict}",
            f"although {conceded}, {verdict}",
            f"{verdict}, even though {conceded}",
            f"despite what they say, {verdict}",
            f"{conceded}, yet {verdict}",
            f"I expected that {conceded}, but in fact {verdict}",
            f"I thought {conceded}. I was wrong: {verdict}",
        )
    )
    return text, float(good)


def _two_clauses(rng: random.Random) -> tuple[str, float]:
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    link = rng.choice((" and ", ", and ", ". ", "; "))
    return _clause(rng, domain, good) + link + _clause(rng, domain, good), float(good)


def _comparison(rng: random.Random) -> tuple[str, float]:
    domain, good = rng.choice(DOMAINS), rng.random() < 0.5
    thing = rng.choice(words.THINGS[domain])
    more = rng.choice(
        ("better", "nicer", "more reliable", "cheaper")
        if good
        else ("worse", "slower", "uglier", "less reliable")
    )
    text = rng.choice(
        (
            f"this {thing} is {more} than the old one",
            f"much {more} than the last {thing} I tried",
            f"I have never had a {'better' if good else 'worse'} {thing}",
            f"the {'best' if good else 'worst'} {thing} in years",
            f"no other {thing} comes close" if good else f"any other {thing} would be better",
        )
    )
    return text, float(good)


def _neutral(rng: random.Random) -> tuple[str, float]:
    shape = rng.random()
    if shape < 0.04:
        return "", 0.5
    if shape < 0.3:
        return " ".join(rng.choices(words.NEUTRAL_WORDS, k=rng.choice((1, 1, 1, 2, 3, 4)))), 0.5
    domain = rng.choice(DOMAINS)
    if shape < 0.45:
        thing = rng.choice(words.THINGS[domain])
        return rng.choice((f"the {thing}", f"a {thing}", f"this {thing}", thing)), 0.5
    text = rng.choice(words.NEUTRAL_EVENTS)
    if shape < 0.65:
        text += rng.choice((" and ", ". ", ", ")) + rng.choice(words.NEUTRAL_EVENTS)
    return text[:1].upper() + text[1:] + rng.choice((".", ".", "")), 0.5


Kind = Callable[[random.Random], tuple[str, float]]
KINDS: dict[str, tuple[Kind, float]] = {
    "plain": (_plain, 3.0),
    "events": (_events, 2.0),
    "negation": (_negation, 3.0),
    "double negation": (_double_negation, 1.0),
    "contrast": (_contrast, 3.0),
    "two clauses": (_two_clauses, 2.0),
    "comparison": (_comparison, 1.0),
    "neutral": (_neutral, 2.0),
}
ORDER_FREE_KINDS = ("plain", "events", "comparison", "neutral")
