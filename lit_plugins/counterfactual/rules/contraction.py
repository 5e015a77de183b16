"""Contracts auxiliaries and writes contracted ones out: "is not" to "isn't", and the reverse."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Change, Replacement, in_case_of
from lit_plugins.counterfactual.rules.negated import is_turned, negated_auxiliary
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.counterfactual.rules.rule import Rule
from lit_plugins.lexicon.adjectives import ADJECTIVES
from lit_plugins.lexicon.function_words import DETERMINERS, PREPOSITIONS, is_adverb
from lit_plugins.lexicon.negations import CONTRACTED
from lit_plugins.lexicon.words import listed

NAME = "contraction"

_CONTRACTIONS = {auxiliary: negated for negated, auxiliary in CONTRACTED.items()}
_ENDINGS = {"'m": "am", "'re": "are", "'ll": "will", "'ve": "have", "'s": "is"}
_BEFORE_S = frozenset(listed("it that there he she here what who everything"))
_BEFORE_ENDING = frozenset(listed("i you we they it he she that there"))
_SHORT = {"is": "'s", "am": "'m", "are": "'re", "will": "'ll"}
_HAS = frozenset(listed("been got had become gone done"))


def find(text: str) -> list[Change]:
    """One change for each auxiliary that can be contracted or written out."""
    reading = Reading(text)
    changes = []
    for index in range(len(reading)):
        replacement = (
            _negated(reading, index) or _written_out(reading, index) or _contracted(reading, index)
        )
        if replacement is not None:
            changes.append(Change((replacement,), NAME))
    return changes


def _negated(reading: Reading, index: int) -> Replacement | None:
    negated = negated_auxiliary(reading, index)
    if negated is None or is_turned(reading, negated.last):
        return None
    written = reading.written(index, negated.last)
    if negated.contracted:
        # Other auxiliaries at the start ask a question, as in "Isn't this"; "Don't" is a command.
        if reading.starts_clause(index) and negated.auxiliary not in ("do", "does", "did"):
            return None
        full = "cannot" if negated.auxiliary == "can" else f"{negated.auxiliary} not"
    else:
        full = _CONTRACTIONS.get(negated.auxiliary, "")
        if not full or reading.key(negated.last + 1) == "only":
            return None
        full = full.replace("'", reading.apostrophe)
    shouts = written.isupper()
    like = reading.words[index].text
    # "DO NOT" is in capitals throughout; "Cannot" only starts a sentence.
    return (reading.span(index, negated.last), full.upper() if shouts else in_case_of(full, like))


def _written_out(reading: Reading, index: int) -> Replacement | None:
    """Writes a contracted auxiliary out: it's: it is; they'll: they will."""
    word, key, after = reading.words[index], reading.key(index), reading.key(index + 1)
    head, mark, ending = key.rpartition("'")
    full = _ENDINGS.get(mark + ending)
    if full is None or not head.isalpha():
        return None
    if full == "is":
        known = after in ADJECTIVES or after in DETERMINERS or after in ("not", "like")
        if head not in _BEFORE_S or after in _HAS or not (known or is_adverb(after)):
            return None
    elif head not in _BEFORE_ENDING or reading.is_mark(index + 1):
        return None
    shouts = word.text.isupper() and len(head) > 1
    start = word.start + len(head)
    return ((start, word.end), " " + (full.upper() if shouts else full))


def _contracted(reading: Reading, index: int) -> Replacement | None:
    """Contracts an auxiliary, if its predicate follows: it is good: it's good."""
    key, before, after = reading.key(index), reading.key(index - 1), reading.key(index + 1)
    ending = _SHORT.get(key)
    if ending is None or before not in _BEFORE_ENDING or reading.is_mark(index + 1):
        return None
    if (key == "am") != (before == "i" and key == "am") or reading.words[index].text.isupper():
        return None
    if key == "are" and before not in ("you", "we", "they"):
        return None
    if key == "is" and before not in ("it", "he", "she", "that", "there"):
        return None
    if key == "will" and before == "there":
        return None
    determined = after in DETERMINERS and not reading.is_mark(index + 2)
    sure = determined or after in ADJECTIVES or is_adverb(after) or key == "will"
    earlier = reading.key(index - 2)
    if not sure or earlier in PREPOSITIONS or earlier in ("how", "what", "all", "where", "who"):
        return None
    start, end = reading.words[index - 1].end, reading.words[index].end
    return ((start, end), ending.replace("'", reading.apostrophe))


RULE = Rule(
    NAME,
    "Contraction",
    'Contracts auxiliaries or writes them out: "isn\'t" to "is not", "it is" to "it\'s".',
    "invariance",
    find,
)
