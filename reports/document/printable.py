"""What of a document's text can be shown, and what is said about the rest."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from core.text import is_not_text

SHOWN_CONTROLS: Final = frozenset("\n\t")
# They turn the direction of what follows, also outside their own text.
DIRECTION_MARKS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Nothing to see: a place where a line may or may not break, how neighbours join, which form an emoji has.
INVISIBLE: Final = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff").union(map(chr, range(0xFE00, 0xFE10)))
STAND_IN: Final = "\u25a0"

Notes = tuple[str, ...]
# A text, or a report document, or anything that is made of tuples and dataclasses of texts.
Printed = TypeVar("Printed")


def without_unprintable(document: Printed) -> tuple[Printed, Notes]:
    """The document without control characters, lone surrogates, noncharacters and direction marks.

    Returns:
        The document, and a Thai sentence about what was left out; none where nothing was.
    """
    return _mapped(document, _is_unprintable, "", "ตัดอักขระที่พิมพ์ไม่ได้ออก")


def with_stand_ins(document: Printed, characters: frozenset[int]) -> tuple[Printed, Notes]:
    """The document with a black square for each character that a font cannot draw.

    A space or an end of line of a kind that the font does not know becomes the usual one, of which nothing
    need be said.

    Args:
        characters: the code points that it can.
    """

    def has_no_glyph(character: str) -> bool:
        return not (ord(character) in characters or character in SHOWN_CONTROLS or character in INVISIBLE)

    spaces = {
        ord(character): " " if unicodedata.category(character) == "Zs" else "\n"
        for character in _characters(document)
        if has_no_glyph(character) and unicodedata.category(character).startswith("Z")
    }
    if spaces:
        document = _translated(document, spaces)
    return _mapped(document, has_no_glyph, STAND_IN, f"แบบอักษรไม่มีรูปของอักขระต่อไปนี้ จึงพิมพ์เป็น {STAND_IN}")


def _is_unprintable(character: str) -> bool:
    return character in DIRECTION_MARKS or is_not_text(character)


def _mapped(
    document: Printed, is_wrong: Callable[[str], bool], instead: str, said: str
) -> tuple[Printed, Notes]:
    known = {character for character in _characters(document) if is_wrong(character)}
    if not known:
        return document, ()
    wrong = Counter(character for text in _texts(document) for character in text if character in known)
    table = str.maketrans(dict.fromkeys(wrong, instead))
    listed = ", ".join(f"U+{ord(character):04X} ({count})" for character, count in wrong.most_common(20))
    return _translated(document, table), (f"{said}: {listed}",)


def _characters(value: object) -> set[str]:
    """Each once, however long the texts are."""
    return set().union(*_texts(value))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, tuple):
        return tuple(_translated(item, table) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: _translated(getattr(value, field.name), table) for field in fields(value)}
        return replace(value, **changes)
    return value
