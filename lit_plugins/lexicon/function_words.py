"""Words of grammar: pronouns, determiners, auxiliaries, connectives."""

from __future__ import annotations

from lit_plugins.lexicon.words import listed

SUBJECTS = frozenset(
    listed(
        "i you he she it we they this that these those who which everyone everybody everything "
        "someone somebody something"
    )
)
PRONOUNS = SUBJECTS | frozenset(
    listed(
        "me him her us them one anyone anybody anything myself yourself himself herself itself "
        "ourselves themselves what whom mine yours ours theirs"
    )
)
POSSESSIVES = frozenset(listed("my your his her its our their whose"))
DETERMINERS = POSSESSIVES | frozenset(
    listed(
        "a an the this that these those some any each every both all no such what another one "
        "two three four five six seven eight nine ten many few several most half which"
    )
)
PREPOSITIONS = frozenset(
    listed(
        "of in on at by for with without from to into onto over under after before about as like "
        "than through between against during until till around near across behind beyond inside "
        "outside out off up down upon within despite per along"
    )
)
CONJUNCTIONS = frozenset(
    listed(
        "and or but nor so yet because although though while whereas if unless when whenever where "
        "wherever since that which who whether how why what than once"
    )
)

BE = frozenset(listed("am is are was were"))
MODALS = frozenset(listed("will would can could should"))
HAVE = frozenset(listed("have has had"))
DO = frozenset(listed("do does did"))
AUXILIARIES = BE | MODALS | HAVE | DO | frozenset(listed("be been being must may might shall"))

ADVERBS = frozenset(
    listed(
        "also always already almost even ever far here just maybe more most much never not now "
        "often once only perhaps quite rather really simply so sometimes soon still then there "
        "too usually very well yet again away back"
    )
)

FUNCTION_WORDS = (
    PRONOUNS | DETERMINERS | PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | ADVERBS | {"there", "let"}
)

_NOT_ADVERBS = frozenset(
    listed(
        "fly rely reply apply supply comply imply multiply family belly jelly bully lily italy "
        "silly ugly friendly lovely lively lonely lowly homely smelly oily unfriendly early daily "
        "holy jolly costly deadly elderly cowardly orderly curly woolly hilly wobbly july only "
        "weekly monthly yearly likely unlikely melancholy bubbly crumbly cuddly prickly sickly "
        "stately timely ghastly heavenly kindly worldly assembly anomaly butterfly doily"
    )
)


def is_adverb(key: str) -> bool:
    """Whether a word is an adverb: one of `ADVERBS`, or in -ly and not a known other word."""
    return key in ADVERBS or (len(key) > 4 and key.endswith("ly") and key not in _NOT_ADVERBS)


def roles(key: str) -> frozenset[str]:
    """The possible roles of a word in a sentence: kinds of function words, or only "content"."""
    possible = {name for name, words in _ROLES.items() if key in words}
    if is_adverb(key):
        possible.add("adverb")
    return frozenset(possible or {"content"})


_ROLES = {
    "pronoun": PRONOUNS,
    "determiner": DETERMINERS,
    "preposition": PREPOSITIONS,
    "conjunction": CONJUNCTIONS,
    "auxiliary": AUXILIARIES,
}
