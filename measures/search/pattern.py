"""What is typed into a search as a pattern over texts as they were written.

Spaces, zero-width characters, the kind of digits and the case of letters make no difference, on either side.
The pattern is laid over the text itself, so that a place in it can be shown as it stands. No database.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.thai_calendar import THAI_DIGITS, arabic_digits

# White space, the soft hyphen, zero-width characters and marks of direction: text copied from web pages
# and PDF is full of them, and Thai is written with a space or without.
_UNSEEN: Final = "[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
_ANY_UNSEEN: Final = re.compile(f"{_UNSEEN}+")
# Two ways of typing that look alike.
_ALIKE: Final = (("ํา", "ำ"), ("เเ", "แ"))
_BEFORE: Final = 24
_AFTER: Final = 48


@dataclass(frozen=True)
class Snippet:
    """A place in a text with what stands around it, as it was written."""

    before: str
    match: str
    after: str


@dataclass(frozen=True)
class Typed:
    """What to look for: all that was typed in one piece, or where that is nowhere, each of its words."""

    whole: re.Pattern[str]
    words: Sequence[re.Pattern[str]]
    """Empty for a single word."""


def typed(text: str) -> Typed | None:
    """The pattern of what was typed; None where nothing can be seen of it."""
    words = [pattern for word in text.split() if (pattern := _pattern(word))]
    whole = _pattern(text)
    return Typed(whole, words if len(words) > 1 else []) if whole else None


def _pattern(text: str) -> re.Pattern[str] | None:
    plain = arabic_digits(_ANY_UNSEEN.sub("", text))
    for spelt, as_one in _ALIKE:
        plain = plain.replace(spelt, as_one)
    if not plain:
        return None
    return re.compile(f"{_UNSEEN}*".join(_one(character) for character in plain), re.IGNORECASE)


def _one(character: str) -> str:
    if character in "0123456789":
        return f"[{character}{THAI_DIGITS[int(character)]}]"
    for spelt, as_one in _ALIKE:
        if character == as_one:
            return f"(?:{as_one}|{spelt[0]}{_UNSEEN}*{spelt[1]})"
    return re.escape(character)


def snippet(text: str, found: re.Match[str], *, whole: bool = False) -> Snippet:
    """The place of a match with some of what stands around it, or with all of it."""
    start, end = found.span()
    # A vowel or tone above the last letter belongs to it.
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    if whole:
        return Snippet(text[:start], text[start:end], text[end:])
    return Snippet(_tail(text[:start]), text[start:end], _head(text[end:]))


def _tail(text: str) -> str:
    kept = text[-_BEFORE:]
    if len(kept) == len(text):
        return text.replace("\n", " ")
    while kept and unicodedata.category(kept[0]) == "Mn":
        kept = kept[1:]
    return f"…{kept}".replace("\n", " ")


def _head(text: str) -> str:
    if len(text) <= _AFTER:
        return text.replace("\n", " ")
    end = _AFTER
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    return f"{text[:end]}…".replace("\n", " ")
