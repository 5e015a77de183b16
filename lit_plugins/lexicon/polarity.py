"""Polarity: words that praise and words that blame."""

from __future__ import annotations

from lit_plugins.lexicon import adjectives, verbs
from lit_plugins.lexicon.antonyms import PAIRS
from lit_plugins.lexicon.words import listed


def _words(side: int) -> frozenset[str]:
    words = set((adjectives.POSITIVE, adjectives.NEGATIVE)[side])
    for adjective in sorted(words):
        words |= {adjectives.comparative(adjective), adjectives.superlative(adjective)}
    words |= {pair[side] for kind in ("adverb", "noun") for pair in PAIRS[kind]}
    words |= {pair[side] + "s" for pair in PAIRS["noun"]}
    for verb in (verbs.POSITIVE, verbs.NEGATIVE)[side]:
        words |= set(verbs.forms_of(verb))
    return frozenset(words)


# "like" is usually a preposition.
POSITIVE = _words(0) - {"like"}
"""Words that praise, in all their forms."""

NEGATIVE = _words(1) - POSITIVE
"""Words that blame, in all their forms."""

_DESCRIPTIVE = """
hot cold warm cheap expensive inexpensive costly pricey simple complicated fast slow quick soft
rough sweet bitter bright dim sharp blunt natural loud quiet silent tough tender sad easy
difficult cool gentle harsh patient brave lean sunny
"""
_DESCRIBING = """
quickly slowly quietly dream dreams hope despair hit hits hero heroes villain villains save saves
saved lose loses lost win wins won remember remembers remembered forget forgets forgot forgotten
fix fixes fixed pain pains worry worries hurt peace chaos paradise heaven hell
"""
DESCRIPTIVE = frozenset(listed(_DESCRIBING)) | frozenset(
    form
    for word in listed(_DESCRIPTIVE)
    for form in (word, adjectives.comparative(word), adjectives.superlative(word))
)
"""Words that judge in some texts and only describe in others: sweet, slow, lost."""


def polarity(key: str) -> int:
    """1 for a word that praises, -1 for a word that blames, 0 for any other word."""
    return 1 if key in POSITIVE else -1 if key in NEGATIVE else 0
