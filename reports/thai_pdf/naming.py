"""Gives a font a family name of its own, so that no program takes another font of the same name for it."""

from io import BytesIO
from typing import Final

from fontTools.ttLib import TTFont

FAMILY, STYLE, UNIQUE, FULL, POSTSCRIPT = 1, 2, 3, 4, 6
TYPOGRAPHIC_FAMILY, TYPOGRAPHIC_STYLE, COMPATIBLE_FULL = 16, 17, 18
CID_POSTSCRIPT, WWS_FAMILY, VARIATIONS_PREFIX = 20, 21, 25
# The styles that one family of the oldest programs can hold; any other is a family of its own to them.
BASIC_STYLES: Final = frozenset({"Regular", "Italic", "Bold", "Bold Italic"})


def renamed(data: bytes, family: str) -> bytes:
    """A font file under another family name, otherwise as it was.

    Args:
        data: a TrueType or OpenType font file.
        family: the new name, in letters of ASCII.
    """
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    rename(font, family)
    file = BytesIO()
    font.save(file)
    return file.getvalue()


def rename(font: TTFont, family: str) -> None:
    """Write a family name into every record of a font that names it, in every language.

    Who made the font and under which licence stays. The SIL Open Font License asks for another name where
    the old one is reserved, and allows it everywhere.

    Args:
        font: it is changed.
        family: the new name, in letters of ASCII.
    """
    table = font["name"]
    style = table.getDebugName(TYPOGRAPHIC_STYLE) or table.getDebugName(STYLE) or "Regular"
    prefix = family.replace(" ", "")
    postscript = f"{prefix}-{style.replace(' ', '')}"
    full = f"{family} {style}"
    names = {
        FAMILY: family if style in BASIC_STYLES else full,
        UNIQUE: f"{table.getDebugName(5) or 'Version'};{postscript}",
        FULL: full,
        POSTSCRIPT: postscript,
        TYPOGRAPHIC_FAMILY: family,
        COMPATIBLE_FULL: full,
        CID_POSTSCRIPT: postscript,
        WWS_FAMILY: family,
        VARIATIONS_PREFIX: prefix,
    }
    for record in table.names:
        if record.nameID in names:
            record.string = names[record.nameID]
