"""Nouns that follow "no" or "without" in reviews, by whether they can be counted."""

from __future__ import annotations

from lit_plugins.lexicon.words import listed

UNCOUNTED = frozenset(
    listed(
        "charm chemistry flavour flavor taste soul humour humor depth substance tension style "
        "warmth energy fun magic logic sense passion wit emotion originality imagination "
        "creativity suspense excitement character atmosphere comfort privacy seasoning texture "
        "support help hope joy effort care respect merit value quality interest talent "
        "grace subtlety elegance realism truth dignity honesty personality motivation pace "
        "direction purpose ambition"
    )
)
"""Nouns that take no article."""

COUNTED = frozenset(
    listed(
        "reason plot story point problem flaw complaint surprise regret issue delay bug glitch "
        "twist payoff ending joke mistake drawback downside disappointment improvement bargain "
        "masterpiece gem classic treat winner hit success failure disaster mess joker hitch "
        "heart spark clue idea"
    )
)
"""Nouns that take an article in the singular, and none in the plural."""


def is_plural(key: str) -> bool:
    """Whether a word is the plural of one of `COUNTED`."""
    singular = key[:-3] + "y" if key.endswith("ies") else key[:-1]
    return key.endswith("s") and singular in COUNTED
