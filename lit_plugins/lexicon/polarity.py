"""Which words judge, and which way."""

from __future__ import annotations

from lit_plugins.lexicon import adjectives, verbs
from lit_plugins.lexicon.antonyms import PAIRS


def _words(side: int) -> frozenset[str]:
    found = set((adjectives.POSITIVE, adjectives.NEGATIVE)[side])
    for adjective in sorted(found):
        found |= {adjectives.comparative(adjective), adjectives.superlative(adjective)}
    found |= {pair[side] for kind in ("adverb", "noun") for pair in PAIRS[kind]}
    found |= {pair[side] + "s" for pair in PAIRS["noun"]}
    for verb in (verbs.POSITIVE, verbs.NEGATIVE)[side]:
        found |= set(verbs.forms_of(verb))
    return frozenset(found)


# "like" is a preposition more often than not.
POSITIVE = _words(0) - {"like"}
NEGATIVE = _words(1) - POSITIVE
"""Words that judge, in all their forms."""


def polarity(key: str) -> int:
    """1 for a word that praises, -1 for one that blames, 0 for any other."""
    return 1 if key in POSITIVE else -1 if key in NEGATIVE else 0
