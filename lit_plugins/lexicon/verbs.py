"""Verbs and their forms."""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from lit_plugins.lexicon.antonyms import PAIRS
from lit_plugins.lexicon.words import listed

Form = Literal["base", "third", "past", "participle", "ing"]


class Forms(NamedTuple):
    """The forms of one verb: work, works, worked, worked, working."""

    base: str
    third: str
    past: str
    participle: str
    ing: str


# Base form, past and, if it differs from the past, participle.
_IRREGULAR_FORMS = """
be was been, beat beat beaten, become became become, begin began begun, bend bent, bite bit
bitten, bleed bled, blow blew blown, break broke broken, bring brought, build built, burst burst,
buy bought, catch caught, choose chose chosen, come came come, cost cost, creep crept, cut cut,
deal dealt, dig dug, do did done, draw drew drawn, drink drank drunk, drive drove driven, eat ate
eaten, fall fell fallen, feed fed, feel felt, fight fought, find found, fit fitted, flee fled, fly
flew flown, forbid forbade forbidden, forget forgot forgotten, forgive forgave forgiven, freeze
froze frozen, get got, give gave given, go went gone, grow grew grown, hang hung, have had, hear
heard, hide hid hidden, hit hit, hold held, hurt hurt, keep kept, kneel knelt, know knew known,
lay laid, lead led, leave left, lend lent, let let, lie lay lain, light lit, lose lost, make made,
mean meant, meet met, pay paid, put put, quit quit, read read, ride rode ridden, ring rang rung,
rise rose risen, run ran run, say said, see saw seen, seek sought, sell sold, send sent, set set,
shake shook shaken, shine shone, shoot shot, show showed shown, shrink shrank shrunk, shut shut,
sing sang sung, sink sank sunk, sit sat, sleep slept, slide slid, speak spoke spoken, spend spent,
spin spun, split split, spread spread, spring sprang sprung, stand stood, steal stole stolen,
stick stuck, sting stung, stink stank stunk, strike struck, swear swore sworn, sweep swept, swim
swam swum, swing swung, take took taken, teach taught, tear tore torn, tell told, think thought,
throw threw thrown, understand understood, undo undid undone, upset upset, wake woke woken, wear
wore worn, weep wept, win won, wind wound, withdraw withdrew withdrawn, write wrote written,
rewrite rewrote rewritten, overdo overdid overdone, foresee foresaw foreseen, outdo outdid
outdone, rebuild rebuilt, resell resold, remake remade, mislead misled, misunderstand
misunderstood, overcome overcame overcome, overlook overlooked, withstand withstood, uphold
upheld, bear bore borne, shed shed, sew sewed sewn, bind bound, cling
clung, reset reset, overrun overran overrun, undercut undercut, outrun outran outrun
"""


def _irregular() -> dict[str, tuple[str, str]]:
    entries = (entry.split() for entry in _IRREGULAR_FORMS.split(","))
    return {base: (past, rest[0] if rest else past) for base, past, *rest in entries}


_PAST = _irregular()

_DOUBLED = frozenset(
    listed(
        "admit permit prefer regret refer occur commit submit omit transfer control travel cancel "
        "label quarrel patrol compel expel repel propel equip rebel forget begin upset outrun "
        "reset overrun undercut"
    )
)


@cache
def forms_of(base: str) -> Forms:
    """The forms of a verb, given its base form; verbs not known as irregular are regular."""
    if base == "be":
        return Forms("be", "is", "was", "been", "being")
    third = "has" if base == "have" else _third(base)
    stem = base + base[-1] if _doubles(base) else base
    if base.endswith("e"):
        past, ing = base + "d", base if base.endswith(("ee", "oe", "ye")) else base[:-1]
        ing = ing[:-1] + "y" if base.endswith("ie") else ing
    elif base.endswith("y") and base[-2:-1] not in tuple("aeiou"):
        past, ing = base[:-1] + "ied", base
    else:
        past, ing = stem + "ed", stem
    irregular = _PAST.get(base, (past, past))
    return Forms(base, third, irregular[0], irregular[1], ing + "ing")


def _third(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2:-1] not in tuple("aeiou"):
        return base[:-1] + "ies"
    return base + "s"


def _doubles(base: str) -> bool:
    vowels = [index for index, char in enumerate(base) if char in "aeiouy"]
    if base.startswith("qu"):
        vowels = [index for index in vowels if index != 1]
    short = vowels == [len(base) - 2] and len(base) > 2
    return (short and base[-1] not in "wxyhs") or base in _DOUBLED


# What follows a verb: an object (o), nothing (n: works) or a quality (q: looks good).
_FRAMES = """
o: love like enjoy adore admire cherish praise delight impress satisfy entertain amuse excite
 captivate thrill soothe inspire charm appreciate welcome attract reassure trust respect
 deserve recommend understand hate dislike detest despise loathe criticise disappoint bore annoy
 irritate depress repel distrust resent waste forget ruin spoil insult worry regret confuse
 frustrate offend upset lack mislead deceive scare disturb hurt need value know respect
 explain deliver remember save win lose fix enrich make give keep support capture engage clarify
 strengthen weaken reward punish enchant disgust fascinate calm
n: work succeed improve thrive matter last shine help fail worsen struggle suck stink crash leak
 freeze lag drag suffer sag deliver crumble disagree agree wobble complain stutter
q: look feel taste smell sound seem appear remain stay
"""


def _frames(text: str) -> dict[str, frozenset[str]]:
    frames: dict[str, set[str]] = {}
    for line in text.replace("\n ", " ").strip().splitlines():
        frame, _, verbs = line.partition(": ")
        for verb in verbs.split():
            frames.setdefault(verb, set()).add(frame)
    return {verb: frozenset(followers) for verb, followers in frames.items()}


FRAMES = _frames(_FRAMES)
"""For each verb of known use, what may follow it: "o" an object, "n" nothing, "q" a quality."""

LINKING = frozenset(verb for verb, frames in FRAMES.items() if "q" in frames) | {"get", "become"}

POSITIVE = frozenset(better for better, _ in PAIRS["verb"]) | frozenset(
    listed("work help impress shine deserve recommend respect deliver")
)
NEGATIVE = frozenset(worse for _, worse in PAIRS["verb"]) | frozenset(
    listed(
        "confuse frustrate offend upset lack mislead deceive scare disturb regret suck stink crash "
        "leak freeze lag drag suffer sag crumble wobble complain stutter irritate break"
    )
)


def _by_form(verbs: frozenset[str]) -> dict[str, dict[Form, str]]:
    by_form: dict[str, dict[Form, str]] = {}
    for verb in sorted(verbs):
        for name in Forms._fields:
            form = getattr(forms_of(verb), name)
            by_form.setdefault(form, {})[name] = verb  # type: ignore[index]
    return by_form


READ = _by_form(frozenset(FRAMES) | LINKING | POSITIVE | NEGATIVE)
"""For each word that is a form of a known verb, the base forms of its verbs, by kind of form."""

LINKING_FORMS = frozenset(form for verb in LINKING for form in forms_of(verb))
