"""Which characters are text. Pure Python: no Django, so that importing a plan may ask here too."""

import re
import unicodedata
from typing import Final

ALLOWED_CONTROLS: Final = frozenset("\n\t")
_DIGITS: Final = re.compile("[0-9๐-๙]+")


def is_noncharacter(code: int) -> bool:
    """One of 66 code points that are never text; XML, and with it Word and Excel, refuses two of them."""
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def is_not_text(character: str) -> bool:
    """Whether no file and no page can show it: control characters, half characters, noncharacters."""
    if character in ALLOWED_CONTROLS:
        return False
    return unicodedata.category(character) in {"Cc", "Cs"} or is_noncharacter(ord(character))


def only_text(value: str) -> str:
    """The text without what is_not_text()."""
    return "".join(character for character in value if not is_not_text(character))


def number_in(text: str, most_digits: int = 4) -> int | None:
    """A number as people and addresses write it, with Thai or Arabic digits: ๒๕๖๖ → 2566.

    None for everything else: a sign, digits of another script, superscripts, more digits than asked for.
    """
    plain = text.strip()
    return int(plain) if len(plain) <= most_digits and _DIGITS.fullmatch(plain) else None


def cut_to_bytes(text: str, most: int) -> str:
    """As much of a text as fits into so many bytes of UTF-8, whole characters with their marks."""
    if len(text.encode(errors="replace")) <= most:
        return text
    kept = text.encode(errors="replace")[:most].decode(errors="ignore")
    # A vowel or tone of the last consonant is not left behind alone.
    while kept and unicodedata.category(text[len(kept)]) == "Mn":
        kept = kept[:-1]
    return kept
