"""Adjectives that judge or describe: their polarity, their degrees, and their forms."""

from __future__ import annotations

from lit_plugins.lexicon.antonyms import PAIRS
from lit_plugins.lexicon.words import listed

EXTREME = frozenset(
    listed(
        "extraordinary lovely beautiful great terrible excellent awful wonderful horrible "
        "fantastic dreadful superb brilliant atrocious perfect flawless amazing appalling "
        "outstanding exceptional terrific marvellous marvelous abysmal fabulous ghastly splendid "
        "wretched gorgeous hideous stunning hilarious spectacular spotless immaculate filthy "
        "useless worthless pointless essential unforgettable delicious disgusting revolting "
        "unbearable unreadable inedible hopeless dazzling soulless lifeless joyless witless "
        "tasteless mindless priceless heavenly sublime exquisite magnificent phenomenal "
        "astonishing breathtaking incredible unbelievable ridiculous absurd hateful horrendous "
        "horrid horrific dire vile insufferable intolerable enormous huge tiny ancient freezing "
        "boiling furious exhausted starving thrilled delighted charmless humourless incompetent "
        "impossible obscene rotten mediocre unique ideal unwatchable excruciating deafening "
        "devastating mesmerising mesmerizing riveting fascinating adorable divine glorious "
        "magical masterful unacceptable"
    )
)
"""Adjectives that take "absolutely" instead of "very", and that no word makes stronger."""

UNGRADED = frozenset(
    listed(
        "new original fake late early authentic negative positive well-made well-written ill-made "
        "well-acted ill-written ill-acted sorry dry professional different empty full alive "
        "winning caring inspired classic generic legal plain round ashamed humane overlong "
        "overwritten overrated dated undercooked overcooked wooden burnt mouldy ideal ancient "
        "remote bogus endearing patient better worse dear able mean pure smart-looking stale "
        "flawed faulty inaccurate unstable insecure overcrowded overpriced outdated rotten "
        "run-down derivative harmless unforgivable unusable fake phoney frozen"
    )
)
"""Adjectives without degrees, which take neither "very" nor "fairly"."""

_MORE_GOOD = """
 warm-hearted cool gentle tranquil lush luminous ravishing winning stirring affecting poignant
 tense sexy playful sweet-natured sly quirky eccentric daring bold accessible addictive breezy
 jolly merry merciful tasteful restful trustworthy user-friendly eye-opening good-natured
 good-looking fun-filled quick-witted wonderful enchanting endearing captivating riveting
 mesmerising mesmerizing breathtaking magnificent exquisite sublime heavenly phenomenal priceless
 adorable divine ideal healthy hearty fragrant fluffy zesty tangy mouth-watering comforting
 soothing cheery sparkling spirited energetic fluent sophisticated literate humane smart-looking
 grand polite helpful thorough painless kind brave pure romantic
"""
_MORE_BAD = """
 pretentious contrived corny cheesy sappy sentimental preachy clichéd cliched trite
 hackneyed stilted wooden overlong overwritten overrated long-winded bloated slow-moving aimless
 listless bleak grim dark violent gory crude vulgar offensive insulting annoying irritating
 infuriating frustrating disappointing upsetting distressing disturbing frightening scary creepy
 gruesome unwatchable excruciating tasteless incoherent unfocused murky muddy sluggish
 patronising patronizing smug arrogant greedy mean cruel heartless grumpy moody sour
 greasy oily salty stringy rubbery chewy undercooked overcooked burnt watery tepid
 lukewarm smelly stinky mouldy moldy damp musty shabby grubby run-down dated old-fashioned buggy
 glitchy laggy unusable fiddly cumbersome intrusive misleading deceptive sneaky shady dodgy wobbly
 rickety leaky squeaky scratched rusty poky noisy rowdy overcrowded crowded touristy remote
 horrendous dire vile insufferable intolerable impossible ridiculous absurd hateful
 horrific obscene deafening vapid insipid inane empty-headed tired tiring exhausting laborious
 repetitive generic bogus cynical manipulative mawkish maudlin pathetic sad angry sick miserable
 needless unnecessary unwelcome unforgivable cheap-looking
"""
_NEUTRAL = """
 long short big small large little tall high low heavy light thick thin narrow wide full busy young
 old new hard early strange odd weird unusual serious quaint spicy rich plain ambitious complex
 dense loud intense familiar different popular expensive realistic dramatic emotional enormous huge
 tiny ancient freezing boiling furious exhausted starving astonishing incredible unbelievable
 unique devastating tight loose sharp blunt flat round rough firm twisty
"""

_BETTER = frozenset(better for better, _ in PAIRS["adjective"])
_WORSE = frozenset(worse for _, worse in PAIRS["adjective"])
POSITIVE = _BETTER | frozenset(listed(_MORE_GOOD))
NEGATIVE = _WORSE | frozenset(listed(_MORE_BAD))
NEUTRAL = frozenset(listed(_NEUTRAL)) - POSITIVE - NEGATIVE
ADJECTIVES = POSITIVE | NEGATIVE | NEUTRAL

OF_OTHER_KINDS = frozenset(
    listed(
        "fun natural intact kind intriguing clean warm cold hot light fast slow tender calm "
        "smooth tough dry sharp blunt fair kind patient fresh rough bright dim clear sweet bitter "
        "bold fake dumb rich tame welcoming original late deep mean moving touching engaging "
        "winning entertaining absorbing amusing stirring cool round flat loose tight long little "
        "short small high low hard early old new firm pretty modern professional negative "
        "positive solid poor plain complex quiet secure crisp long dark perfect grand remote sick "
        "sour damp pure romantic cheap simple stunning dazzling thrilling disappointing annoying "
        "irritating boring tired tiring frightening disturbing frustrating exhausting freezing "
        "boiling tense starving comforting inspiring uplifting refreshing rewarding satisfying "
        "surprising depressing confusing insulting upsetting caring soothing sparkling balanced "
        "focused polished relaxed inspired thrilled delighted disappointed pleased satisfied "
        "impressed amused bored stressed annoyed scratched crowded loud humane"
    )
)
"""Adjectives that can also be verbs, nouns or adverbs; only their neighbours tell which."""

_IRREGULAR = {
    "good": ("better", "best"),
    "bad": ("worse", "worst"),
    "ill": ("worse", "worst"),
}
_IN_ER = frozenset(
    listed(
        "great poor nice nasty lovely ugly happy sad cheery gloomy lucky proud calm funny witty "
        "smart dumb silly wise dull tame stale fresh deep strong weak lazy taut flabby handy easy "
        "simple clear fast slow quick safe sturdy flimsy comfy cosy cozy roomy soft scratchy quiet "
        "loud bright dim sunny clean dirty filthy tidy messy cheap pricey friendly "
        "rude fair late tasty yummy juicy dry crisp soggy crispy crunchy mushy tough creamy lumpy "
        "bland sweet warm cold hot healthy pretty noisy bumpy clumsy sloppy clunky drab angry "
        "grumpy greasy oily salty smelly damp shabby kind brave bold mean long short big small "
        "large tall high low heavy light thick thin narrow wide full busy young old new hard "
        "early strange odd weird rich plain dense tight loose sharp blunt flat rough cool gentle "
        "grim bleak dark scary creepy corny cheesy lively surly pure jolly merry "
        "unhappy unlucky shallow stingy fluffy sour moody chewy murky muddy"
    )
)


def comparative(adjective: str) -> str:
    """The comparative of an adjective: funnier, more boring."""
    return _graded(adjective, 0, "er", "more")


def superlative(adjective: str) -> str:
    """The superlative of an adjective: funniest, most boring."""
    return _graded(adjective, 1, "est", "most")


def _graded(adjective: str, index: int, ending: str, word: str) -> str:
    if adjective in _IRREGULAR:
        return _IRREGULAR[adjective][index]
    if adjective not in _IN_ER:
        return f"{word} {adjective}"
    if adjective.endswith("e"):
        return adjective + ending[1:]
    if adjective.endswith("ey"):
        return adjective[:-2] + "i" + ending
    if adjective.endswith("y") and adjective[-2] not in "aeiou":
        return adjective[:-1] + "i" + ending
    vowels = [index for index, char in enumerate(adjective) if char in "aeiou"]
    if vowels == [len(adjective) - 2] and adjective[-1] not in "wxy":
        return adjective + adjective[-1] + ending
    return adjective + ending


def is_graded_by_ending(adjective: str) -> bool:
    """Whether an adjective has a comparative of a single word."""
    return adjective in _IRREGULAR or adjective in _IN_ER
