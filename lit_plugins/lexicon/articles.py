"""Indefinite articles: chooses "a" or "an" for a word."""

from __future__ import annotations

_VOWEL = ("hour", "honest", "honour", "honor", "heir")
_CONSONANT = ("uni", "use", "usu", "eu", "ewe", "one", "once", "ubiq", "uti", "uk", "usa", "usb")
_VOWEL_AFTER_ALL = ("unin", "unim", "unid", "unint", "unil")
_LETTERS_LIKE_VOWELS = frozenset("AEFHILMNORSX")


def article_for(word: str) -> str:
    """The article "a" or "an" by a word's sound: an hour, a useful one, an HDMI cable."""
    key = word.lower()
    if len(word) > 1 and word.isupper() and not set(word) & set("AEIOU"):
        return "an" if word[0] in _LETTERS_LIKE_VOWELS else "a"
    if key.startswith(("8", "11", "18")):
        return "an"
    if key.startswith(_VOWEL):
        return "an"
    if key.startswith(_CONSONANT) and not key.startswith(_VOWEL_AFTER_ALL):
        return "a"
    return "an" if key[:1] in "aeiou" and key else "a"
