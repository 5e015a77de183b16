"""Words that negate, and auxiliaries with their contracted negations."""

from __future__ import annotations

from lit_plugins.lexicon.words import listed

CONTRACTED = {
    "isn't": "is",
    "aren't": "are",
    "wasn't": "was",
    "weren't": "were",
    "doesn't": "does",
    "don't": "do",
    "didn't": "did",
    "hasn't": "has",
    "haven't": "have",
    "hadn't": "had",
    "won't": "will",
    "wouldn't": "would",
    "can't": "can",
    "couldn't": "could",
    "shouldn't": "should",
    "mustn't": "must",
    "needn't": "need",
}
"""Auxiliaries, by their contracted negations."""

WITHOUT_APOSTROPHE = {negated.replace("'", ""): word for negated, word in CONTRACTED.items()}
"""Auxiliaries, by contracted negations without an apostrophe: doesnt, cant."""

CUT_SHORT = {"ca": "can", "wo": "will"}
"""Auxiliaries, by their shortened forms before a separate "n't": ca n't, wo n't."""

NEGATIONS = (
    frozenset(
        listed(
            "not no never none nobody nothing nowhere neither nor cannot without nope nah ain't "
            "aint n't nought hardly barely scarcely rarely seldom shan't mightn't daren't"
        )
    )
    | frozenset(CONTRACTED)
    | frozenset(WITHOUT_APOSTROPHE)
)

HYPHENATED_NEGATIONS = frozenset(listed("not never"))
"""Words that negate inside a hyphenated word: not-so-good. "No" is not one of them: no-frills."""

NOT_NEGATING = frozenset(listed("only just merely simply solely to_mention least"))
"""Words and phrases after a "not" that does not negate: not only, not least."""

NO_IDIOMS = frozenset(listed("doubt wonder matter"))
"""Words after a "no" that does not negate: no doubt."""
