"""Which characters are text, and texts as records and file names keep them. No settings, no database."""

import re
import unicodedata
from math import ceil
from typing import Final

from django.core.exceptions import ValidationError

ALLOWED_CONTROLS: Final = frozenset("\n\t")
# Control characters, halves of one, and what is not assigned: the 66 that never will be, of which XML,
# and with it Word and Excel, refuses two, and those of which no font knows anything.
NOT_TEXT: Final = frozenset({"Cc", "Cs", "Cn"})
UNASSIGNED: Final = "มีอักขระที่ไม่มีในมาตรฐาน Unicode (U+%(code)s) กรุณาลบออก หรือพิมพ์ข้อความใหม่แทนการวาง"
CONTROL: Final = "มีอักขระควบคุมที่มองไม่เห็นและพิมพ์ไม่ได้ (U+%(code)s) กรุณาลบออก หรือพิมพ์ข้อความใหม่แทนการวาง"
# Letters for Unicode, which no Thai name is shortened to.
NO_CONSONANTS: Final = frozenset("ะาำเแโใไๅฯๆ")
_DIGITS: Final = re.compile("[0-9๐-๙]+")
# Thai vowels and tones above and below, and the accents of other letters.
_MARKS: Final = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0300-\u036f]")


def is_not_text(character: str) -> bool:
    """Whether no file and no page can show it: control characters, half characters, unassigned ones.

    Characters for private use (Co) are text: what is copied out of older Thai PDFs has its vowels among them.
    """
    return unicodedata.category(character) in NOT_TEXT and character not in ALLOWED_CONTROLS


def only_text(value: str) -> str:
    """The text without what is_not_text()."""
    return "".join(character for character in value if not is_not_text(character))


def number_in(text: str, most_digits: int = 4) -> int | None:
    """A number as people and addresses write it, with Thai or Arabic digits: ๒๕๖๖ → 2566.

    None for everything else: a sign, digits of another script, superscripts, more digits than asked for.
    """
    plain = text.strip()
    return int(plain) if len(plain) <= most_digits and _DIGITS.fullmatch(plain) else None


def letters_of_lines(text: str) -> list[int]:
    """How many letters each line of a text has, where a mark above or below takes no room."""
    return [len(line) for line in _MARKS.sub("", text).split("\n")]


def lines_needed(text: str, width: int) -> int:
    """How many lines a text takes where one holds so many letters; a mark above or below takes no room."""
    return sum(max(1, ceil(letters / width)) for letters in letters_of_lines(text))


def cut_to_bytes(text: str, most: int) -> str:
    """As much of a text as fits into so many bytes of UTF-8, whole characters with their marks."""
    if len(text.encode(errors="replace")) <= most:
        return text
    kept = text.encode(errors="replace")[:most].decode(errors="ignore")
    # A vowel or tone of the last consonant is not left behind alone.
    while kept and unicodedata.category(text[len(kept)]) == "Mn":
        kept = kept[:-1]
    return kept


def plain_text(value: str) -> None:
    """Refuse characters that no report can show: control characters, lone surrogates, unassigned ones.

    Line feeds and tabs pass. Zero-width and direction marks pass too: Thai text copied from a web page is
    full of them and they do no harm.

    Raises:
        ValidationError: in Thai, with the character's code point.
    """
    for character in value:
        if is_not_text(character):
            raise ValidationError(
                UNASSIGNED if unicodedata.category(character) == "Cn" else CONTROL,
                code="control_character",
                params={"code": f"{ord(character):04X}"},
            )


def with_unix_newlines(value: str) -> str:
    """A browser sends line ends as CR LF; a record keeps LF, so that lengths count what a person sees."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def initials(name: str) -> str:
    """Two letters that stand for an office where it has no seal: อบต.กองก้อย → กอ, ITA Tracker → IT.

    An abbreviation at the beginning, which many offices share, is left out; so are vowels before a consonant.
    """
    own = name.rpartition(".")[2] or name
    letters = [letter for letter in own if unicodedata.category(letter)[0] == "L"]
    return "".join([letter for letter in letters if letter not in NO_CONSONANTS][:2])
