"""The article in front of a place that a rule changes."""

from __future__ import annotations

from lit_plugins.counterfactual.change import Replacement, in_case_of
from lit_plugins.counterfactual.rules.reading import Reading
from lit_plugins.lexicon.articles import article_for


def article_before(reading: Reading, at: int, word: str) -> list[Replacement]:
    """What becomes of "a" or "an" right before a word, if another is put there; often nothing."""
    if reading.key(at - 1) not in ("a", "an") or reading.key(at - 1) == article_for(word):
        return []
    article = reading.words[at - 1]
    return [((article.start, article.end), in_case_of(article_for(word), article.text))]
