"""Words of degree: amplifiers strengthen the word that follows, downtoners weaken it."""

from __future__ import annotations

from lit_plugins.lexicon.words import listed

AMPLIFIERS = frozenset(
    listed(
        "very extremely incredibly unbelievably absolutely totally utterly completely thoroughly "
        "entirely really truly genuinely deeply highly hugely enormously immensely intensely "
        "exceptionally extraordinarily exceedingly remarkably amazingly astonishingly "
        "surprisingly impressively outrageously outstandingly insanely crazily ridiculously "
        "stupidly absurdly wildly madly terribly awfully dreadfully horribly painfully "
        "agonisingly agonizingly embarrassingly shamelessly shockingly ludicrously hilariously "
        "wonderfully fantastically gloriously beautifully brilliantly infinitely supremely vastly "
        "massively seriously severely strikingly stunningly particularly especially unusually "
        "uncommonly profoundly positively perfectly downright outright bloody damn freaking "
        "friggin effing hella super mega uber ultra way far soooo sooo soo"
    )
)
DOWNTONERS = frozenset(
    listed(
        "somewhat slightly fairly rather mildly moderately partly partially relatively reasonably "
        "vaguely marginally faintly almost nearly borderline passably tolerably kinda sorta"
    )
)
DEGREE_PHRASES = frozenset(
    listed(
        "a_bit a_little a_tad a_touch kind_of sort_of more_or_less to_some_extent so_much so_many "
        "such_a such_an way_too far_too very_much a_whole_lot"
    )
)
"""Phrases of degree."""

BEFORE_A_QUALITY = frozenset(listed("so too pretty quite most plain dead well real super way far"))
"""Words of degree if an adjective or adverb follows: so good, pretty slow, too late."""

STRONGER = {
    "somewhat": "very",
    "slightly": "extremely",
    "fairly": "very",
    "rather": "very",
    "mildly": "extremely",
    "moderately": "very",
    "relatively": "very",
    "reasonably": "very",
    "pretty": "very",
    "quite": "very",
    "kinda": "really",
    "sorta": "really",
    "very": "extremely",
}
"""For a word of degree, a stronger one to replace it."""

WEAKER = {
    "very": "somewhat",
    "really": "fairly",
    "truly": "fairly",
    "extremely": "slightly",
    "incredibly": "somewhat",
    "unbelievably": "somewhat",
    "insanely": "somewhat",
    "ridiculously": "somewhat",
    "exceptionally": "fairly",
    "extraordinarily": "fairly",
    "exceedingly": "somewhat",
    "remarkably": "fairly",
    "thoroughly": "somewhat",
    "absolutely": "rather",
    "totally": "rather",
    "utterly": "rather",
    "completely": "rather",
    "super": "fairly",
    "deeply": "mildly",
    "highly": "moderately",
    "terribly": "slightly",
    "awfully": "slightly",
    "painfully": "slightly",
    "so": "somewhat",
}
"""For a word of degree, a weaker one to replace it."""
