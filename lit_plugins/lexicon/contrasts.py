"""Words that express a contrast."""

from __future__ import annotations

from lit_plugins.lexicon.words import listed

CONTRASTS = frozenset(
    listed(
        "but however although though tho despite nevertheless nonetheless notwithstanding "
        "whereas albeit regardless alas"
    )
)
CONTRAST_PHRASES = frozenset(
    listed(
        "in_spite_of on_the_other_hand even_so then_again that_said having_said_that and_yet "
        "all_the_same by_contrast in_contrast"
    )
)
BEFORE_EXCEPTING_BUT = frozenset(
    listed(
        "nothing anything all everything everyone everybody nobody none anyone anybody no-one "
        "one last cannot help"
    )
)
"""Words before a "but" that means "except": nothing but trouble, all but one."""

BEFORE_OTHER_YET = frozenset(listed("not as never no have has is are n't"))
"""Words before a "yet" that refers to time: not yet."""

AFTER_OTHER_YET = frozenset(listed("again another to more"))
"""Words after a "yet" that refers to time or repetition: yet another."""
