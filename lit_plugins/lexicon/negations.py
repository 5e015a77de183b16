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
"""The negated auxiliary, and the auxiliary."""

WITHOUT_APOSTROPHE = {negated.replace("'", ""): word for negated, word in CONTRACTED.items()}
"""The same as they are written in haste: doesnt, cant."""

CUT_SHORT = {"ca": "can", "wo": "will"}
"""What stands before a "n't" that is a word of its own, where it is no auxiliary."""

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
"""Those that negate as a part of a word with hyphens: not-so-good, but no-frills is no negation."""

NOT_NEGATING = frozenset(listed("only just merely simply solely to_mention least"))
"""What follows a "not" that negates nothing: not only, not least."""

NO_IDIOMS = frozenset(listed("doubt wonder matter"))
"""What follows a "no" that negates nothing: no doubt."""
