"""Fixed expressions of two words, in which rules change neither word."""

from __future__ import annotations

_FIXED = """
good: morning afternoon evening night luck deal old friday samaritan riddance bye old-fashioned
for: good
great: deal britain dane grandmother grandfather grandparents
awful: lot
terrible: lot
fair: enough trade play share game
hot: dog dogs tub tubs chocolate sauce plate pot spot
cold: war brew cuts turkey feet
fast: food forward lane asleep
slow: motion cooker burn burner
happy: hour birthday ending endings christmas meal medium
sweet: potato potatoes tooth spot corn
bitter: end
dark: chocolate comedy horse side mode ages
light: bulb bulbs switch year years
fresh: air start
dry: ice run cleaning cleaner
soft: drink drinks toy toys
poor: man guy thing things people
rich: people man
safe: bet mode house
smart: phone phones watch tv
quick: fix start
strong: suit point points
weak: spot link point points
deep: end dive fried down
best: friend friends man seller sellers before bet of
better: half off
had: better best
at: best worst least
high: school street
late: night show stage for
early: bird
clear: cut of
funny: bone
kind: of
cheap: shot thrills
flat: screen rate pack white fee
fun: fact facts fair run
natural: history gas world light
short: story stories term film films
long: time term run
big: deal screen time
little: bit
a: little
real: estate time life
old: man woman school
young: man woman
new: year
tough: luck love
mean: time
perfect: storm
rough: guide
negative: review reviews
positive: review reviews
bad: luck hair boy boys guy guys
heavy: metal duty
love: story stories letter letters song songs life affair interest triangle child
hit: man song songs single the
treat: yourself
full: time stop board
dead: pan end
well: done known being as
as: well
treats: me us them
smooth: jazz
tender: loving
thank: you
boiling: hot
piping: hot
freezing: cold
ice: cold
stone: cold
bored: of
feel: cheap
feels: cheap
felt: cheap
look: cheap
looks: cheap
looked: cheap
her: best worst
his: best worst
their: best worst
its: best worst
fail: to
fails: to
failed: to
"""


def _pairs(text: str) -> frozenset[str]:
    lines = (line.split(": ") for line in text.strip().splitlines())
    return frozenset(f"{first} {second}" for first, rest in lines for second in rest.split())


FIXED = _pairs(_FIXED)
"""Fixed expressions as two words with a space, such as "good luck" and "hot dog"."""
