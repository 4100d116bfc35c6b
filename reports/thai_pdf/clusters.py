"""Which Thai clusters there are: a consonant with the marks that stand above, below and after it."""

from collections.abc import Iterator
from itertools import product
from typing import Final

CONSONANTS: Final = "".join(chr(code) for code in range(0x0E01, 0x0E2F))
# One mark above or below the consonant: MAI HAN-AKAT, the vowels of both places, MAITAIKHU, PHINTHU,
# NIKHAHIT and YAMAKKAN.
VOWEL_MARKS: Final = "\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e4d\u0e4e"
TONES: Final = "\u0e48\u0e49\u0e4a\u0e4b"
THANTHAKHAT: Final = "\u0e4c"
NIKHAHIT: Final = "\u0e4d"
SARA_AA: Final = "\u0e32"
SARA_AM: Final = "\u0e33"


def clusters() -> Iterator[str]:
    """Every cluster of two or more characters, in the order in which they are typed (U+0E33 for ำ).

    SARA AM also comes without a consonant: what a person types need not be a word.
    """
    for consonant, vowel, tone in product(CONSONANTS, ("", *VOWEL_MARKS), ("", *TONES, THANTHAKHAT)):
        if vowel or tone:
            yield consonant + vowel + tone
    for consonant, tone in product(("", *CONSONANTS), ("", *TONES)):
        yield consonant + tone + SARA_AM


def as_shaped(cluster: str) -> tuple[str, ...]:
    """The characters of a cluster in each order in which a shaper may look for ligatures.

    HarfBuzz and Uniscribe decompose SARA AM into NIKHAHIT and SARA AA, and put NIKHAHIT before a tone. A
    person who types the two halves instead of the whole may have them after the tone: it looks the same.
    """
    if not cluster.endswith(SARA_AM):
        return (cluster,)
    head = cluster[:-1]
    tone = head[-1:] if head[-1:] in TONES else ""
    consonant = head.removesuffix(tone)
    shaped = consonant + NIKHAHIT + tone + SARA_AA
    return (shaped, consonant + tone + NIKHAHIT + SARA_AA) if consonant and tone else (shaped,)


def base_and_marks(cluster: str) -> tuple[str, str]:
    """What the glyph of a cluster says, and what the glyph without width after it says, if there is one.

    PDF.js before version 6.5 takes a glyph for one without width if its text holds a combining mark anywhere
    (SpecialCharRegExp in src/core/unicode.js; mozilla/pdf.js issue 21890), and then sees a space after it. So
    the glyph that has the width says a letter alone, and the marks are said by one that really has none.
    """
    base, marks = cluster[:1], cluster[1:]
    return (base, marks) if base in CONSONANTS and marks != SARA_AM else (cluster, "")
