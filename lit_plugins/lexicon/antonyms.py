"""Pairs of antonyms that occur in reviews, the positive word first.

A word may be in several pairs. The first of them gives its antonym.
"""

from __future__ import annotations

ADJECTIVES = """
good bad, great terrible, excellent awful, wonderful horrible, fantastic dreadful, superb poor,
brilliant atrocious, perfect flawed, flawless faulty, amazing appalling, outstanding mediocre,
exceptional lousy, terrific rotten, marvellous abysmal, marvelous abysmal, fabulous ghastly,
splendid wretched, decent lousy, nice nasty, lovely horrid, beautiful ugly, gorgeous hideous,
stunning hideous, attractive unattractive, appealing unappealing, elegant clunky, graceful clumsy,
stylish drab, happy unhappy, cheerful gloomy, glad sorry, joyful joyless, joyous joyless, glorious
dismal, delighted disappointed, thrilled annoyed, pleased displeased, satisfied dissatisfied,
impressed unimpressed, amused bored, hopeful hopeless, grateful ungrateful, lucky unlucky, proud
ashamed, relaxed stressed, calm frantic, interesting boring, funny boring, comical unfunny,
hilarious humourless, witty witless, clever stupid, smart dumb, intelligent mindless, sensible
silly, wise foolish, entertaining tedious, exciting dull, thrilling tame, gripping plodding,
engaging tiresome, fascinating tedious, absorbing tedious, enjoyable miserable, contented
miserable, delightful dreary, amusing unfunny, moving hollow, touching soulless, heartfelt
insincere, sincere insincere, inspiring uninspiring, inspired uninspired, uplifting depressing,
refreshing stale, rewarding unrewarding, satisfying unsatisfying, surprising predictable,
suspenseful predictable, original derivative, fresh stale, inventive formulaic, imaginative
unimaginative, creative unimaginative, memorable forgettable, unforgettable forgettable, charming
charmless, likeable unlikeable, likable unlikable, lovable unlovable, sympathetic unsympathetic,
believable implausible, plausible implausible, convincing unconvincing, compelling unconvincing,
realistic unrealistic, authentic phoney, genuine fake, honest dishonest, subtle heavy-handed,
nuanced simplistic, profound shallow, deep shallow, insightful superficial, thoughtful
thoughtless, coherent incoherent, focused muddled, balanced uneven, consistent inconsistent,
polished sloppy, masterful amateurish, skilful clumsy, skillful clumsy, powerful feeble, strong
weak, lively lifeless, vivid drab, dazzling drab, magical soulless, spectacular underwhelming,
impressive unimpressive, remarkable unremarkable, taut flabby, readable unreadable, well-written
ill-written, well-made ill-made, well-acted ill-acted, useful useless, helpful unhelpful, handy
useless, practical impractical, essential pointless, worthwhile worthless, valuable worthless,
effective ineffective, efficient inefficient, easy difficult, simple complicated, clear unclear,
intuitive confusing, fast slow, quick slow, speedy sluggish, responsive unresponsive, smooth
bumpy, stable unstable, reliable unreliable, dependable unreliable, accurate inaccurate, secure
insecure, safe unsafe, safe dangerous, sturdy flimsy, durable fragile, solid shoddy, robust
flimsy, modern outdated, convenient inconvenient, flexible rigid, comfortable uncomfortable, comfy
uncomfortable, cosy cramped, cozy cramped, roomy cramped, spacious cramped, soft rough, quiet
noisy, quiet loud, silent noisy, peaceful hectic, relaxing stressful, bright dim, sunny gloomy,
clean dirty, spotless filthy, immaculate filthy, tidy messy, affordable overpriced, cheap
expensive, cheap pricey, inexpensive costly, generous stingy, ample meagre, friendly unfriendly,
polite rude, courteous surly, attentive inattentive, welcoming hostile, caring uncaring,
considerate inconsiderate, professional unprofessional, patient impatient, competent incompetent,
capable incapable, fair unfair, punctual late, prompt tardy, delicious disgusting, tasty
tasteless, yummy revolting, scrumptious revolting, juicy dry, crisp soggy, crispy soggy, crunchy
mushy, tender tough, creamy lumpy, flavourful bland, flavorful bland, savoury bland, sweet bitter,
warm cold, hot cold, appetising unappetising, appetizing unappetizing, edible inedible, hygienic
unhygienic, healthy unhealthy, pleasant unpleasant, agreeable disagreeable, fortunate unfortunate,
successful unsuccessful, promising unpromising, positive negative, bearable unbearable, acceptable
unacceptable, pretty ugly, addictive off-putting, harmless harmful, astounding underwhelming,
intriguing dull, cheery bleak, poignant mawkish, stirring lifeless, sophisticated crude, tasteful
tasteless, lucid muddled, seamless disjointed, brisk sluggish, fun dull, lively flat, fresh
clichéd, natural contrived, unpretentious pretentious, unsentimental sentimental, sincere cynical,
endearing annoying, soothing irritating, inoffensive offensive, satisfying disappointing,
satisfying frustrating, painless painful, sensible ridiculous, sensible absurd, admirable
pathetic, cool lame, extraordinary ordinary, subtle corny, subtle cheesy, lean bloated, taut
overlong, cheerful grim, happy sad, calm angry, intact broken, superior inferior, worthy unworthy,
fulfilling unfulfilling, watchable unwatchable, usable unusable, tolerable intolerable, forgivable
unforgivable, favourable unfavourable, fragrant smelly, gentle harsh, brave cowardly, kind unkind,
sharp blunt, loyal disloyal, sturdy rickety, spacious poky, hearty meagre, soft scratchy, reassuring
worrying, encouraging discouraging, flattering unflattering, wholesome unwholesome, tactful
tactless, graceful graceless
"""

ADVERBS = """
well badly, beautifully poorly, perfectly poorly, brilliantly dreadfully, superbly abysmally,
nicely nastily, wonderfully horribly, quickly slowly, fast slowly, smoothly bumpily, happily
reluctantly, fortunately unfortunately, luckily unluckily, thankfully sadly, politely rudely,
quietly noisily, efficiently inefficiently, effectively ineffectively, reliably unreliably,
cleverly stupidly, deftly clumsily, gracefully clumsily, skilfully clumsily, skillfully clumsily,
comfortably uncomfortably, convincingly unconvincingly, deservedly undeservedly, generously
stingily, pleasantly unpleasantly, accurately inaccurately, safely dangerously, cheerfully
gloomily, honestly dishonestly, warmly coldly, successfully unsuccessfully, promptly belatedly,
carefully carelessly, beautifully awfully, wonderfully terribly, elegantly clumsily, expertly
amateurishly, impressively unimpressively, tastefully tastelessly, sincerely insincerely, engage
bore, clarify confuse, strengthen weaken, reward punish, enchant disgust, fascinate bore, calm
upset
"""

VERBS = """
love hate, like dislike, enjoy hate, adore detest, admire despise, cherish loathe, praise
criticise, succeed fail, delight disappoint, impress disappoint, satisfy disappoint, entertain
bore, amuse annoy, excite bore, captivate bore, thrill bore, soothe irritate, inspire depress,
charm repel, improve worsen, save lose, win lose, trust distrust, appreciate resent, remember
forget, thrive struggle, fix ruin, enrich spoil, agree disagree, approve disapprove, attract
repel, compliment insult, reassure worry
"""

NOUNS = """
success failure, triumph disaster, masterpiece mess, gem dud, joy misery, pleasure pain, delight
disappointment, treat ordeal, strength weakness, comfort discomfort, bargain rip-off, winner
loser, hit flop, happiness unhappiness, hope despair, advantage disadvantage, virtue vice,
kindness cruelty, heaven hell, paradise hell, dream nightmare, blessing curse, excitement boredom,
clarity confusion, classic dud, intelligence stupidity, elegance clumsiness, satisfaction
dissatisfaction, honesty dishonesty, politeness rudeness, warmth coldness, perfection mediocrity,
improvement setback, peace chaos, benefit drawback, praise criticism, genius fool, miracle
catastrophe, asset liability, relief letdown, victory defeat, hero villain, expert amateur,
charmer bore, wisdom foolishness, patience impatience, generosity stinginess
"""


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (pair.split() for pair in text.split(","))
    return tuple((better, worse) for better, worse in pairs)


PAIRS: dict[str, tuple[tuple[str, str], ...]] = {
    "adjective": _pairs(ADJECTIVES),
    "adverb": _pairs(ADVERBS),
    "verb": _pairs(VERBS),
    "noun": _pairs(NOUNS),
}
"""Pairs (positive word, negative word) of base forms, by part of speech."""


def both_ways(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """A mapping from each word of the pairs, on either side, to its antonym."""
    antonyms: dict[str, str] = {}
    for better, worse in pairs:
        antonyms.setdefault(better, worse)
        antonyms.setdefault(worse, better)
    return antonyms
