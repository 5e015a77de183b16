"""Word lists, written for this project, from which `templates` builds its sentences."""

from __future__ import annotations


def _split(text: str) -> list[str]:
    return text.split("|") if "|" in text else text.split()


# For each domain, the things to judge and the words that judge them.
THINGS: dict[str, list[str]] = {
    "film": _split(
        "film|movie|plot|acting|script|ending|story|dialogue|soundtrack|cast|director|series|"
        "episode|documentary|comedy|thriller|sequel|camera work|lead actor|opening scene"
    ),
    "food": _split(
        "food|soup|pizza|burger|coffee|dessert|steak|salad|bread|pasta|service|waiter|staff|"
        "menu|restaurant|breakfast|lunch|dinner|sauce|fish|chicken|wine|kitchen|café|curry"
    ),
    "travel": _split(
        "hotel|room|bed|beach|pool|view|flight|airport|tour|guide|trip|train|bathroom|"
        "shower|reception|crew|seat|hostel|campsite|museum|journey|apartment|cruise|host"
    ),
    "products": _split(
        "phone|laptop|charger|blender|kettle|headphones|keyboard|jacket|chair|lamp|"
        "battery|screen|camera|vacuum|shoes|backpack|mattress|printer|speaker|watch|fabric|zip|"
        "handle|packaging|delivery|seller|shop|order|support|instructions"
    ),
    "books": _split(
        "book|novel|chapter|author|prose|narrator|plot|hero|ending|writing|translation|"
        "story|memoir|cookbook|characters|first half|second half|poems|cover|biography"
    ),
    "apps": _split(
        "app|update|interface|design|login|search|website|version|widget|game|"
        "notifications|menu|sync|dark mode|map|player|editor|customer support|subscription"
    ),
}
GOOD: dict[str, list[str]] = {
    "any": _split(
        "good|great|excellent|wonderful|fantastic|amazing|lovely|brilliant|superb|perfect|"
        "outstanding|impressive|enjoyable|pleasant|delightful|terrific|awesome|nice|fine|"
        "first class|worth every penny|a pleasure|a joy|a real treat|beautiful|charming"
    ),
    "film": _split(
        "moving|gripping|funny|clever|hilarious|touching|riveting|well acted|believable|"
        "exciting|original|thrilling|witty|heartfelt"
    ),
    "food": _split(
        "delicious|fresh|tasty|tender|crisp|juicy|friendly|attentive|full of flavour|cosy|"
        "hot and filling|generous|perfectly cooked|polite|quick|yummy|fluffy"
    ),
    "travel": _split(
        "clean|comfortable|spacious|quiet|on time|helpful|welcoming|relaxing|spotless|"
        "stunning|well run|peaceful|friendly|unforgettable|smooth|safe"
    ),
    "products": _split(
        "sturdy|reliable|solid|well made|durable|light|sharp|fast|comfortable|easy to use|"
        "good value|quiet|powerful|soft|accurate|handy|elegant|sleek"
    ),
    "books": _split(
        "gripping|vivid|well written|wise|funny|moving|rich|thoughtful|absorbing|memorable|"
        "inspiring|hard to put down|informative|beautifully written"
    ),
    "apps": _split(
        "fast|intuitive|reliable|useful|smooth|simple|easy to use|handy|responsive|stable|"
        "clear|addictive|well designed|free of ads"
    ),
}
BAD: dict[str, list[str]] = {
    "any": _split(
        "bad|terrible|awful|horrible|poor|disappointing|dreadful|mediocre|useless|a mess|"
        "appalling|unacceptable|a waste of money|a waste of time|pathetic|ugly|lousy|"
        "a disaster|a letdown|below average|frustrating|unpleasant|overpriced|annoying"
    ),
    "film": _split(
        "boring|dull|predictable|slow|flat|silly|wooden|tedious|badly acted|forgettable|"
        "confusing|pointless|lifeless|clichéd"
    ),
    "food": _split(
        "cold|bland|greasy|stale|soggy|salty|burnt|rude|raw|undercooked|tasteless|slow|dry|"
        "inedible|lukewarm|overcooked|watery|sour|tough|rubbery|unfriendly"
    ),
    "travel": _split(
        "dirty|noisy|cramped|late|filthy|smelly|broken|unsafe|crowded|delayed|unhelpful|"
        "mouldy|damp|cancelled|chaotic|shabby|infested"
    ),
    "products": _split(
        "flimsy|broken|faulty|cheaply made|unreliable|scratched|heavy|noisy|fragile|"
        "damaged|defective|uncomfortable|slow|hard to use|dead on arrival|badly made"
    ),
    "books": _split(
        "boring|dull|tedious|badly written|confusing|repetitive|shallow|predictable|dry|"
        "pretentious|full of errors|impossible to finish|lifeless|clumsy|padded"
    ),
    "apps": _split(
        "slow|buggy|laggy|confusing|unstable|clunky|full of ads|broken|unusable|unreliable|"
        "bloated|glitchy|outdated|cluttered|a battery hog"
    ),
}

# Events and actions, told without words of praise or blame.
GOOD_EVENTS: dict[str, list[str]] = {
    "any": _split(
        "I would recommend it to anyone|I recommend it to all my friends|I love it|"
        "we will be back|I would do it again|it made my day|it exceeded my expectations|"
        "I am very happy with it|everything went well|I had a great time|you should try it|"
        "it is the best I have ever had|it was better than I expected|we enjoyed every minute|"
        "I have no complaints|I cannot wait for the next one|five stars from me|"
        "it never let me down|I am impressed|thank you so much"
    ),
    "film": _split(
        "I laughed until I cried|I was on the edge of my seat|I have seen it three times|"
        "the whole room applauded|the two hours flew by|it stayed with me for days"
    ),
    "food": _split(
        "we cleaned our plates|I had a second helping|I could eat here every day|"
        "the chef deserves a medal|it melted in my mouth|they brought us a free dessert"
    ),
    "travel": _split(
        "we did not want to leave|they upgraded us for free|I slept like a baby|"
        "we landed early|our host went out of her way for us|we already booked for next year"
    ),
    "products": _split(
        "it still works after five years|it arrived a day early|the battery lasts for days|"
        "it works like a charm|it does exactly what it promises|"
        "I bought a second one for my mother|they replaced it at no cost|it fits perfectly"
    ),
    "books": _split(
        "I read it in one sitting|I could not put it down|I stayed up all night to finish it|"
        "I will read it again|I gave copies to all my friends|I learned a lot from it"
    ),
    "apps": _split(
        "it saves me hours every week|it has never crashed|I use it every day|"
        "it syncs in seconds|the new version fixed everything|it works offline too|"
        "my kids love it"
    ),
}
BAD_EVENTS: dict[str, list[str]] = {
    "any": _split(
        "I want my money back|I regret it|I would avoid it|never again|we will not be back|"
        "save your money|stay away|I expected much more|it was a let down|I hated every minute|"
        "I was bitterly disappointed|nothing worked|it ruined my day|what a waste|"
        "it is the worst I have ever had|it was worse than I expected|look elsewhere|"
        "I would give it zero stars if I could|nobody cared|it left me angry"
    ),
    "film": _split(
        "I fell asleep halfway through|I walked out after an hour|nobody in the room laughed|"
        "I kept checking my watch|I had guessed the end after ten minutes|"
        "half the audience left"
    ),
    "food": _split(
        "we waited an hour for a table|I found a hair in my soup|I was sick all night|"
        "they got our order wrong twice|we left hungry|half of it went in the bin|"
        "they charged us for water"
    ),
    "travel": _split(
        "they lost my luggage|we missed our connection|the air conditioning did not work|"
        "there were bugs in the bed|nobody answered at the desk|we could hear every word next door|"
        "there was no hot water"
    ),
    "products": _split(
        "it broke after two days|it stopped working within a week|I sent it back|"
        "it arrived with a crack|it fell apart in my hands|the battery dies within an hour|"
        "parts were missing|it does not fit|they refused to refund me|it never arrived"
    ),
    "books": _split(
        "I gave up after fifty pages|I skipped whole chapters|I could not finish it|"
        "it put me to sleep|the author clearly did no research|it went straight to the bin|"
        "there are mistakes on every page"
    ),
    "apps": _split(
        "it crashes every time I open it|it keeps logging me out|I lost all my data|"
        "I deleted it after a day|it drains my battery|the last update broke it|"
        "nobody replies to my emails|it freezes all the time|it asks for money at every step"
    ),
}

# Neither good nor bad.
NEUTRAL_EVENTS: list[str] = _split(
    "I bought it on Tuesday|we went there in March|it comes in three colours|"
    "my brother gave it to me|it is the second of three|the box contains a cable|"
    "it has two hundred pages|we arrived at noon|there are two versions|"
    "it was released last year|I ordered the soup|we had a table by the window|"
    "it is set in Berlin|it costs twenty dollars|the shop is next to the station|"
    "I read it on the train|it weighs about a pound|the menu has six pages|"
    "I installed it yesterday|we stayed for three nights|the bus leaves at eight|"
    "he plays a doctor|it is about a family in Ohio|the hotel has forty rooms|"
    "it runs on two batteries|I saw it with my sister|the cover is blue|it opens at nine|"
    "you can pay by card|it was written in 1998|it takes about an hour|"
    "the film lasts two hours|this is the third chapter|I use it at work|"
    "they moved to a new building|it needs an account|it is made of steel|"
    "the pool is on the roof|we sat outside|the author lives in Canada|"
    "the app asks for a name|it shows the time and the date|I got it as a present|"
    "our flight was in the morning|they sell bread and milk|it is for adults|"
    "there is a museum nearby|she told me about it|the first part is in English|"
    "I have one at home"
)
NEUTRAL_WORDS: list[str] = _split(
    "the|a|an|and|of|it|this|that|is|was|are|were|to|in|on|for|with|at|by|from|he|she|they|we|i|"
    "you|my|our|his|her|its|their|one|two|three|ten|first|second|there|here|then|when|which|who|"
    "what|as|or|if|so|about|into|over|after|before|today|yesterday|monday|tuesday|week|day|year|"
    "time|hour|morning|evening|people|person|man|woman|family|friend|house|city|street|shop|table|"
    "box|thing|place|name|number|paper|water|car|school|office|station|colour|red|blue|green|black|"
    "white|small|large|some|many|other|another|new|old|.|,|?|...|-|!"
)
NEUTRAL_ASIDES: list[str] = _split(
    "I bought it last month|we were there in May|a friend told me about it|it was my first time|"
    "it cost thirty dollars|we were four people|I saw it with my family|it arrived on Monday|"
    "I have had it for a year|we came for lunch|I read it on holiday|my wife chose it"
)

STRONG: list[str] = _split("very|really|so|extremely|absolutely|truly|quite|pretty|incredibly")
WEAK_NOT: list[str] = _split(
    "not|not very|not really|not particularly|not at all|far from|never|hardly|"
    "not exactly|anything but|by no means|in no way"
)
# Words whose denial praises or blames as clearly as their opposites do.
DENIED_BAD: list[str] = _split(
    "bad|boring|dull|slow|cheap|flimsy|expensive|noisy|dirty|disappointing|complicated|confusing|"
    "greasy|rude|stale|bland|predictable|terrible|awful|hard to use|heavy|a waste of money"
)
DENIED_GOOD: list[str] = _split(
    "good|great|funny|fresh|clean|friendly|comfortable|interesting|worth it|worth the money|"
    "helpful|reliable|useful|exciting|tasty|convincing|impressive|what I hoped for|easy to use|"
    "well made|pleasant|memorable|as good as they say"
)
GOOD_VERBS: list[str] = _split("like|love|enjoy|recommend|trust")
BAD_VERBS: list[str] = _split("regret|hate|dislike|mind")

# Everyday words of reviews that should be single tokens of the vocabulary.
EVERYDAY: list[str] = _split("""
airline arrival bag balcony bar bath battery beer bill bluetooth booking bottle bowl boss branch
broke browser bug bus button cable cake calm card cash charge cheap cheese checkout chips chocolate
click clothes coat cocktail cold colour color comfy company connection cook cooking corner cotton
couch counter courier cozy crash crashed crashes cream cup curtain customer customers damage dad
delay delete desk device dish dishes disappoint discount display doctor dog door download driver
drink drinks drive ear earbuds easily egg eggs email excellent exchange fan fast fees fit flavor
flavour fork freeze freezes fridge fries fruit garden gift glass gloves grill guest guests guests
ham hair headphones heater helpful holiday honest hotel hour hours hungry ice icon install
installed internet invoice item items juice keyboard knife lens lid lift lights lobby loud lounge
luggage lunch macbook mail manager manual mask meal meals meat menu message mirror money mouse mug
neighbour nights noise noodles nurse oil online onion order ordered outlet oven owner oyster pack
package page pages pan parcel parking passport password payment pepper phone photos pillow plane
plastic plate plug pocket polite pork portion portions potato price prices privacy product purchase
quality queue quick rain receipt recipe recipes refund rental repair reservation reservations return
returned returns review reviews rice ripped roof rooms rude rug salt sandwich scam screen seats
seller selling server settings shampoo sheet sheets shipping shirt shoe shower sink size skin sleep
sleeve smell smelled snack soap sofa software sold souvenir spicy spoon stain stairs starter station
steak stitching stomach strap sugar suitcase sunglasses supplier surf sushi sweater switch swim
taxi tea teeth terrace texture thanks ticket tickets tip toast toilet toilets tomato tool tourist
towel towels toy traffic tray tv umbrella uninstall uninstalled unit upgrade usb user users vegan
vegetables vegetarian wait waited waitress wallet warm warranty wash washed washing wheel wheels
wifi wifi window wine wooden wool worn wrapped yoghurt yogurt stars star refunded glitch glitches
crispy creamy tasteless soggy lukewarm overpriced underwhelming flimsy sturdy comfy spotless filthy
bland greasy stale juicy tender laggy buggy clunky intuitive responsive seamless cozy cramped rip
off gem stunning rubbish garbage junk trash yuck yum meh ok okay lol wow ugh thanks sucks sucked
""")
